// How much of a data plan the room has taken: sound and picture as the peer connections count them, slides and pages as the browser does.

export class Usage {
    constructor() {
        /** @type {Map<RTCPeerConnection, number>} bytes of each connection at the last look; what has ended stays counted */
        this.media = new Map();
    }

    /** @param {Array<RTCPeerConnection | null>} connections */
    async look(connections) {
        for (const pc of connections) {
            if (!pc || pc.connectionState === 'closed') continue;
            let bytes = 0;
            (await pc.getStats()).forEach((s) => {
                if (s.type === 'transport') bytes += (s.bytesReceived ?? 0) + (s.bytesSent ?? 0);
            });
            if (bytes === 0) {
                // Firefox has no transport's bytes: those of the pair that is in use
                (await pc.getStats()).forEach((s) => {
                    if (s.type === 'candidate-pair' && s.nominated) bytes += (s.bytesReceived ?? 0) + (s.bytesSent ?? 0);
                });
            }
            this.media.set(pc, Math.max(bytes, this.media.get(pc) ?? 0));
        }
    }

    /** @returns {number} megabytes since the page was opened */
    megabytes() {
        let bytes = 0;
        for (const n of this.media.values()) bytes += n;
        for (const e of performance.getEntriesByType('resource')) bytes += /** @type {PerformanceResourceTiming} */ (e).transferSize ?? 0;
        return bytes / 1e6;
    }
}
