// Listening: fixed slots A0..A3 and V0..V4 on one peer connection. The order of the lines is the slots' order; A3 is the interpretation's.
import { AUDIO_SLOTS, VIDEO_SLOTS, lineOf } from './protocol.js';
import { wayOf } from './ladder.js';
import { Link } from './link.js';

/** @typedef {import('./protocol.js').Look} Look */

export class Listen {
    /** @param {string} url @param {(slot: string, track: MediaStreamTrack) => void} onTrack @param {import('./link.js').LinkEvents} events */
    constructor(url, onTrack, events) {
        this.onTrack = onTrack;
        this.link = new Link(url, (pc) => this.prepare(pc), events);
        /** @type {Look | null} */
        this.look = null;
    }

    /** @param {RTCPeerConnection} pc @returns {() => void} */
    prepare(pc) {
        /** @type {Map<RTCRtpTransceiver, string>} */
        const slots = new Map();
        for (let i = 0; i <= AUDIO_SLOTS; i += 1) slots.set(pc.addTransceiver('audio', { direction: 'recvonly' }), `A${i}`);
        for (let i = 0; i < VIDEO_SLOTS; i += 1) slots.set(pc.addTransceiver('video', { direction: 'recvonly' }), `V${i}`);
        pc.ontrack = (e) => {
            const slot = slots.get(e.transceiver);
            if (slot) this.onTrack(slot, e.track);
        };
        return () => { this.look = null; };
    }

    /** What the line did since the last call; null while nothing is known.
     * @returns {Promise<{ loss: number, rtt: number, kbps: number } | null>} */
    async line() {
        const pc = this.link.pc;
        if (!pc || pc.connectionState !== 'connected') return null;
        /** @type {Look} */
        const now = { at: performance.now(), got: 0, lost: 0, bytes: 0, rtt: 0, way: '' };
        const stats = await pc.getStats();
        now.way = wayOf(stats.values()).way;
        stats.forEach((s) => {
            if (s.type === 'inbound-rtp') {
                now.got += s.packetsReceived ?? 0;
                now.lost += s.packetsLost ?? 0;
                now.bytes += (s.bytesReceived ?? 0) + (s.headerBytesReceived ?? 0);
            } else if (s.type === 'candidate-pair' && s.nominated && s.currentRoundTripTime) {
                now.rtt = s.currentRoundTripTime * 1000;
            }
        });
        const before = this.look;
        this.look = now;
        // What was lost while one way ended and another began says nothing of either.
        return before && before.way === now.way ? lineOf(before, now) : null;
    }
}
