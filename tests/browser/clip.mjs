// A film clip of a media kit: an editor brings it, somebody agrees, a reader plays it on a page without script, in two browsers.
import { axeFaults, layoutFaults } from './lib/axe.mjs';
import { openFirefox, openPlain } from './lib/browsers.mjs';
import { signIn } from './lib/pages.mjs';
import { Server } from './lib/server.mjs';
import { check } from './lib/tap.mjs';

const SEEN = 'A test card. A tone is heard.';

/** Presses the form's button and waits for the page it leads to. @param {any} page @param {string} selector */
async function send(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

/** Brings tests/data/clip/<name> and waits until it is clean. @param {any} page @param {string} desk @param {string} name */
async function bring(page, desk, name) {
    await page.goto(desk);
    await page.fill('textarea[name="seen_en"]', SEEN);
    await page.fill('#filmed', 'Kengesh, CC0');
    await page.setInputFiles('#clip', `tests/data/clip/${name}`);
    await send(page, 'form[action$="/clips"] button');
    for (const end = Date.now() + 60000; (await page.textContent('main')).includes('is being cleaned') && Date.now() < end;) {
        await page.waitForTimeout(500);
        await page.goto(desk);
    }
}

/** Makes the kit, open to everybody, with two clips. @param {any} page @param {string} site */
async function makeKit(page, site) {
    const desk = `${site}/desk/kits/films`;
    await page.goto(`${site}/desk/kits`);
    await page.fill('input[name="slug"]', 'films');
    await page.fill('textarea[name="title_en"]', 'Films');
    await send(page, 'form[action$="/desk/kits"] button[type="submit"]');
    await page.check('input[name="shown"]');
    await send(page, 'form[action$="/state"] button');
    for (const name of ['shot.mp4', 'shot.webm']) {
        await bring(page, desk, name);
        check((await page.textContent('main')).includes('nobody has agreed to its use yet'), `clip: ${name} waits for a consent`);
        await page.fill('li:has(form[action$="/clear"]):last-child input[name="by"]', 'Whoever filmed it');
        await send(page, 'li:last-child form[action$="/clear"] button');
    }
    check(await page.locator('video').count() === 2, 'clip: the desk shows both');
    for (const [width, height] of [[360, 740], [1280, 800]]) {
        await page.setViewportSize({ width, height });
        const faults = [...await axeFaults(page), ...await layoutFaults(page)];
        check(faults.length === 0, `clip: the desk's page is good at ${width}`, faults.join('\n  # '));
    }
}

/** Plays the i-th clip for a moment, muted; what came of it. @param {any} page @param {number} i */
function play(page, i) {
    return page.evaluate(async (/** @type {number} */ n) => {
        const video = /** @type {HTMLVideoElement} */ (document.querySelectorAll('video')[n]);
        video.muted = true;
        await video.play();
        for (const end = Date.now() + 10000; video.currentTime < 0.3 && Date.now() < end;) await new Promise((go) => { setTimeout(go, 50); });
        return { at: video.currentTime, width: video.videoWidth, error: video.error?.message ?? '', length: video.duration };
    }, i);
}

/** A reader on a telephone. @param {any} browser @param {string} site */
async function read(browser, site) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    /** @type {string[]} */
    const asked = [];
    page.on('request', (/** @type {any} */ r) => asked.push(r.url()));
    await page.goto(`${site}/en/kit/films`);
    check(!asked.some((u) => /\/clip\.(mp4|webm)$/.test(u)) && asked.some((u) => u.endsWith('/still.jpg')), 'clip: no film comes before somebody asks for it', asked);
    for (let i = 0; i < 2; i++) {
        const is = await play(page, i);
        check(is.at >= 0.3 && is.width === 160 && !is.error && is.length > 1.8, `clip: Chromium plays the ${i ? 'second' : 'first'}`, is);
    }
    const faults = [...await axeFaults(page), ...await layoutFaults(page)];
    check(faults.length === 0, 'clip: the page is good on a telephone', faults.join('\n  # '));
    await page.goto(`${site}/fa/kit/films`);
    const rtl = await layoutFaults(page);
    check(rtl.length === 0, 'clip: and from right to left', rtl.join('\n  # '));
    await context.close();
}

/** @param {string} program */
export async function playClip(program) {
    const server = new Server(program);
    const browser = await openPlain();
    /** @type {Awaited<ReturnType<typeof openFirefox>> | undefined} */
    let firefox;
    try {
        const demo = server.demo();
        await server.start();
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en' });
        await signIn(context, server.url, demo);
        await makeKit(await context.newPage(), server.url);
        await read(browser, server.url);
        firefox = await openFirefox({ hz: 440 });
        await firefox.page.goto(`${server.url}/en/kit/films`);
        const is = await play(firefox.page, 1);
        check(is.at >= 0.3 && is.width === 160 && !is.error, 'clip: Firefox plays the WebM', is);
    } finally {
        await firefox?.close();
        await browser.close();
        await server.remove();
    }
}
