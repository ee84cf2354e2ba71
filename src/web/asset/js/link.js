// One peer connection that is kept alive: begins, watches, begins again. What is sent or received is said by its two users,
// listen.js and publish.js. Knows no page.
import { backoff } from './protocol.js';
import { Refused, close, negotiate } from './whip.js';

/** Silence of ICE that is borne before we begin anew: a change of network takes a phone two or three seconds. */
const PATIENCE_MS = 4000;
/** The first connection either works within this time or is tried again. */
const START_MS = 10000;

/** @typedef {'none' | 'connecting' | 'connected' | 'failed'} LinkState */

/** canTry: is it worth asking the server now? Without a control connection it is not: the next `welcome` starts us again.
 * @typedef {{ onState: (state: LinkState) => void, canTry: () => boolean }} LinkEvents */

export class Link {
    /** @param {string} url @param {(pc: RTCPeerConnection) => void} prepare adds the lines @param {LinkEvents} events */
    constructor(url, prepare, events) {
        this.url = url;
        this.prepare = prepare;
        this.onState = events.onState;
        this.canTry = events.canTry;
        /** @type {RTCPeerConnection | null} */
        this.pc = null;
        this.token = '';
        this.attempt = 0;
        this.timer = 0;
    }

    /** @param {string} token */
    start(token) {
        this.stop();
        this.token = token;
        this.attempt = 0;
        this.begin();
    }

    async begin() {
        const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
        this.pc = pc;
        this.onState('connecting');
        this.prepare(pc);
        pc.onconnectionstatechange = () => {
            if (pc === this.pc) this.watch(pc.connectionState);
        };
        this.wait(START_MS);
        try {
            const session = await negotiate(pc, this.url, this.token);
            if (pc !== this.pc) close(session, this.token);
        } catch (e) {
            if (pc === this.pc) this.again(e instanceof Refused && [401, 403].includes(e.status));
        }
    }

    /** @param {RTCPeerConnectionState} state */
    watch(state) {
        if (state === 'connected') {
            clearTimeout(this.timer);
            this.attempt = 0;
            this.onState('connected');
        } else if (state === 'disconnected') {
            this.wait(PATIENCE_MS);
        } else if (state === 'failed') {
            this.again(false);
        }
    }

    /** @param {number} ms */
    wait(ms) {
        clearTimeout(this.timer);
        this.timer = window.setTimeout(() => this.again(false), ms);
    }

    /** @param {boolean} isFinal the server does not want us: the next `welcome` or `you` decides */
    again(isFinal) {
        this.drop();
        this.onState('failed');
        if (isFinal || !this.canTry()) return;
        this.timer = window.setTimeout(() => this.begin(), backoff(this.attempt, Math.random()));
        this.attempt += 1;
    }

    /** The server learns it from DTLS, and a new offer replaces the old session: nothing to be said by HTTP. */
    drop() {
        clearTimeout(this.timer);
        if (this.pc) {
            this.pc.onconnectionstatechange = null;
            this.pc.close();
        }
        this.pc = null;
    }

    stop() {
        const was = this.pc !== null || this.timer !== 0;
        this.drop();
        this.timer = 0;
        if (was) this.onState('none');
    }
}
