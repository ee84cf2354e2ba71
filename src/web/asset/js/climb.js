// Back up the ladder by itself: while the page stands below the first rung it asks now and then whether that way passes again, and
// goes there when nobody would miss a second of sound. The clock and the question are given: tests run it in Node. Spec:
// docs/protocol.md, "Ways".

/** Between two questions at first; twice that after every answer that did not come and every climb that did not hold. */
const ASK_MS = 20000;
const LONGEST_MS = 640000;
/** A climb held if the page stands on the first rung for so long. */
const HELD_MS = 60000;
/** Nobody has spoken for so long: idle. */
const QUIET_MS = 3000;
/** An answer is good for so long; a talk may last longer. */
const FRESH_MS = 120000;
/** The answer takes one round trip or two; UDP loses some of it and the browser asks again. */
export const PASS_MS = 5000;

/** @typedef {{ isLow: boolean, isTalk: boolean }} Now isLow: below the first rung; isTalk: somebody is heard, or speaks here
 * @typedef {{ now: () => number, passes: () => Promise<boolean>, climb: () => void }} ClimbEvents */

export class Climb {
    /** @param {ClimbEvents} events */
    constructor(events) {
        this.events = events;
        this.gap = ASK_MS;
        this.isAsking = false;
        /** Which network and which fall an answer is about. */
        this.round = 0;
        /** All in milliseconds of the given clock. */
        this.askAt = Infinity;
        this.openUntil = -Infinity;
        this.quietSince = Infinity;
        this.climbedAt = -Infinity;
        this.wasLow = false;
    }

    /** Once a second. @param {Now} now */
    look({ isLow, isTalk }) {
        const at = this.events.now();
        this.quietSince = isTalk ? Infinity : Math.min(this.quietSince, at);
        if (isLow && !this.wasLow) this.fell(at);
        this.wasLow = isLow;
        if (!isLow) {
            if (at - this.climbedAt > HELD_MS) this.gap = ASK_MS;
            return;
        }
        if (at < this.openUntil && at - this.quietSince >= QUIET_MS) this.go(at);
        else if (at >= this.askAt && at >= this.openUntil) this.ask();
    }

    /** @param {number} at */
    fell(at) {
        this.gap = at - this.climbedAt < HELD_MS ? Math.min(this.gap * 2, LONGEST_MS) : ASK_MS;
        this.askAt = at + this.gap;
        this.forget();
    }

    /** What was learnt, and what is being asked, is void. */
    forget() {
        this.openUntil = -Infinity;
        this.isAsking = false;
        this.round += 1;
    }

    /** The machine came into another network. */
    moved() {
        this.gap = ASK_MS;
        this.askAt = this.events.now();
        this.forget();
    }

    async ask() {
        if (this.isAsking) return;
        this.isAsking = true;
        const { round } = this;
        const isOpen = await this.events.passes().catch(() => false);
        if (round !== this.round) return;
        const at = this.events.now();
        this.isAsking = false;
        if (isOpen) this.openUntil = at + FRESH_MS;
        else this.gap = Math.min(this.gap * 2, LONGEST_MS);
        this.askAt = at + this.gap;
    }

    /** A climb that comes down before anybody has looked is a fall like others. @param {number} at */
    go(at) {
        this.forget();
        this.wasLow = false;
        this.climbedAt = at;
        this.events.climb();
    }
}

/** Is a voice to be heard on any of them, there or here? Levels are of 1 (the loudest); a quiet room is a hundredth.
 * @param {Array<RTCPeerConnection | null>} connections @returns {Promise<boolean>} */
export async function isVoice(connections) {
    let level = 0;
    for (const pc of connections) {
        (await pc?.getStats())?.forEach((s) => {
            if (s.type === 'inbound-rtp' || s.type === 'media-source') level = Math.max(level, s.audioLevel ?? 0);
        });
    }
    return level > 0.02;
}

/** Does a way pass, both there and back? Our own TURN end gives an address to whom it hears, and that costs no session.
 * @param {RTCConfiguration | null} config see Ladder.question; null: cannot be asked @returns {Promise<boolean>} */
export async function passes(config) {
    if (!config) return false;
    const pc = new RTCPeerConnection(config);
    try {
        /** @type {Promise<boolean>} */
        const answer = new Promise((resolve) => {
            setTimeout(() => resolve(false), PASS_MS);
            pc.onicecandidate = (e) => {
                if (!e.candidate) resolve(false);
                else if (e.candidate.candidate.includes(' typ relay')) resolve(true);
            };
        });
        pc.createDataChannel('');
        await pc.setLocalDescription();
        return await answer;
    } finally {
        pc.close();
    }
}
