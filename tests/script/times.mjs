// When a page comes back: what a room of 500 does to a server that starts again, and how long anybody waits for the next try.
import { check } from '../browser/lib/tap.mjs';
import { backoff, knockAfter } from '../../src/web/asset/js/protocol.js';

/** Milliseconds from the loss of the line to each try, at the slowest chance. @param {number} chance @param {number} until */
function tries(chance, until) {
    const at = [];
    for (let n = 0, t = 0; t < until; n += 1) {
        t += knockAfter(n, chance);
        at.push(t);
    }
    return at;
}

export function testTimes() {
    const slowest = tries(0.999, 10000);
    const gaps = slowest.slice(1).map((t, i) => t - slowest[i]);
    check(slowest[0] <= 100, 'the line is tried again within 0.1 s', slowest[0]);
    check(Math.max(...gaps) <= 190, 'in the first ten seconds nobody waits longer than 0.19 s for the next try', Math.max(...gaps));
    const hour = tries(0, 3600000);
    check(hour.length < 900, 'a server that is gone for an hour is not asked more than 900 times', hour.length);
    const first = new Set(Array.from({ length: 500 }, (_, i) => knockAfter(0, i / 500)));
    check(first.size >= 100, 'the pages of a room do not come in the same instant', first.size);
    const media = Array.from({ length: 100 }, (_, n) => backoff(n, 0.999));
    check(media.every((ms, n) => n === 0 || ms >= media[n - 1]) && media[0] >= 300 && media[99] <= 6250, 'media are tried ever more seldom', media[99]);
}
