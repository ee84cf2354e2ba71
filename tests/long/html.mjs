// Every page as it is served, before the HTML checker of the W3C's community (the Nu checker, as a jar): node tests/long/html.mjs --server PROGRAM
// A page with a known fault goes along, so that a checker that reads nothing is noticed.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlain } from '../browser/lib/browsers.mjs';
import { openLink, signIn, views } from '../browser/lib/pages.mjs';
import { Server } from '../browser/lib/server.mjs';
import { check, finish } from '../browser/lib/tap.mjs';

const LANGS = ['en', 'ru', 'tk', 'fa'];
const at = process.argv.indexOf('--server');
const server = new Server(at >= 0 ? process.argv[at + 1] : 'build/gcc/src/app/kengesh');
const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
const folder = mkdtempSync(join(tmpdir(), 'kengesh-html-'));
const browser = await openPlain();

/** The bytes of the last page that came, not what a browser made of them. @param {any} context @param {import('../browser/lib/pages.mjs').View} view
 * @param {string} url */
async function source(context, view, url) {
    if (!view.act) return (await context.request.get(url)).text();
    const page = await context.newPage();
    /** @type {any} */
    let last;
    page.on('response', (/** @type {any} */ r) => { if (r.request().isNavigationRequest() && r.status() !== 303) last = r; });
    await page.goto(url);
    await view.act(page);
    const text = await last.text();
    await page.close();
    return text;
}

/** @returns {Promise<Array<{ url: string, lastLine?: number, message: string }>>} */
function faults() {
    return new Promise((resolve, reject) => {
        execFile('java', ['-jar', jar, '--errors-only', '--format', 'json', folder], { maxBuffer: 1 << 26 }, (error, out, err) => {
            try {
                resolve(JSON.parse(err || out).messages);
            } catch {
                reject(error ?? new Error(err));
            }
        });
    });
}

try {
    const demo = server.demo();
    await server.start();
    let pages = 0;
    for (const lang of LANGS) {
        // sessions for each language: one alone may not ask for so many pages in a minute
        const made = { anonymous: await browser.newContext(), staff: await browser.newContext(), member: await browser.newContext() };
        await signIn(made.staff, server.url, demo);
        await openLink(made.member, server.url, demo);
        for (const view of views(demo)) {
            const context = made[view.who ?? 'anonymous'];
            writeFileSync(join(folder, `${view.name}-${lang}.html`), await source(context, view, server.url + view.path.replaceAll('{lang}', lang)));
            pages += 1;
        }
    }
    writeFileSync(join(folder, 'control.html'), '<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a"></html>');
    const found = await faults();
    check(found.some((f) => f.url.endsWith('/control.html') && /Duplicate ID/.test(f.message)), 'html: the checker finds the fault that was put there');
    const ours = found.filter((f) => !f.url.endsWith('/control.html'));
    check(pages > 100 && ours.length === 0, `html: ${pages} pages are valid`, ours.map((f) => `${f.url.replace(/.*\//, '')}:${f.lastLine} ${f.message}`).join('\n  # '));
} finally {
    await browser.close();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
}
process.exit(finish());
