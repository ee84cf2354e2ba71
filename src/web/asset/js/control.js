// The control connection: opens, says hello, pings, and comes back by itself. Puts together what `welcome` had no room for. Knows no page.
import { CLOSE, VERSION, knockAfter } from './protocol.js';

const PING_MS = 10000;
const SILENT_MS = 8000;
const FULL_MS = 30000;

/** @typedef {{ onMessage: (m: any) => void, onState: (state: 'connecting' | 'open' | 'broken') => void,
 *   onEnd: (why: 'ended' | 'removed' | 'resumed' | 'refused') => void, onFull: (isLocked: boolean) => void,
 *   onAway: () => void }} ControlEvents onAway: nobody answers; said again with each attempt.
 *   The list of messages in `welcome` grows at its front, by `older` of the rosters that follow. */

export class Control {
    /** @param {string} url @param {string} door an address of the same server that answers anybody @param {ControlEvents} events */
    constructor(url, door, events) {
        this.url = url;
        this.door = door;
        /** An address that answers only who may enter the room. */
        this.tests = new URL('tests', url.replace(/^ws/, 'http')).href;
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
        /** The server answered a moment ago: when it then refuses the WebSocket, it refuses us. */
        this.isThere = false;
        /** @type {Map<number, any>} people as the page knows them */
        this.people = new Map();
        /** @type {Set<number>} of them, whom the server has named since `welcome` */
        this.named = new Set();
        /** @type {any[]} the page's messages */
        this.chat = [];
        // A line that is back is used at once, not after the rest of the waiting time.
        addEventListener('online', () => { if (this.timer || this.knocking) this.open(); });
    }

    open() {
        this.rest();
        this.isStopped = false;
        this.events.onState('connecting');
        const socket = new WebSocket(this.url);
        const { isThere } = this;
        let isOpen = false;
        this.isThere = false;
        this.socket = socket;
        this.silence = window.setTimeout(() => this.cut(), SILENT_MS);
        socket.onopen = () => {
            isOpen = true;
            clearTimeout(this.silence); // the line may be slow
            this.say({ type: 'hello', version: VERSION, ...(this.resume ? { resume: this.resume } : {}), ...(this.isHandUp ? { hand: true } : {}) });
            this.pinger = window.setInterval(() => this.ping(), PING_MS);
        };
        socket.onmessage = (e) => {
            if (socket === this.socket) this.take(JSON.parse(e.data));
        };
        socket.onclose = (e) => {
            if (socket !== this.socket) return;
            if (isThere && !isOpen) this.refused();
            else this.lost(e.code);
        };
    }

    /** @param {any} m */
    take(m) {
        clearTimeout(this.silence);
        if (m.type === 'welcome') {
            this.resume = m.resume;
            this.attempt = 0;
            this.events.onState('open');
            this.begin(m);
        } else if (m.type === 'roster') {
            this.follow(m);
        }
        this.events.onMessage(m);
    }

    /** Until the server has named everybody, those of before the break stay in the list. @param {any} m `welcome` */
    begin(m) {
        this.named = new Set(m.people.map((/** @type {any} */ p) => p.id));
        if (!m.whole && !m.you.waiting) m.people = m.people.concat([...this.people.values()].filter((p) => !this.named.has(p.id)));
        this.people = new Map(m.people.map((/** @type {any} */ p) => [p.id, p]));
        this.chat = m.chat;
    }

    /** @param {any} m `roster` */
    follow(m) {
        for (const p of m.put) {
            this.people.set(p.id, p);
            this.named.add(p.id);
        }
        if (m.whole) m.gone = m.gone.concat([...this.people.keys()].filter((id) => !this.named.has(id)));
        for (const id of m.gone) this.people.delete(id);
        this.chat.unshift(...m.older);
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
        this.isThere = isThere;
        if (isThere) this.open();
        else this.later(knockAfter(this.attempt, Math.random()));
    }

    /** The server is there, and yet it does not open: a browser does not say why. Has our way in ended, or will it be better soon? */
    async refused() {
        const knock = new AbortController();
        const patience = setTimeout(() => knock.abort(), SILENT_MS);
        this.rest();
        this.knocking = knock;
        const status = await fetch(this.tests, { cache: 'no-store', signal: knock.signal }).then((r) => r.status, () => 0);
        clearTimeout(patience);
        if (knock !== this.knocking) return;
        this.knocking = null;
        if (status === 401 || status === 403) {
            this.stop();
            this.events.onEnd('refused');
        } else {
            this.lost(1006);
        }
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
        this.people.clear();
        this.chat = [];
        clearInterval(this.pinger);
        this.socket?.close();
        this.socket = null;
    }
}
