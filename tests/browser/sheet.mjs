// The contact sheet: every page and state at 360, 768 and 1280 px, light and dark, in four languages, to be looked at.
//   node tests/browser/sheet.mjs --server PROGRAM [--only WORD] [--langs en,ru,tk,fa] [--widths 360,768,1280] [--schemes light,dark]
// Writes tests/browser/out/sheet/<page>.png (all variants of a page side by side) and measures each: axe-core in one variant of
// each language, sideways scrolling and small targets in all.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { axeFaults, layoutFaults } from './lib/axe.mjs';
import { openPlain } from './lib/browsers.mjs';
import { openLink, signIn, views } from './lib/pages.mjs';
import { Server } from './lib/server.mjs';
import { check, finish } from './lib/tap.mjs';

const OUT = 'tests/browser/out/sheet';
const MAX_HEIGHT = 2600; // of one picture: the rest of a long list says nothing new

/** @param {string} name @param {string} otherwise */
function option(name, otherwise) {
    const at = process.argv.indexOf(`--${name}`);
    return at >= 0 ? process.argv[at + 1] : otherwise;
}

const program = option('server', 'build/gcc/src/app/kengesh');
const only = option('only', '');
const langs = option('langs', 'en,ru,tk,fa').split(',');
const widths = option('widths', '360,768,1280').split(',').map(Number);
const schemes = option('schemes', 'light,dark').split(',');

/** One page in one variant. @param {any} page @param {string} site @param {import('./lib/pages.mjs').View} view @param {string} lang */
async function open(page, site, view, lang) {
    await page.goto(site + view.path.replaceAll('{lang}', lang));
    if (view.act) await view.act(page);
}

/** @param {any} browser @param {string} site @param {any} demo @param {{ width: number, scheme: string }} variant */
async function contexts(browser, site, demo, variant) {
    const make = () => browser.newContext({ viewport: { width: variant.width, height: 800 }, colorScheme: variant.scheme });
    const made = { anonymous: await make(), staff: await make(), member: await make() };
    await signIn(made.staff, site, demo);
    await openLink(made.member, site, demo);
    return made;
}

/** All variants of each page side by side. @param {any} browser @param {Map<string, string[]>} shots */
async function paste(browser, shots) {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    for (const [name, files] of shots) {
        const cells = files.map((f) => `<figure><img src="${f}" alt=""><figcaption>${f}</figcaption></figure>`).join('');
        writeFileSync(`${OUT}/${name}.html`, `<!doctype html><meta charset="utf-8"><style>body{margin:8px;background:#777;color:#fff;font:12px sans-serif;display:flex;flex-wrap:wrap;gap:8px}figure{margin:0}img{display:block;width:250px;height:500px;object-fit:cover;object-position:top}</style>${cells}`);
        await page.goto(pathToFileURL(`${OUT}/${name}.html`).href);
        await page.screenshot({ path: `${OUT}/${name}.png`, fullPage: true });
    }
    await page.close();
}

const server = new Server(program);
const browser = await openPlain();
/** @type {Map<string, string[]>} */
const shots = new Map();
/** @type {string[]} */
const faults = [];
try {
    rmSync(OUT, { recursive: true, force: true });
    mkdirSync(OUT, { recursive: true });
    const demo = server.demo();
    await server.start();
    for (const scheme of schemes) {
        for (const width of widths) {
            const made = await contexts(browser, server.url, demo, { width, scheme });
            for (const view of views(demo).filter((v) => v.name.includes(only))) {
                const page = await made[view.who ?? 'anonymous'].newPage();
                for (const lang of langs) {
                    await open(page, server.url, view, lang);
                    const file = `${view.name}-${lang}-${width}-${scheme}.png`;
                    const height = await page.evaluate(() => document.documentElement.scrollHeight);
                    await page.screenshot({ path: `${OUT}/${file}`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, MAX_HEIGHT) } });
                    shots.set(view.name, [...(shots.get(view.name) ?? []), file]);
                    faults.push(...(await layoutFaults(page)).map((f) => `${file}: ${f}`));
                    if (width === widths[0]) faults.push(...(await axeFaults(page)).map((f) => `${file}: ${f}`));
                }
                await page.close();
            }
            for (const context of Object.values(made)) await context.close();
        }
    }
    await paste(browser, shots);
    check(shots.size > 0, `sheet: ${shots.size} pages are in ${OUT}`);
    check(faults.length === 0, 'sheet: nothing is too wide, too small, too pale or unnamed', faults.join('\n  # '));
} finally {
    await browser.close();
    await server.remove();
}
process.exit(finish());
