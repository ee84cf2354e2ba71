// The room by the keyboard alone, and what a screen reader or a person who needs contrast gets of it.
import { check } from './tap.mjs';

/** What has the focus: what it is, whether one sees that it has it, and its place in the page. @param {any} page
 * @returns {Promise<{ name: string, what: string, id: string, form: string, isSeen: boolean, place: number }>} */
export function focused(page) {
    return page.evaluate(() => {
        const e = document.activeElement;
        if (!(e instanceof HTMLElement) || e === document.body) return { name: '', what: '', id: '', form: '', isSeen: true, place: -1 };
        const style = getComputedStyle(e);
        const r = e.getClientRects()[0] ?? e.getBoundingClientRect(); // a link may go on in the next line
        const x = Math.min(Math.max(r.left + r.width / 2, 0), innerWidth - 1);
        const y = Math.min(Math.max(r.top + Math.min(r.height / 2, 20), 0), innerHeight - 1);
        const top = document.elementFromPoint(x, y);
        // a native field may be drawn by its label, and a list may be topped by its own row
        const isOnTop = Boolean(top && (top === e || e.contains(top) || top.contains(e) || top.closest('label')?.contains(e)));
        return { name: (e.getAttribute('aria-label') ?? e.innerText ?? '').trim().slice(0, 40) || e.id, what: e.dataset.do ?? '', id: e.id,
            form: e instanceof HTMLButtonElement ? e.form?.getAttribute('action') ?? '' : '',
            isSeen: isOnTop && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
            place: [...document.querySelectorAll('*')].indexOf(e) };
    });
}

/** Tabs until the element whose id, data-do or form's address (its end) is `wanted` has the focus. @param {any} page @param {string} who @param {string} wanted
 * @param {number} [most] */
export async function tabTo(page, who, wanted, most = 60) {
    const unseen = [];
    for (let i = 0; i < most; i += 1) {
        await page.keyboard.press('Tab');
        const f = await focused(page);
        if (!f.isSeen) unseen.push(f.name || f.id);
        if (f.what !== wanted && f.id !== wanted && !(wanted.startsWith('/') && f.form.endsWith(wanted))) continue;
        check(unseen.length === 0, `${who}: by the Tab key to ${wanted}, the focus always in sight`, unseen);
        return;
    }
    check(false, `${who}: by the Tab key to ${wanted}`, `not within ${most} steps`);
}

/** Once around the page: every stop once, in the page's own order, and out again at its end. @param {any} page @param {string} who */
export async function tabAround(page, who) {
    await page.evaluate(() => { /** @type {HTMLElement} */ (document.activeElement)?.blur(); getSelection()?.removeAllRanges(); window.scrollTo(0, 0); });
    /** @type {number[]} */
    const places = [];
    const faults = [];
    let isOut = false;
    await page.evaluate(() => { const top = document.querySelector('.skip'); if (top instanceof HTMLElement) top.focus(); });
    for (let i = 0; i < 150 && !isOut; i += 1) {
        const f = await focused(page);
        isOut = f.place < 0 || f.place === places[0];
        if (isOut) break;
        if (!f.isSeen) faults.push(`not seen: ${f.name || f.id}`);
        if (f.place <= (places[places.length - 1] ?? -1)) faults.push(`out of order: ${f.name || f.id}`);
        places.push(f.place);
        await page.keyboard.press('Tab');
    }
    check(isOut && places.length > 8 && faults.length === 0, `${who}: the Tab key goes once around the room, in order, the focus in sight, and out`,
        `${places.length} stops; ${faults.join('; ')}`);
}

/** Text that does not stand out from its ground by `ratio`, and buttons and fields without an edge. @param {any} page @param {number} ratio
 * @returns {Promise<string[]>} */
export function contrastFaults(page, ratio) {
    return page.evaluate((/** @type {number} */ least) => {
        const parts = (/** @type {string} */ css) => (css.match(/[\d.]+/g) ?? []).map(Number);
        const light = (/** @type {number[]} */ c) => c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const apart = (/** @type {number[]} */ a, /** @type {number[]} */ b) => {
            const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
            return (x + 0.05) / (y + 0.05);
        };
        const ground = (/** @type {Element | null} */ from) => {
            for (let e = from; e; e = e.parentElement) {
                const c = parts(getComputedStyle(e).backgroundColor);
                if (c.length && (c[3] ?? 1) > 0.5) return c;
            }
            return [255, 255, 255];
        };
        /** @type {string[]} */
        const faults = [];
        for (const e of document.querySelectorAll('#room *')) {
            if (!(e instanceof HTMLElement) || !e.checkVisibility() || e.closest('.hide') || e.offsetWidth === 0) continue;
            const style = getComputedStyle(e);
            const hasText = [...e.childNodes].some((n) => n.nodeType === 3 && (n.textContent ?? '').trim());
            const name = `${e.tagName.toLowerCase()}${e.id && `#${e.id}`} ${(e.textContent ?? '').trim().slice(0, 24)}`;
            const isOff = e.closest('[disabled], [aria-disabled="true"]') !== null;
            if (hasText && !isOff && apart(parts(style.color), ground(e)) < least) faults.push(`${apart(parts(style.color), ground(e)).toFixed(1)}:1 ${name}`);
            if (!e.matches('button, select, input:not([type="checkbox"]):not([type="radio"]):not([type="range"]):not([type="hidden"])')) continue;
            const isEdged = style.borderTopStyle !== 'none' && parseFloat(style.borderTopWidth) >= 1;
            if (!isEdged) faults.push(`no edge: ${name}`);
            else if (!isOff && apart(parts(style.borderTopColor), ground(e.parentElement)) < 3 && apart(ground(e), ground(e.parentElement)) < 3) faults.push(`faint edge: ${name}`);
        }
        return faults;
    }, ratio);
}

/** The room as people with other settings see it: more contrast, forced colours, dark. @param {any} page @param {string} who */
export async function contrasts(page, who) {
    /** @type {Array<[string, number, any]>} */
    const settings = [['more contrast', 7, { contrast: 'more', colorScheme: 'light' }], ['more contrast, dark', 7, { contrast: 'more', colorScheme: 'dark' }],
        ['forced colours', 4.5, { forcedColors: 'active', contrast: 'no-preference', colorScheme: 'dark' }], ['dark', 7, { forcedColors: 'none', contrast: 'no-preference', colorScheme: 'dark' }]];
    for (const [name, ratio, media] of settings) {
        await page.emulateMedia(media);
        await page.waitForTimeout(250); // grounds may be faded to
        const faults = await contrastFaults(page, ratio);
        check(faults.length === 0, `${who}: ${name}: text and buttons stand out`, faults.slice(0, 12));
    }
    await page.emulateMedia({ contrast: 'no-preference', colorScheme: 'light', forcedColors: 'none' });
}

/** Counts what a screen reader is made to say from now on. @param {any} page */
export async function noteSaid(page) {
    await page.evaluate(() => {
        const said = /** @type {any} */ (window).kengeshSaid = /** @type {string[]} */ ([]);
        for (const e of document.querySelectorAll('[role="status"], [role="alert"], [aria-live]')) {
            new MutationObserver(() => { if ((e.textContent ?? '').trim()) said.push(`${e.id}: ${e.textContent}`); }).observe(e, { childList: true, characterData: true, subtree: true });
        }
    });
}

/** @param {any} page @returns {Promise<string[]>} */
export function said(page) {
    return page.evaluate(() => /** @type {any} */ (window).kengeshSaid);
}
