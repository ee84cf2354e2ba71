// What axe-core and a ruler find wrong with a page: contrast under 7:1, names and roles that are missing, targets under 44 px,
// a page that is wider than its window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 A and AA, axe's good practice, and of AAA the contrast of 7:1. */
const OPTIONS = {
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } },
    resultTypes: ['violations'],
};

/** Each fault as "rule: where". The page must run scripts (ours have none of their own).
 * @param {any} page of Playwright @returns {Promise<string[]>} */
export async function axeFaults(page) {
    await page.evaluate(source); // by the debugger's way in: the page's own policy admits no script
    return page.evaluate(async (/** @type {any} */ options) => {
        const result = await /** @type {any} */ (window).axe.run(document, options);
        return result.violations.flatMap((/** @type {any} */ v) => v.nodes.map((/** @type {any} */ n) =>
            `${v.id}: ${n.target.join(' ')} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`.slice(0, 240)));
    }, OPTIONS);
}

/** Sideways scrolling, and targets that a thumb misses: links inside a sentence are exempt, as in WCAG 2.5.8.
 * @param {any} page @returns {Promise<string[]>} */
export function layoutFaults(page) {
    return page.evaluate(() => {
        const TOUCH = 44;
        /** @type {string[]} */
        const faults = [];
        const root = document.documentElement;
        if (root.scrollWidth > root.clientWidth) {
            const wide = [...document.querySelectorAll('body *')].filter((e) => {
                const r = e.getBoundingClientRect();
                return r.width > 0 && (r.right > root.clientWidth + 1 || r.left < -1);
            });
            faults.push(`wider than the window: ${root.scrollWidth} > ${root.clientWidth} ${wide.slice(0, 3).map((e) => `${e.tagName}.${e.className}`).join(' ')}`);
        }
        const isInSentence = (/** @type {Element} */ e) => {
            const block = e.closest('p, li, td, dd, figcaption, small');
            if (e.tagName !== 'A' || !block) return false;
            return (block.textContent ?? '').trim().length > (e.textContent ?? '').trim().length + 1;
        };
        for (const e of document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, textarea, summary')) {
            const r = e.getBoundingClientRect();
            if (!r.width || !r.height || getComputedStyle(e).visibility === 'hidden' || e.classList.contains('skip')) continue;
            const label = e.matches('[type="checkbox"], [type="radio"]') ? e.closest('label') ?? document.querySelector(`label[for="${e.id}"]`) ?? e : e;
            const box = label.getBoundingClientRect();
            if (box.height < TOUCH - 0.5 && !isInSentence(e)) faults.push(`${Math.round(box.height)} px high: ${e.tagName.toLowerCase()} ${(e.textContent ?? '').trim().slice(0, 40) || e.id}`);
        }
        return faults;
    });
}
