// Readers' pages in an Android WebView of January 2018: node tests/long/oldview.mjs --server PROGRAM [--only WORD[,WORD]] [--langs en,ru,tk,fa]
// Loads every public page at 360 px in each language, uses what a reader uses, and measures what an old engine leaves out of
// today's styles: width, space between neighbours, colours, focus, targets. Pictures to be looked at: tests/browser/out/old.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { views } from '../browser/lib/pages.mjs';
import { Server } from '../browser/lib/server.mjs';
import { check, finish } from '../browser/lib/tap.mjs';
import { openOld } from './old.mjs';

const OUT = 'tests/browser/out/old';
const WIDTH = 360;
const HEIGHT = 640;
const MAX_HEIGHT = 2600;

/** @param {string} name @param {string} otherwise */
function option(name, otherwise) {
    const at = process.argv.indexOf(`--${name}`);
    return at >= 0 ? process.argv[at + 1] : otherwise;
}

/** What is wrong with the page as it stands. Read by the old engine. */
function faults() {
    /** @type {string[]} */
    const found = [];
    const root = document.documentElement;
    const said = (/** @type {Element} */ e) => `${e.tagName.toLowerCase()}.${e.className} "${(e.textContent || '').trim().slice(0, 30)}"`;
    const isSeen = (/** @type {Element} */ e) => e.getClientRects().length > 0 && e.getBoundingClientRect().width > 1;
    if (root.scrollWidth > window.innerWidth) found.push(`wider than the window: ${root.scrollWidth} > ${window.innerWidth}`);
    const main = document.querySelector('main') || document.body;
    if (main.innerText.trim().length < 10) found.push('no text to be seen');
    // words keep clear of the window's edges
    for (const e of Array.from(main.querySelectorAll('h1, h2, h3, p, li, dt, dd, label, summary'))) {
        const r = e.getBoundingClientRect();
        const hidden = e.closest('.hide, .unseen, .skip');
        if (isSeen(e) && !hidden && (r.left < 4 || r.right > window.innerWidth - 4) && !e.matches('.exit')) found.push(`at the window's edge: ${said(e)}`);
    }
    // neighbours in a row do not touch
    for (const box of Array.from(document.querySelectorAll('body *'))) {
        if (!/flex/.test(getComputedStyle(box).display) || !isSeen(box)) continue;
        const children = Array.from(box.children).filter((e) => isSeen(e) && getComputedStyle(e).position !== 'absolute');
        for (let i = 1; i < children.length; i += 1) {
            const a = children[i - 1].getBoundingClientRect();
            const b = children[i].getBoundingClientRect();
            const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            const between = Math.max(b.left - a.right, a.left - b.right);
            if (overlap > 4 && between < 4) found.push(`touch (${between.toFixed(1)} px): ${said(children[i - 1])} | ${said(children[i])} in ${box.className}`);
        }
    }
    for (const e of Array.from(document.images)) {
        if (!e.complete || !e.naturalWidth) found.push(`no picture: ${e.src}`);
    }
    for (const e of Array.from(document.querySelectorAll('main button, main .button, main select, main summary'))) {
        if (isSeen(e) && e.getBoundingClientRect().height < 43.5) found.push(`small target: ${said(e)}`);
    }
    return found;
}

/** What a style sheet says of the page's text, its buttons and its notices, when it was understood. Read by the old engine. */
function looks() {
    const of = (/** @type {string} */ s) => getComputedStyle(/** @type {Element} */ (document.querySelector(s)));
    const notice = of('.notice');
    return {
        ink: of('body').color, paper: of('html').backgroundColor, main: of('button.main').backgroundColor,
        notice: [notice.borderLeftWidth, notice.borderRightWidth].map(parseFloat), title: of('h1').textAlign,
    };
}

/** @param {import('./old.mjs').OldPage} page @param {string} key @param {number} code */
async function press(page, key, code) {
    for (const type of ['rawKeyDown', 'keyUp']) await page.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code, nativeVirtualKeyCode: code });
}

/** @param {import('./old.mjs').OldPage} page @param {string} site @param {any} demo */
async function colours(page, site, demo) {
    for (const [lang, side] of [['en', 0], ['fa', 1]]) {
        await page.goto(`${site}/${lang}/kit/${demo.record}`);
        const title = await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.querySelector('h1'))).textAlign);
        await page.goto(`${site}/${lang}/search?q=zeppelin`);
        const at = await page.evaluate(looks);
        check(at.ink === 'rgb(20, 40, 60)' && at.main === 'rgb(11, 79, 108)', `old view ${lang}: the colours are those of the house`, at);
        check(at.notice[Number(side)] === 5 && at.notice[1 - Number(side)] === 0, `old view ${lang}: a notice has its edge where lines begin`, at);
        check(!side || title === 'right', `old view ${lang}: a name in another script begins where lines begin`, title);
    }
}

/** @param {import('./old.mjs').OldPage} page @param {string} site */
async function forms(page, site) {
    await page.goto(`${site}/ru/offer/deciding`);
    const shown = () => page.evaluate(() => Array.from(document.querySelectorAll('.act')).filter((e) => e.getClientRects().length).length);
    const before = await shown();
    await page.click('label[for="q1-no"]');
    check(before === 0 && await shown() === 1, 'old view: an answer to a job offer shows what it means', before);
    const readings = () => page.evaluate(() => Array.from(document.querySelectorAll('.r')).filter((e) => e.getClientRects().length > 0).map((e) => e.className.split(' ')[1]).join());
    check(await readings() === 'r-wait,r-stop,r-signs', 'old view: the readings of the answers stand there to choose from, but not yet that there is no sign', await readings());
    for (let n = 2; n <= 16; n += 1) await page.click(`label[for="q${n}-no"]`);
    check(await readings() === 'r-wait,r-stop,r-signs,r-none', 'old view: with the last answer the reading for no sign stands there, too', await readings());
    await page.goto(`${site}/ru/search`);
    await page.fill('#q', 'СМИ');
    await page.leads(() => page.click('main button[type="submit"]'));
    check(await page.evaluate(() => document.querySelectorAll('.hits mark').length > 0), 'old view: the search finds and marks');
    await page.goto(`${site}/tk/check`);
    await page.selectOption('main select', 'en');
    await page.fill('textarea', 'Police rescued four illegal migrants.');
    await page.leads(() => page.click('main button[type="submit"]'));
    const marks = await page.evaluate(() => Array.from(document.querySelectorAll('.m mark')).map((e) => e.textContent));
    check(marks.includes('illegal migrants'), 'old view: the reporting check marks what can harm', marks);
    await page.goto(`${site}/fa/contacts`);
    await page.selectOption('#country', 'TR');
    await page.leads(() => page.click('main button[type="submit"]'));
    const numbers = await page.evaluate(() => Array.from(document.querySelectorAll('.call a')).map((a) => String(a.getAttribute('href'))));
    check(/country=TR/.test(await page.url()) && numbers.length > 0 && numbers.every((/** @type {string} */ n) => /^tel:\+\d+$/.test(n)), 'old view: contacts of one country, with numbers to touch', numbers);
}

/** @param {import('./old.mjs').OldPage} page @param {string} site */
async function keys(page, site) {
    await page.goto(`${site}/en/search`);
    const at = () => page.evaluate(() => {
        const e = /** @type {Element} */ (document.activeElement);
        return { name: e.className || e.tagName, outline: parseFloat(getComputedStyle(e).outlineWidth), top: e.getBoundingClientRect().top };
    });
    await press(page, 'Tab', 9);
    const skip = await at();
    check(skip.name === 'skip' && skip.top >= 0, 'old view: the first stop leads past the head, and is seen', skip);
    await press(page, 'Tab', 9);
    const next = await at();
    check(next.outline >= 3, 'old view: the focus is seen', next);
}

/** @param {import('./old.mjs').OldPage} page @param {string} site */
async function exits(page, site) {
    await page.goto(`${site}/en/contacts`);
    await page.leads(() => page.click('.exit a'));
    check(await page.url() === `${site}/en/calendar`, 'old view: the exit leads away', await page.url());
    await page.goto(`${site}/fa/guides/tm-tr`);
    await page.leads(async () => {
        for (let i = 0; i < 3; i += 1) await press(page, 'Shift', 16);
    });
    check(await page.url() === `${site}/fa/calendar`, 'old view: Shift three times as well', await page.url());
}

/** The pack from a stick, without a server. @param {import('./old.mjs').OldPage} page @param {string} site */
async function stick(page, site) {
    const zip = `${OUT}/pack.zip`;
    writeFileSync(zip, Buffer.from(await (await fetch(`${site}/en/offline/programme.zip`)).arrayBuffer()));
    execFileSync('python3', ['-m', 'zipfile', '-e', zip, `${OUT}/stick`]);
    /** @type {string[]} */
    const found = [];
    const files = readdirSync(`${OUT}/stick`, { recursive: true }).map(String).filter((f) => f.endsWith('.html'));
    for (const file of files) {
        page.complaints = [];
        await page.goto(pathToFileURL(resolve(join(OUT, 'stick', file))).href);
        found.push(...[...await page.evaluate(faults), ...page.complaints].map((f) => `${file}: ${f}`));
    }
    check(files.length > 20 && found.length === 0, `old view: ${files.length} pages of a pack, from a stick`, found.slice(0, 12).join('\n  # '));
}

const server = new Server(option('server', 'build/gcc/src/app/kengesh'));
const demo = server.demo();
await server.start();
const old = await openOld();
const only = option('only', '').split(',');
const wanted = (/** @type {import('../browser/lib/pages.mjs').View} */ v) => !v.who && only.some((w) => v.name.includes(w));
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

try {
    console.log(`# ${old.version}`);
    const page = await old.page(WIDTH, HEIGHT);
    for (const view of views(demo).filter(wanted)) {
        for (const lang of option('langs', 'en,ru,tk,fa').split(',')) {
            page.complaints = [];
            await page.size(WIDTH, HEIGHT);
            await page.goto(server.url + view.path.replace(/\{lang\}/g, lang));
            if (view.act) await view.act(page);
            // a refusal is what some of the pages are; the console names it, too
            const found = [...await page.evaluate(faults), ...page.complaints.filter((c) => !/status of 40[14].*\/(sign-in|i\/|no\/|verify)/.test(c))];
            await page.screenshot(`${OUT}/${view.name}-${lang}.png`, WIDTH, MAX_HEIGHT);
            check(found.length === 0, `old view: ${view.name} in ${lang}`, found.slice(0, 12).join('\n  # '));
        }
    }
    await page.size(WIDTH, HEIGHT);
    await colours(page, server.url, demo);
    await forms(page, server.url);
    await keys(page, server.url);
    await exits(page, server.url);
    await stick(page, server.url);
} finally {
    await old.close();
    await server.remove();
}
process.exit(finish());
