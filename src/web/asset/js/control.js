// The control connection: opens, says hello, pings, and comes back by itself. Knows no page.
import { CLOSE, VERSION, knockAfter } from './protocol.js';

const PING_MS = 10000;
const SILENT_MS = 8000;
const FULL_MS = 30000;

/** @typedef {{ onMessage: (m: any) => void, onState: (state: 'connecting' | 'open' | 'broken') => void,
 *   onEnd: (why: 'ended' | 'removed' | 'resumed') => void, onFull: (isLocked: boolean) => void,
 *   onAway: () => void }} ControlEvents onAway: nobody answers; said again with each attempt */

export class Control {
    /** @param {string} url @param {string} door an address of the same server that answers anybody @param {ControlEvents} events */
    constructor(url, door, events) {
        this.url = url;
        this.door = door;
        this.events = events;
        /** @type {WebSocket | null} */
        this.socket = null;
        this.attempt = 0;
        this.resume = '';
        this.isHandUp = false;
        this.isStopped = false;
        this.timer = 0;
        this.pinger = 0;
        this.silence = 0;
        /** @type {AbortController | null} */
        this.knocking = null;
        // A line that is back is used at once, not after the rest of the waiting time.
        addEventListener('online', () => { if (this.timer || this.knocking) this.open(); });
    }

    open() {
        this.rest();
        this.isStopped = false;
        this.events.onState('connecting');
        const socket = new WebSocket(this.url);
        this.socket = socket;
        this.silence = window.setTimeout(() => this.cut(), SILENT_MS);
        socket.onopen = () => {
            clearTimeout(this.silence); // `welcome` may be long, and the line slow
            this.say({ type: 'hello', version: VERSION, ...(this.resume ? { resume: this.resume } : {}), ...(this.isHandUp ? { hand: true } : {}) });
            this.pinger = window.setInterval(() => this.ping(), PING_MS);
        };
        socket.onmessage = (e) => {
            if (socket === this.socket) this.take(JSON.parse(e.data));
        };
        socket.onclose = (e) => {
            if (socket === this.socket) this.lost(e.code);
        };
    }

    /** @param {any} m */
    take(m) {
        clearTimeout(this.silence);
        if (m.type === 'welcome') {
            this.resume = m.resume;
            this.attempt = 0;
            this.events.onState('open');
        }
        this.events.onMessage(m);
    }

    ping() {
        if (!this.say({ type: 'ping', at: Math.round(performance.now()) })) return;
        clearTimeout(this.silence);
        this.silence = window.setTimeout(() => this.cut(), SILENT_MS);
    }

    /** The other side is silent: do not wait for TCP to notice. */
    cut() {
        const socket = this.socket;
        if (!socket) return;
        socket.onclose = null;
        socket.close();
        this.lost(1006);
    }

    /** @param {number} code */
    lost(code) {
        this.socket = null;
        clearInterval(this.pinger);
        clearTimeout(this.silence);
        if (this.isStopped) return;
        if (code === CLOSE.ended) this.events.onEnd('ended');
        else if (code === CLOSE.removed) this.events.onEnd('removed');
        else if (code === CLOSE.resumed) this.events.onEnd('resumed');
        else {
            this.events.onState('broken');
            const isFull = code === CLOSE.full || code === CLOSE.locked;
            if (isFull) this.events.onFull(code === CLOSE.locked);
            this.later(isFull ? FULL_MS : knockAfter(this.attempt, Math.random()));
        }
    }

    /** The first attempt goes straight at it: mostly the line only shook. @param {number} ms */
    later(ms) {
        const isFirst = this.attempt === 0;
        if (!isFirst) this.events.onAway();
        this.timer = window.setTimeout(() => (isFirst ? this.open() : this.knock()), ms);
        this.attempt += 1;
    }

    /** Is anybody there? Browsers hold a WebSocket back after others that failed (Firefox by 0.2 to 0.4 s and half as much again each
     * time, Chromium by up to 5 s after some thirty), but no fetch: so the socket is opened only when the server answers. */
    async knock() {
        const knock = new AbortController();
        const patience = setTimeout(() => knock.abort(), SILENT_MS);
        this.timer = 0;
        this.knocking = knock;
        const isThere = await fetch(this.door, { cache: 'no-store', credentials: 'omit', signal: knock.signal }).then((r) => r.status < 500, () => false);
        clearTimeout(patience);
        if (knock !== this.knocking) return;
        if (isThere) this.open();
        else this.later(knockAfter(this.attempt, Math.random()));
    }

    /** Whatever was to be tried is not tried. */
    rest() {
        clearTimeout(this.timer);
        clearTimeout(this.silence);
        this.timer = 0;
        this.knocking?.abort();
        this.knocking = null;
    }

    /** @param {any} message @returns {boolean} */
    say(message) {
        if (this.socket?.readyState !== WebSocket.OPEN) return false;
        this.socket.send(JSON.stringify(message));
        return true;
    }

    /** On purpose: the server gives the place away. */
    leave() {
        this.say({ type: 'leave' });
        this.stop();
    }

    stop() {
        this.isStopped = true;
        this.rest();
        clearInterval(this.pinger);
        this.socket?.close();
        this.socket = null;
    }
}
