// The contact sheet: every page and state at 360, 768 and 1280 px, light and dark, in four languages, and public pages as a printer
// gets them on A4, to be looked at.
//   node tests/browser/sheet.mjs --server PROGRAM [--only WORD[,WORD]] [--langs en,ru,tk,fa] [--widths 360,768,1280] [--schemes light,dark,print]
// A WORD is a part of a page's name; with a final $ the whole name. Writes tests/browser/out/sheet/shots/<page>-<lang>-<width>-<scheme>.png and, side by side, sheet/<page>-<width>.png,
// and measures each: axe-core at 360 px in every language and scheme, sideways scrolling and small targets in all.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { axeFaults, layoutFaults } from './lib/axe.mjs';
import { openPlain } from './lib/browsers.mjs';
import { openLink, signIn, views } from './lib/pages.mjs';
import { Server } from './lib/server.mjs';
import { check, finish } from './lib/tap.mjs';

const OUT = 'tests/browser/out/sheet';
const SHOTS = `${OUT}/shots`;
const MAX_HEIGHT = 2600; // of one picture: the rest of a long list says nothing new
const AXE_WIDTH = 360; // what axe-core finds is found at one width
const PAPER = { width: 794, height: 1123 }; // A4 at 96 dots per inch

/** @param {string} name @param {string} otherwise */
function option(name, otherwise) {
    const at = process.argv.indexOf(`--${name}`);
    return at >= 0 ? process.argv[at + 1] : otherwise;
}

const program = option('server', 'build/gcc/src/app/kengesh');
const only = option('only', '').split(',');
const langs = option('langs', 'en,ru,tk,fa').split(',');
const widths = option('widths', '360,768,1280').split(',').map(Number);
const schemes = option('schemes', 'light,dark,print').split(',');

/** One page in one variant. @param {any} page @param {string} site @param {import('./lib/pages.mjs').View} view @param {string} lang */
async function open(page, site, view, lang) {
    await page.goto(site + view.path.replaceAll('{lang}', lang));
    if (view.act) await view.act(page);
}

/** @typedef {{ width: number, scheme: string }} Variant */

/** @param {any} browser @param {string} site @param {any} demo @param {Variant} variant */
async function contexts(browser, site, demo, variant) {
    const make = () => browser.newContext({ viewport: { width: variant.width, height: 800 }, colorScheme: variant.scheme === 'dark' ? 'dark' : 'light' });
    const made = { anonymous: await make(), staff: await make(), member: await make() };
    if (variant.scheme === 'print') return made;
    await signIn(made.staff, site, demo);
    await openLink(made.member, site, demo);
    return made;
}

/** All variants of each page side by side, a picture for each width. @param {any} browser @param {Map<string, string[]>} shots */
async function paste(browser, shots) {
    const page = await browser.newPage({ viewport: { width: 1560, height: 900 } });
    for (const [name, files] of shots) {
        const cells = files.map((f) => `<figure><img src="shots/${f}" alt=""><figcaption>${f}</figcaption></figure>`).join('');
        writeFileSync(`${OUT}/${name}.html`, `<!doctype html><meta charset="utf-8"><style>body{margin:8px;background:#777;color:#fff;font:12px sans-serif;display:grid;grid-template-columns:repeat(4,1fr);gap:8px}figure{margin:0}img{display:block;width:100%;max-height:1000px;object-fit:cover;object-position:top}</style>${cells}`);
        await page.goto(pathToFileURL(`${OUT}/${name}.html`).href);
        await page.screenshot({ path: `${OUT}/${name}.png`, fullPage: true });
    }
    await page.close();
}

/** One page in one variant, in every language. @param {any} page @param {string} site @param {import('./lib/pages.mjs').View} view @param {Variant} variant */
async function take(page, site, view, { width, scheme }) {
    const isPrint = scheme === 'print';
    for (const lang of langs) {
        const file = `${view.name}-${lang}-${isPrint ? 'a4' : width}-${scheme}.png`;
        await open(page, site, view, lang);
        if (isPrint) await page.emulateMedia({ media: 'print' });
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.screenshot({ path: `${SHOTS}/${file}`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, MAX_HEIGHT) } });
        const key = `${view.name}-${isPrint ? 'a4' : width}`;
        shots.set(key, [...(shots.get(key) ?? []), file]);
        const measured = (await layoutFaults(page)).filter((f) => !isPrint || f.startsWith('wider'));
        if (width === AXE_WIDTH && !isPrint) measured.push(...await axeFaults(page));
        faults.push(...measured.map((f) => `${file}: ${f}`));
        if (isPrint) await page.emulateMedia({ media: 'screen' });
    }
}

const server = new Server(program);
const browser = await openPlain();
/** @type {Map<string, string[]>} */
const shots = new Map();
/** @type {string[]} */
const faults = [];
/** @type {Variant[]} */
const variants = schemes.flatMap((scheme) => (scheme === 'print' ? [{ width: PAPER.width, scheme }] : widths.map((width) => ({ width, scheme }))));
try {
    if (!option('only', '')) rmSync(OUT, { recursive: true, force: true });
    mkdirSync(SHOTS, { recursive: true });
    const demo = server.demo();
    await server.start();
    const wanted = views(demo).filter((v) => only.some((word) => (word.endsWith('$') ? v.name === word.slice(0, -1) : v.name.includes(word))));
    for (const variant of variants) {
        const made = await contexts(browser, server.url, demo, variant);
        for (const view of wanted.filter((v) => variant.scheme !== 'print' || !v.who)) {
            const page = await made[view.who ?? 'anonymous'].newPage();
            await take(page, server.url, view, variant).catch((error) => faults.push(`${view.name} ${variant.width} ${variant.scheme}: ${error}`));
            await page.close();
        }
        for (const context of Object.values(made)) await context.close();
    }
    await paste(browser, shots);
    check(shots.size > 0, `sheet: ${shots.size} pictures are in ${OUT}`);
    check(faults.length === 0, 'sheet: nothing is too wide, too small, too pale or unnamed', faults.join('\n  # '));
} finally {
    await browser.close();
    await server.remove();
}
process.exit(finish());
