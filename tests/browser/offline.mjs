// What is carried away: the pack is unpacked into a folder and read there by file://, in four languages; paper is printed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { axeFaults, layoutFaults } from './lib/axe.mjs';
import { openPlain } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';

const A5 = [420, 595];
const A4 = [595, 842];

/** Follows every link of the pack once, as somebody would who has only the folder. @param {any} browser @param {string} folder */
async function readAll(browser, folder) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    /** @type {string[]} */
    const asked = [];
    /** @type {string[]} */
    const lost = [];
    context.on('request', (/** @type {any} */ r) => { if (!r.url().startsWith(pathToFileURL(folder).href)) asked.push(r.url()); });
    context.on('requestfailed', (/** @type {any} */ r) => lost.push(r.url()));
    const page = await context.newPage();
    const seen = new Set([pathToFileURL(join(folder, 'index.html')).href]);
    /** @type {string[]} */
    const faults = [];
    for (const url of seen) {
        await page.goto(url);
        if (!url.endsWith('.html')) continue;
        faults.push(...(await layoutFaults(page)).filter((f) => f.startsWith('wider')).map((f) => `${url}: ${f}`));
        const links = await page.$$eval('a[href]', (/** @type {any[]} */ all) => all.map((a) => a.href.split('#')[0]).filter((u) => u.startsWith('file:')));
        for (const link of links) seen.add(link);
    }
    check(seen.size > 24, 'offline: every page is reached by links from index.html', seen.size);
    check(lost.length === 0, 'offline: every link leads to a file that is there', lost);
    check(asked.length === 0, 'offline: nothing is asked of a network', asked);
    check(faults.length === 0, 'offline: nothing is wider than a phone', faults);
    await context.close();
}

/** From the first page to a number, by touch. @param {any} browser @param {string} folder @param {string} lang @param {string} dir */
async function findNumber(browser, folder, lang, dir) {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    await Promise.all([page.waitForNavigation(), page.click(`a[hreflang="${lang}"]`)]);
    await Promise.all([page.waitForNavigation(), page.click('a[href="contacts.html"]')]);
    const is = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir,
        call: document.querySelector('a[href^="tel:+"]')?.textContent, checked: document.querySelectorAll('.contact').length }));
    check(is.lang === lang && is.dir === dir && is.checked === 3 && /\+44/.test(is.call ?? ''), `offline: ${lang}: from the stick to a number in two steps`, is);
    const faults = await axeFaults(page);
    check(faults.length === 0, `offline: ${lang}: axe-core finds nothing`, faults.join('\n  # '));
    await page.close();
}

/** The pack with sound is heard from the stick, by the keyboard and without script. @param {any} browser @param {string} site @param {string} folder */
async function heard(browser, site, folder) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    /** @type {string[]} */
    const asked = [];
    const page = await context.newPage();
    for (const lang of ['en', 'ru', 'tk'])
        await eventually(`offline: the voice is made in ${lang}`, async () => (await page.request.get(`${site}/${lang}/guides/tm-tr`).then((/** @type {any} */ r) => r.text())).includes('<audio'), 120000);
    await page.goto(`${site}/en/offline`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[href$="/guides/tm-tr.sound.zip"]')]);
    await download.saveAs(join(folder, 'sound.zip'));
    const stick = join(folder, 'sound');
    execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, 'sound.zip'), stick]);
    context.on('request', (/** @type {any} */ r) => { if (!r.url().startsWith(pathToFileURL(stick).href)) asked.push(r.url()); });
    for (const lang of ['en', 'ru', 'tk']) {
        await page.goto(pathToFileURL(join(stick, lang, 'guide-tm-tr.html')).href);
        await page.focus('audio');
        await page.keyboard.press('Space');
        const at = () => page.$eval('audio', (/** @type {HTMLAudioElement} */ e) => ({ at: e.currentTime, length: e.duration, fault: e.error?.message ?? '' }));
        await eventually(`offline: ${lang}: it plays from the stick`, async () => (await at()).at > 1);
        const now = await at();
        check(now.length > 60 && now.fault === '', `offline: ${lang}: all of it`, now);
        const looked = await browser.newPage({ viewport: { width: 360, height: 740 } }); // axe-core needs script
        await looked.goto(page.url());
        const faults = [...await axeFaults(looked), ...(await layoutFaults(looked)).filter((f) => f.startsWith('wider'))];
        check(faults.length === 0, `offline: ${lang}: axe-core finds nothing at the player, and it fits`, faults.join('\n  # '));
        await looked.close();
    }
    check(asked.length === 0, 'offline: nothing is asked of a network to be heard', asked);
    await context.close();
}

/** Prints a page and looks at the sheet. @param {any} browser @param {string} folder @param {string} url @param {number[]} size @param {string} online */
async function onPaper(browser, folder, url, size, online) {
    const page = await browser.newPage();
    await page.goto(url);
    const file = join(folder, 'paper');
    writeFileSync(`${file}.pdf`, await page.pdf({ preferCSSPageSize: true }));
    await page.close();
    const info = execFileSync('pdfinfo', [`${file}.pdf`], { encoding: 'utf8' });
    const found = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(info);
    check(found !== null && Math.abs(Number(found[1]) - size[0]) < 2 && Math.abs(Number(found[2]) - size[1]) < 2, `paper: ${url.replace(/.*\/print/, '')} has its size`, info);
    const text = execFileSync('pdftotext', ['-layout', `${file}.pdf`, '-'], { encoding: 'utf8' });
    check(text.includes('https://') && text.includes('+44'), 'paper: addresses and numbers stand in letters', text.slice(0, 500));
    const last = /Pages:\s+(\d+)/.exec(info)?.[1] ?? '1';
    execFileSync('pdftoppm', ['-png', '-singlefile', '-r', '150', '-f', last, '-l', last, `${file}.pdf`, file]);
    const code = execFileSync('zbarimg', ['-q', '--raw', `${file}.png`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    check(code === online, 'paper: a camera reads the address of the page', code);
}

/** An item of news as it comes out of the printer: what it says, when, and where it stands; nothing to click.
 * @param {any} browser @param {string} folder @param {string} url @param {string} format */
async function newsOnPaper(browser, folder, url, format) {
    const page = await browser.newPage();
    await page.goto(url);
    const file = join(folder, 'news.pdf');
    writeFileSync(file, await page.pdf({ format }));
    /** @type {{ kept: string[], left: string[] }} */
    const words = await page.evaluate(() => {
        const all = (/** @type {string} */ s) => [...document.querySelectorAll(s)].map((e) => (e.textContent ?? '').trim()).filter((t) => t);
        return { kept: all('h1, .article time, .article h2'), left: all('.top a, .foot a, .topics a, .panel h2, main > .row a') };
    });
    await page.close();
    const flat = (/** @type {string} */ t) => t.replace(/[\s\u00a0]+/g, '');
    const text = flat(execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }));
    check(words.kept.length > 3 && words.kept.every((w) => text.includes(flat(w))) && text.includes(url), `paper: news on ${format} has title, date and address`,
        { missing: words.kept.filter((w) => !text.includes(flat(w))), end: text.slice(-200) });
    const lines = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\n').map(flat);
    const stray = words.left.filter((w) => lines.includes(flat(w)));
    check(words.left.length > 8 && stray.length === 0, `paper: news on ${format} has nothing to click`, stray);
}

/** @param {string} program */
export async function playOffline(program) {
    const server = new Server(program);
    const browser = await openPlain();
    const folder = mkdtempSync(join(tmpdir(), 'kengesh-stick-'));
    try {
        const { record } = server.demo();
        await server.start();
        const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
        await page.goto(`${server.url}/en/offline`);
        const faults = [...await axeFaults(page), ...await layoutFaults(page)];
        check(faults.length === 0, 'offline: the page that lists the packs', faults.join('\n  # '));
        const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[href$="/programme.zip"]')]);
        await download.saveAs(join(folder, 'pack.zip'));
        await page.close();
        const stick = join(folder, 'stick');
        execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, 'pack.zip'), stick]);
        await readAll(browser, stick);
        for (const [lang, dir] of [['en', 'ltr'], ['ru', 'ltr'], ['tk', 'ltr'], ['fa', 'rtl']]) await findNumber(browser, stick, lang, dir);
        await heard(browser, server.url, folder);
        await onPaper(browser, folder, `${server.url}/en/print/a5/tm-tr`, A5, `${server.url}/en/guides/tm-tr`);
        await onPaper(browser, folder, `${server.url}/fa/print/a4`, A4, `${server.url}/fa/contacts`);
        await newsOnPaper(browser, folder, `${server.url}/en/news/${record}`, 'A4');
        await newsOnPaper(browser, folder, `${server.url}/ru/news/${record}`, 'A5');
    } finally {
        rmSync(folder, { recursive: true, force: true });
        await browser.close();
        await server.remove();
    }
}
