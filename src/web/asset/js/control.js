// The control connection: opens, says hello, pings, and comes back by itself. Knows no page.
import { CLOSE, VERSION, backoff } from './protocol.js';

const PING_MS = 10000;
const SILENT_MS = 8000;
const FULL_MS = 30000;

/** @typedef {{ onMessage: (m: any) => void, onState: (state: 'connecting' | 'open' | 'broken') => void,
 *   onEnd: (why: 'ended' | 'removed' | 'resumed') => void, onFull: (isLocked: boolean) => void }} ControlEvents */

export class Control {
    /** @param {string} url @param {ControlEvents} events */
    constructor(url, events) {
        this.url = url;
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
        // A line that is back is used at once, not after the rest of the waiting time.
        addEventListener('online', () => { if (this.timer) this.open(); });
    }

    open() {
        clearTimeout(this.timer);
        this.timer = 0;
        this.isStopped = false;
        this.events.onState('connecting');
        const socket = new WebSocket(this.url);
        this.socket = socket;
        socket.onopen = () => {
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
            this.timer = window.setTimeout(() => this.open(), isFull ? FULL_MS : backoff(this.attempt, Math.random()));
            this.attempt += 1;
        }
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
        clearTimeout(this.timer);
        clearInterval(this.pinger);
        clearTimeout(this.silence);
        this.timer = 0;
        this.socket?.close();
        this.socket = null;
    }
}
