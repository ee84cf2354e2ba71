// How much of a data plan the room has taken: sound and picture as the peer connections count them, slides and pages as the browser does.

export class Usage {
    constructor() {
        /** @type {WeakMap<RTCPeerConnection, number>} bytes of each connection at the last look: what has ended is let go, and stays counted */
        this.seen = new WeakMap();
        this.bytes = 0;
        // An observer hears of every file; the browser's own list ends at 250 (Resource Timing, "resource timing buffer size limit").
        this.add(performance.getEntriesByType('resource'));
        new PerformanceObserver((list) => this.add(list.getEntries())).observe({ entryTypes: ['resource'] });
    }

    /** @param {PerformanceEntryList} files */
    add(files) {
        for (const e of files) this.bytes += /** @type {PerformanceResourceTiming} */ (e).transferSize ?? 0;
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
            const before = this.seen.get(pc) ?? 0;
            if (bytes <= before) continue;
            this.bytes += bytes - before;
            this.seen.set(pc, bytes);
        }
    }

    /** @returns {number} megabytes since the page was opened */
    megabytes() {
        return this.bytes / 1e6;
    }
}
