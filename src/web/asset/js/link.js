// One peer connection that is kept alive: begins, watches, begins again, a rung lower when its way does not carry. What is sent or
// received is said by its two users, listen.js and publish.js. Knows no page.
import { wayOf } from './ladder.js';
import { backoff } from './protocol.js';
import { Refused, close, negotiate } from './whip.js';

/** The server says something every second. Two words may be lost; silence that lasts longer is a dead line. */
const SILENT_MS = 3000;
const LOOK_MS = 500;
/** In this time a way connects or it does not: eight round trips of a slow line. The relay needs more of them, and is the last. */
const START_MS = { udp: 5000, tcp: 6000, relay: 15000 };

/** So long an offer that was made beforehand is good: then the machine may be in another network. */
const SPARE_MS = 20000;

/** Made before it is needed: `use` says that it is the connection from now on. @typedef {{ pc: RTCPeerConnection, use: () => void, rung: string, at: number }} Spare */
/** @typedef {'none' | 'connecting' | 'connected' | 'failed'} LinkState */
/** @typedef {import('./ladder.js').Way} Way */

/** canTry: is it worth asking the server now? Without a control connection it is not: the next `welcome` starts us again.
 * @typedef {{ ladder: import('./ladder.js').Ladder, onState: (state: LinkState, way: Way) => void, canTry: () => boolean }} LinkEvents */

export class Link {
    /** @param {string} url @param {(pc: RTCPeerConnection) => () => void} prepare adds the lines, and gives what is to be done when
     * they are used @param {LinkEvents} events */
    constructor(url, prepare, events) {
        this.url = url;
        this.prepare = prepare;
        this.ladder = events.ladder;
        this.onState = events.onState;
        this.canTry = events.canTry;
        /** @type {RTCPeerConnection | null} */
        this.pc = null;
        this.token = '';
        this.attempt = 0;
        this.timer = 0;
        this.looker = 0;
        /** @type {Way} */
        this.way = '';
        /** @type {import('./ladder.js').Rung | null} */
        this.rung = null;
        this.isWanted = false;
        /** @type {Spare | null} */
        this.spare = null;
    }

    /** @param {string} token */
    start(token) {
        this.halt();
        this.isWanted = true;
        this.token = token;
        this.attempt = 0;
        this.begin();
    }

    /** @param {import('./ladder.js').Rung} rung @returns {Spare} */
    make(rung) {
        const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', ...this.ladder.config() });
        return { pc, use: this.prepare(pc), rung, at: performance.now() };
    }

    /** The server is away: when it is back the offer shall be there already. Making one takes 0.1 to 1 s on a busy machine, a third of
     * what coming back may take. Not for the relay: its end is at the server, and was asked for in vain. */
    ready() {
        const rung = this.ladder.rung;
        if (!this.isWanted || !rung || rung === 'relay') return;
        if (this.spare && performance.now() - this.spare.at < SPARE_MS) return;
        this.forgo();
        try {
            this.spare = this.make(rung);
            this.spare.pc.setLocalDescription().catch(() => this.forgo());
        } catch {
            // the browser has none to give; one is asked for again when it is needed
        }
    }

    /** What was made beforehand is not needed, or not good any more. */
    forgo() {
        this.spare?.pc.close();
        this.spare = null;
    }

    /** @param {import('./ladder.js').Rung} rung @returns {RTCPeerConnection} */
    take(rung) {
        const isGood = this.spare?.rung === rung && this.spare.pc.signalingState !== 'closed' && performance.now() - this.spare.at < 2 * SPARE_MS;
        if (!isGood) this.forgo();
        const { pc, use } = this.spare ?? this.make(rung);
        this.spare = null;
        use();
        return pc;
    }

    async begin() {
        const rung = this.ladder.rung;
        if (!rung) {
            this.onState('failed', '');
            return;
        }
        /** @type {RTCPeerConnection} */
        let pc;
        try {
            pc = this.take(rung);
        } catch { // a browser has only so many until it has cleared the ended ones away
            this.again(false);
            return;
        }
        this.pc = pc;
        this.rung = rung;
        this.way = '';
        this.onState('connecting', '');
        pc.onconnectionstatechange = () => {
            if (pc === this.pc) this.watch(pc);
        };
        this.timer = window.setTimeout(() => this.fail(), START_MS[rung]);
        try {
            const session = await negotiate(pc, `${this.url}?rung=${rung}`, this.token);
            this.ladder.learn(pc.remoteDescription?.sdp ?? '');
            if (pc !== this.pc) close(session, this.token);
        } catch (e) {
            if (pc === this.pc) this.again(e instanceof Refused && [401, 403].includes(e.status));
        }
    }

    /** @param {RTCPeerConnection} pc */
    watch(pc) {
        if (pc.connectionState === 'failed') this.fail();
        if (pc.connectionState !== 'connected') return;
        clearTimeout(this.timer);
        this.attempt = 0;
        this.look(pc);
        this.onState('connected', this.way);
    }

    /** Looks again and again whether anything comes: the browsers' own word for a dead line comes late.
     * @param {RTCPeerConnection} pc */
    look(pc) {
        let bytes = -1;
        let since = performance.now();
        let last = since;
        const once = async () => {
            const seen = wayOf((await pc.getStats()).values());
            if (pc !== this.pc) return;
            const now = performance.now();
            // A page that slept has not listened: what it missed is no silence.
            if (seen.bytes !== bytes || now - last > 4 * LOOK_MS) since = now;
            bytes = seen.bytes;
            last = now;
            if (seen.way && seen.way !== this.way) {
                // A browser that left UDP for TCP by itself gets the time of a new way: without it one step in ten ended at the relay.
                since = now;
                this.way = seen.way;
                this.rung = this.rung && this.ladder.follow(this.rung, seen.way);
                this.onState('connected', this.way);
            }
            if (now - since > SILENT_MS) this.fail();
        };
        clearInterval(this.looker);
        this.looker = window.setInterval(() => once().catch(() => undefined), LOOK_MS);
        once().catch(() => undefined);
    }

    /** The way does not carry. Without a control connection the whole line is down, and no rung is to blame. */
    fail() {
        if (this.rung && this.canTry()) this.ladder.down(this.rung, this.way);
        this.again(false);
    }

    /** @param {boolean} isFinal the server does not want us: the next `welcome` or `you` decides */
    again(isFinal) {
        const isFirst = this.way !== '' || this.attempt === 0;
        this.drop();
        this.onState('failed', '');
        if (isFinal || !this.canTry()) return;
        this.timer = window.setTimeout(() => this.begin(), isFirst ? 0 : backoff(this.attempt, Math.random()));
        this.attempt += 1;
    }

    /** The server learns it from DTLS, and a new offer replaces the old session: nothing to be said by HTTP. */
    drop() {
        clearTimeout(this.timer);
        clearInterval(this.looker);
        if (this.pc) {
            this.pc.onconnectionstatechange = null;
            this.pc.close();
        }
        this.pc = null;
        this.way = '';
    }

    stop() {
        this.isWanted = false;
        this.forgo();
        this.halt();
    }

    halt() {
        const was = this.pc !== null || this.timer !== 0;
        this.drop();
        this.timer = 0;
        if (was) this.onState('none', '');
    }
}
