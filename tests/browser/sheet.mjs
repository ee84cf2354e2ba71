// The contact sheet: node tests/browser/sheet.mjs --help
const HELP = `The contact sheet: every page and state at 360, 768 and 1280 px, light and dark, in four languages, and as a printer gets it on A4,
to be looked at.

  node tests/browser/sheet.mjs --server PROGRAM [--only WORD[,WORD]] [--langs en,ru,tk,fa] [--widths 360,768,1280] [--schemes light,dark,print] [--no-axe]

A WORD is a part of a page's name (tests/browser/lib/pages.mjs); with a final $ the whole name. Each variant is a picture of its own,
tests/browser/out/sheet/shots/<page>-<lang>-<width>-<scheme>.png, and stands beside the others of its width and scheme on
tests/browser/out/sheet/<width>-<scheme>-<number>.png, four languages in a row, not over 2,000 px a side. Without --only the folder is emptied first.

Each is measured: none may be wider than its screen or paper, no target under 44 px, no sentence may end with two points; axe-core looks at the first width
in every language and at the last in the first (--no-axe leaves it out).`;
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
const SIDE = 1960; // of a sheet, so that whoever looks at it need not shrink it
/** How large a page of this width stands on a sheet, and how much of its height. @type {Record<string, { columns: number, height: number }>} */
const CELLS = { 360: { columns: 4, height: 1900 }, 768: { columns: 4, height: 940 }, 1280: { columns: 3, height: 900 }, a4: { columns: 4, height: 940 } };
const PAPER = { width: 794, height: 1123 }; // A4 at 96 dots per inch

/** @param {string} name @param {string} otherwise */
function option(name, otherwise) {
    const at = process.argv.indexOf(`--${name}`);
    return at >= 0 ? process.argv[at + 1] : otherwise;
}

if (process.argv.includes('--help')) {
    console.log(HELP);
    process.exit(0);
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
    await signIn(made.staff, site, demo);
    await openLink(made.member, site, demo);
    return made;
}

/** What stands beside one another on sheets: the pictures of one variant, row by row. @param {any} browser @param {Map<string, string[]>} shots */
async function paste(browser, shots) {
    const page = await browser.newPage({ viewport: { width: SIDE, height: SIDE } });
    for (const [key, files] of shots) {
        const { columns, height } = CELLS[key.split('-')[0]] ?? CELLS[1280];
        const cells = files.map((f) => `<figure><figcaption>${f}</figcaption><img src="shots/${f}" alt=""></figure>`);
        for (let n = 1; cells.length; n += 1) {
            const file = `${OUT}/${key}-${String(n).padStart(2, '0')}`;
            let used = columns;
            for (let rows = 1; rows * columns <= cells.length + columns - 1; rows += 1) {
                writeFileSync(`${file}.html`, `<!doctype html><meta charset="utf-8"><style>body{margin:0;background:#777;color:#fff;font:12px sans-serif;display:grid;grid-template-columns:repeat(${columns},1fr);gap:8px;align-items:start}figure{margin:0;min-width:0}img{display:block;width:100%;max-height:${height}px;object-fit:cover;object-position:top}</style>${cells.slice(0, rows * columns).join('')}`);
                await page.goto(pathToFileURL(`${file}.html`).href);
                if (rows > 1 && await page.evaluate(() => document.body.scrollHeight) > SIDE) break;
                used = rows * columns;
                await page.screenshot({ path: `${file}.png`, fullPage: true });
            }
            rmSync(`${file}.html`);
            cells.splice(0, used);
        }
    }
    await page.close();
}

/** A sentence that ends with two points: a date or a name that brought its own. @param {any} page @returns {Promise<string[]>} */
async function pointFaults(page) {
    const text = await page.evaluate(() => document.body.innerText);
    return (text.match(/.{0,40}[^.]\.\.(?!\.)/g) ?? []).map((/** @type {string} */ found) => `two points: ${found}`);
}

/** One page in one variant. @param {any} page @param {string} site @param {import('./lib/pages.mjs').View} view @param {string} lang @param {Variant} variant */
async function take(page, site, view, lang, { width, scheme }) {
    const isPrint = scheme === 'print';
    const file = `${view.name}-${lang}-${isPrint ? 'a4' : width}-${scheme}.png`;
    await open(page, site, view, lang);
    if (isPrint) await page.emulateMedia({ media: 'print' });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: `${SHOTS}/${file}`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, MAX_HEIGHT) } });
    const key = `${isPrint ? 'a4' : width}-${scheme}`;
    shots.set(key, [...(shots.get(key) ?? []), file]);
    const measured = (await layoutFaults(page)).filter((f) => !isPrint || f.startsWith('wider'));
    measured.push(...await pointFaults(page));
    const isAxes = width === widths[0] || lang === langs[0] && width === widths[widths.length - 1];
    if (isAxes && !isPrint && !process.argv.includes('--no-axe')) measured.push(...await axeFaults(page));
    faults.push(...measured.map((f) => `${file}: ${f}`));
}

/** All that is wanted in one variant and language. @param {any} browser @param {string} site @param {any} demo @param {import('./lib/pages.mjs').View[]} wanted
 * @param {string} lang @param {Variant} variant */
async function takeAll(browser, site, demo, wanted, lang, variant) {
    // sessions for each language: one alone may not ask for so many pages in a minute
    const made = await contexts(browser, site, demo, variant);
    for (const view of wanted) {
        const page = await made[view.who ?? 'anonymous'].newPage();
        await take(page, site, view, lang, variant).catch((error) => faults.push(`${view.name} ${lang} ${variant.width} ${variant.scheme}: ${error}`));
        await page.close();
    }
    for (const context of Object.values(made)) await context.close();
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
    for (const variant of variants) for (const lang of langs) await takeAll(browser, server.url, demo, wanted, lang, variant);
    const order = wanted.flatMap((view) => langs.map((lang) => `${view.name}-${lang}-`));
    const place = (/** @type {string} */ file) => order.findIndex((start) => file.startsWith(start));
    for (const files of shots.values()) files.sort((a, b) => place(a) - place(b));
    await paste(browser, shots);
    const count = [...shots.values()].reduce((sum, files) => sum + files.length, 0);
    check(count > 0, `sheet: ${count} pictures are in ${OUT}`);
    check(faults.length === 0, 'sheet: nothing is too wide, too small, too pale or unnamed, and every sentence ends once', faults.join('\n  # '));
} finally {
    await browser.close();
    await server.remove();
}
process.exit(finish());
