// A reader: no script but the quick exit's, no cookie, nobody else's server, a first view of 14 kB, keyboard alone in Chromium and Firefox, right to left; and every
// page, the desk's too, measured by axe-core on a phone.
import { axeFaults, layoutFaults } from './lib/axe.mjs';
import { openFirefox, openPlain } from './lib/browsers.mjs';
import { Hands } from './lib/hands.mjs';
import { leaves } from './lib/leave.mjs';
import { openLink, signIn, views } from './lib/pages.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';

const FIRST_VIEW = 14 * 1024;
const ICON = '/img/icon.svg';

/** What the network carries for a page to a browser that has seen none: bodies as they were sent. The icon comes when the browser likes, before or after
 * the page counts as loaded, so it is weighed by itself. @param {any} page @returns {Promise<(url: string) => Promise<number>>} */
async function scales(page) {
    const wire = await page.context().newCDPSession(page);
    /** @type {Map<string, string>} */
    const urls = new Map();
    let bytes = 0;
    let asked = '';
    let whole = () => {};
    await wire.send('Network.enable');
    await wire.send('Network.setCacheDisabled', { cacheDisabled: true }); // a new context for each page took five times as long
    wire.on('Network.requestWillBeSent', (/** @type {any} */ e) => urls.set(e.requestId, e.request.url));
    wire.on('Network.loadingFinished', (/** @type {any} */ e) => {
        const url = urls.get(e.requestId);
        if (url === asked || !url?.endsWith(ICON)) bytes += e.encodedDataLength;
        if (url === asked) whole();
    });
    return async (url) => {
        asked = url;
        bytes = 0;
        const came = new Promise((resolve) => { whole = () => resolve(undefined); });
        await Promise.all([page.goto(url, { waitUntil: 'load' }), came]);
        return bytes;
    };
}

/** Its weight to a browser that does not have it yet. @param {any} browser @param {string} site */
async function iconOf(browser, site) {
    const fresh = await browser.newContext({ javaScriptEnabled: false });
    const page = await fresh.newPage();
    await page.goto(`${site}/ru`);
    const url = await page.$eval('link[rel="icon"]', (/** @type {HTMLLinkElement} */ e) => e.href);
    await fresh.close();
    const other = await browser.newContext();
    const bytes = await (await scales(await other.newPage()))(url);
    await other.close();
    return bytes;
}

/** Without script, each page as to a browser that has seen none. @param {any} browser @param {string} site @param {any} demo */
async function promises(browser, site, demo) {
    /** @type {string[]} */
    const strangers = [];
    /** @type {string[]} */
    const heavy = [];
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    context.on('request', (/** @type {any} */ r) => { if (!r.url().startsWith(site)) strangers.push(r.url()); });
    const weigh = await scales(await context.newPage());
    const icon = await iconOf(browser, site);
    for (const view of views(demo).filter((v) => !v.who && v.path.startsWith('/{lang}'))) {
        const bytes = icon + await weigh(site + view.path.replaceAll('{lang}', 'ru'));
        if (bytes > FIRST_VIEW) heavy.push(`${view.name}: ${bytes}`);
        if (bytes < 2 * icon) heavy.push(`${view.name}: nothing was weighed, ${bytes}`);
        if ((await context.cookies()).length) strangers.push(`cookie: ${view.name}`);
    }
    await context.close();
    check(icon > 0 && heavy.length === 0, 'reader: every first view is 14 kB at most, with its styles and the icon', heavy);
    check(strangers.length === 0, 'reader: no cookie, no request to another host', strangers);
}

/** The exit with its script, and without any: then it is a link, and back leads to the page again. @param {any} browser @param {string} site */
async function quickExit(browser, site) {
    const page = await browser.newPage();
    await leaves(page, site, 'exit');
    await page.close();
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const bare = await plain.newPage();
    await bare.goto(`${site}/ru/contacts`);
    await Promise.all([bare.waitForURL('**/ru/calendar'), bare.click('.exit a')]);
    await bare.goBack();
    check(bare.url() === `${site}/ru/contacts`, 'exit: without script the button leads away as well', bare.url());
    await plain.close();
}

/** From the home page to a conclusion, with the keyboard alone. @param {any} page of Playwright or Puppeteer @param {string} site @param {string} lang
 * @param {string} who */
async function keyboard(page, site, lang, who) {
    const hands = new Hands(page, `keyboard, ${who}`);
    await page.goto(`${site}/${lang}`);
    const dir = lang === 'fa' ? 'rtl' : 'ltr';
    await hands.fits(dir);
    await page.keyboard.press('Tab');
    check(await page.evaluate(() => {
        const at = document.activeElement;
        return at?.classList.contains('skip') && at.getBoundingClientRect().top >= 0;
    }), `${hands.who}: the first stop leads past the head, and is seen`);
    await hands.go('a[href$="/search"]');
    await hands.type('#q', 'PRECAUTIONS');
    const outline = await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineWidth);
    check(parseFloat(outline) >= 3, `${hands.who}: the focus is seen`, outline);
    await hands.go('#q');
    check(await hands.read('.hits mark').catch(() => '') === 'precautions', `${hands.who}: what was found is marked`);
    await hands.fits(dir);
    await hands.go('.hits a[href*="#c"]'); // in the language in which it was found
    check(/\/s\/.*#c3$/.test(page.url()) && await page.$('#c3') !== null, `${hands.who}: the result leads to the conclusion`, page.url());
    await hands.fits();
    hands.done('a conclusion is found');
}

/** Dari: the page begins at the right, and nothing hangs over. @param {any} browser @param {string} site @param {any} demo */
async function rightToLeft(browser, site, demo) {
    for (const width of [360, 1280]) {
        const page = await browser.newPage({ viewport: { width, height: 740 } });
        await page.goto(`${site}/fa/news/${demo.record}`);
        const at = await page.evaluate(() => {
            const brand = document.querySelector('.brand')?.getBoundingClientRect();
            return { dir: document.documentElement.dir, middle: (brand?.left ?? 0) + (brand?.width ?? 0) / 2, width: document.documentElement.clientWidth };
        });
        check(at.dir === 'rtl' && at.middle > at.width / 2, `right to left ${width}: the page begins at the right`, at);
        const faults = (await layoutFaults(page)).filter((/** @type {string} */ f) => f.startsWith('wider'));
        check(faults.length === 0, `right to left ${width}: nothing is wider than the window`, faults);
        await page.close();
    }
}

const LANGS = ['en', 'ru', 'tk', 'fa'];
const AT_ONCE = 3;

/** Which languages axe-core reads a view in, besides the ruler, which reads a public page in all. Public pages and the editor: English, and one more
 * in turn, the first of each kind right to left. The desk: one, in turn. @param {ReturnType<typeof views>} all @returns {Map<string, string[]>} by name */
function measuredIn(all) {
    const kinds = new Set();
    const turns = { public: 0, desk: 0 };
    return new Map(all.map((view) => {
        const [kind] = view.name.split('-');
        if (view.who && kind !== 'editor') return [view.name, [LANGS[(turns.desk += 1) % LANGS.length]]];
        if (kinds.has(kind)) return [view.name, ['en', LANGS[1 + (turns.public += 1) % (LANGS.length - 1)]]];
        kinds.add(kind);
        return [view.name, ['en', 'fa']];
    }));
}

/** One page by axe-core and the ruler on a phone, in its languages. @param {any} page @param {string} site @param {ReturnType<typeof views>[0]} view
 * @param {string[]} langs */
async function measure(page, site, view, langs) {
    /** @type {string[]} */
    const faults = [];
    const isPublic = !view.act && view.path.startsWith('/{lang}');
    for (const lang of LANGS.filter((l) => langs.includes(l) || isPublic)) {
        await page.goto(site + view.path.replaceAll('{lang}', lang));
        if (view.act) await view.act(page);
        const found = [...langs.includes(lang) ? await axeFaults(page) : [], ...await layoutFaults(page)];
        faults.push(...found.map((f) => `${lang}: ${f}`));
    }
    return faults;
}

/** Every page and state there is, a few at a time. One tab reads one after the other: a new one reads axe-core's half a megabyte anew, which took four
 * times as long (4.0 against 0.8 to 1.0 s a page). @param {any} browser @param {string} site @param {any} demo */
async function accessible(browser, site, demo) {
    const make = () => browser.newContext({ viewport: { width: 360, height: 740 } });
    const made = { anonymous: await make(), staff: await make(), member: await make() };
    await signIn(made.staff, site, demo);
    await openLink(made.member, site, demo);
    const all = views(demo);
    const langs = measuredIn(all);
    /** @type {Map<string, string[]>} */
    const found = new Map();
    const rest = [...all];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        /** @type {Map<any, any>} */
        const tabs = new Map();
        for (let view = rest.shift(); view; view = rest.shift()) {
            const context = made[view.who ?? 'anonymous'];
            const page = tabs.get(context) ?? await context.newPage();
            tabs.set(context, page);
            found.set(view.name, await measure(page, site, view, langs.get(view.name) ?? []));
        }
    }));
    for (const view of all) check(found.get(view.name)?.length === 0, `accessible: ${view.name} (${langs.get(view.name)})`, found.get(view.name)?.join('\n  # '));
    for (const context of Object.values(made)) await context.close();
}

/** A guide is heard, by the keyboard and without script; nothing of it is loaded before, and none is left in the cache. The server makes it after
 * the slides. @param {any} browser @param {string} site @param {string} lang */
async function heard(browser, site, lang) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    const url = `${site}/${lang}/guides/tm-tr`;
    /** @type {string[]} */
    const loaded = [];
    await eventually(`heard ${lang}: the voice is made`, async () => (await page.request.get(url).then((/** @type {any} */ r) => r.text())).includes('<audio'), 120000);
    page.on('request', (/** @type {any} */ r) => { if (r.url().endsWith('.mp3')) loaded.push(r.url()); });
    await page.goto(url);
    check(loaded.length === 0, `heard ${lang}: no sound is loaded before somebody listens`, loaded);
    /** @type {number[]} */
    const tops = await page.evaluate(() => ['main h1', 'main .lead', 'audio', 'main h2'].map((s) => document.querySelector(s)?.getBoundingClientRect().top ?? NaN));
    check(tops.every((top, i) => !i || top > tops[i - 1]), `heard ${lang}: the player stands below title and introduction, above the statements`, tops);
    await page.emulateMedia({ media: 'print' });
    check(!await page.isVisible('audio') && await page.isVisible('main h1'), `heard ${lang}: it is not printed`);
    await page.emulateMedia({ media: 'screen' });
    const src = await page.$eval('audio', (/** @type {HTMLAudioElement} */ e) => e.src);
    await page.focus('audio');
    await page.keyboard.press('Space');
    const at = () => page.$eval('audio', (/** @type {HTMLAudioElement} */ e) => ({ at: e.currentTime, length: e.duration, fault: e.error?.message ?? '' }));
    await eventually(`heard ${lang}: it plays`, async () => (await at()).at > 1);
    const now = await at();
    check(now.length > 60 && now.fault === '', `heard ${lang}: all of it`, now);
    const part = await page.request.get(src, { headers: { Range: 'bytes=1000-1999' } });
    check(part.status() === 206 && (await part.body()).length === 1000 && part.headers()['cache-control'] === 'no-store', `heard ${lang}: a part of it can be asked for`,
        { status: part.status(), headers: part.headers() });
    await context.close();
}

/** What the answers to a job offer show, without script: signs at once, "no sign" not before the last question. @param {any} browser @param {string} site */
async function jobOffer(browser, site) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    await page.goto(`${site}/en/offer/deciding`);
    const shown = () => page.$$eval('.r', (/** @type {Element[]} */ all) => all.filter((e) => e.getClientRects().length).map((e) => e.className.split(' ')[1]).join());
    /** @type {string[]} */
    const clear = await page.$$eval('.q', (/** @type {Element[]} */ all) => all.map((q) => q.querySelector('input:not(.s)')?.id ?? ''));
    const states = [await shown()];
    for (const id of clear) {
        await page.click(`label[for="${id}"]`);
        states.push(await shown());
    }
    check(clear.length === 16 && states.slice(0, -1).every((s) => s === 'r-wait') && states[16] === 'r-none', 'offer: "no sign" waits for the last answer', states);
    await page.click('label[for="q1-unknown"]');
    check(await shown() === 'r-signs', 'offer: a sign takes it away', await shown());
    await page.click('button[type="reset"]');
    await page.click('label[for="q7-yes"]');
    check(await shown() === 'r-stop', 'offer: what weighs much is said at the first answer', await shown());
    await page.emulateMedia({ media: 'print' });
    check((await shown()).split(',').length === 4, 'offer: all readings are printed', await shown());
    await context.close();
}

/** @param {string} program */
export async function playReader(program) {
    const server = new Server(program);
    const browser = await openPlain();
    /** @type {Awaited<ReturnType<typeof openFirefox>> | undefined} */
    let firefox;
    try {
        const demo = server.demo();
        await server.start();
        await promises(browser, server.url, demo);
        await jobOffer(browser, server.url);
        for (const width of [360, 1280]) {
            const page = await browser.newPage({ viewport: { width, height: 740 } });
            await keyboard(page, server.url, 'en', `Chromium, ${width} px`);
            await page.close();
        }
        firefox = await openFirefox({ hz: 440 });
        await keyboard(firefox.page, server.url, 'en', 'Firefox');
        await keyboard(firefox.page, server.url, 'fa', 'Firefox, right to left');
        await rightToLeft(browser, server.url, demo);
        await quickExit(browser, server.url);
        for (const lang of ['en', 'tk']) await heard(browser, server.url, lang);
        await accessible(browser, server.url, demo);
    } finally {
        await firefox?.close();
        await browser.close();
        await server.remove();
    }
}
