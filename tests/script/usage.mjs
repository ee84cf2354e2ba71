// How much data the room has taken: of connections that have ended too, which are let go, and of every file.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { check } from '../browser/lib/tap.mjs';
import { Usage } from '../../src/web/asset/js/usage.js';

/** A browser's list of files ends here (Resource Timing, the recommended least size of its buffer). */
const LISTED = 250;

/** @param {string} type @param {number} bytes @returns {any} a peer connection as far as it is looked at */
function peer(type, bytes) {
    const stats = new Map([['s', { type, nominated: true, bytesReceived: bytes, bytesSent: 0 }]]);
    return { connectionState: 'connected', stats, getStats: async () => stats };
}

/** @type {(list: { getEntries: () => any[] }) => void} */
let hear = () => undefined;

class FakeObserver {
    /** @param {typeof hear} fn */
    constructor(fn) {
        hear = fn;
    }

    observe() { /* hears of everything */ }
}

export async function testUsage() {
    const global = /** @type {any} */ (globalThis);
    const { PerformanceObserver: real } = global;
    /** @type {any[]} */
    const listed = [{ transferSize: 1000 }];
    const list = performance.getEntriesByType;
    global.PerformanceObserver = FakeObserver;
    performance.getEntriesByType = () => listed;
    const usage = new Usage();
    performance.getEntriesByType = list;
    global.PerformanceObserver = real;
    check(usage.megabytes() === 0.001, 'usage: the files that were there before count', usage.megabytes());
    for (let i = 0; i < 2 * LISTED; i += 1) hear({ getEntries: () => [{ transferSize: 2000 }, { transferSize: undefined }] });
    check(usage.megabytes() === 1.001, 'usage: and each after them, also beyond the 250 that a browser lists', usage.megabytes());

    const listen = peer('transport', 3e6);
    let publish = peer('candidate-pair', 1e6);
    await usage.look([listen, publish]);
    await usage.look([listen, null, publish]);
    check(usage.megabytes() === 5.001, 'usage: sound and picture count once, by transport or by pair', usage.megabytes());
    listen.stats.get('s').bytesReceived = 4e6;
    publish.stats.get('s').bytesReceived = 5e5; // another pair is in use
    await usage.look([listen, publish]);
    check(usage.megabytes() === 6.001, 'usage: what was taken is never given back', usage.megabytes());
    const ended = new WeakRef(publish);
    publish = peer('transport', 2e6);
    await usage.look([listen, publish]);
    check(usage.megabytes() === 8.001, 'usage: what has ended stays counted', usage.megabytes());
    setFlagsFromString('--expose-gc');
    await new Promise((resolve) => setTimeout(resolve, 0)); // a WeakRef holds what it refers to until the job is over
    runInNewContext('gc')();
    check(ended.deref() === undefined, 'usage: and its connection is let go');
}
