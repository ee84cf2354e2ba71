// The model seminar from the personal link to the news item, in four Chromium and one Firefox: host, expert with slides, a
// participant on a phone, an observer, and a participant in Firefox. Everybody has a tone of his own, so the test hears who reaches
// whom; the server is killed once in the middle. Tests before and after, attendance, certificate, news and the donor's sheet follow.
import { mkdirSync } from 'node:fs';
import { publishNews } from './news.mjs';
import { openChromium, openFirefox, openPlain } from './lib/browsers.mjs';
import { leaves } from './lib/leave.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';
import { RIGHT, WRONG, answer, certificate, openPostTest, sheet, signIn } from './teach.mjs';
import { hears, moves, pictures, press, pressFor, roomState } from './lib/room.mjs';

const TONE = { host: 440, expert: 700, phone: 1000, firefox: 1400, observer: 1900 };
/** Decibels above the median of the spectrum: a tone that is played gives 60 and more, one that is not stays under 20. */
const HEARD = 35;
const SHOTS = 'tests/browser/out';
/** All that the room loads at first: page, scripts, styles, texts, as they come over the line. */
const FIRST_LOAD_BYTES = 60000;
/** From the start of the new server to the last page that hears again. */
const BACK_MS = 3000;

/** @param {any} page @param {string} name */
export async function shot(page, name) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

/** From the personal link into the room: the page of the link, its button, and the join button are three clicks in all.
 * @param {any} page @param {string} url @param {string} who */
export async function enter(page, url, who) {
    await page.goto(url);
    check(!page.url().includes('/room'), `${who}: opening the link changes nothing`, page.url());
    await Promise.all([
        page.waitForNavigation(),
        page.evaluate(() => {
            const form = document.querySelector('form[action$="/open"]');
            if (!(form instanceof HTMLFormElement)) throw new Error('no button that opens the room');
            /** @type {HTMLElement | null} */ (form.querySelector('button'))?.click();
        }),
    ]);
    check(/\/s\/[^/]+\/room$/.test(page.url()), `${who}: the room's address carries no secret`, page.url());
    await eventually(`${who}: the join button is ready`, () => page.evaluate(() => Boolean(document.querySelector('[data-do="join"]:not([disabled])'))));
    await press(page, 'join');
}

/** @param {any} page */
async function firstLoad(page) {
    const bytes = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .reduce((sum, e) => sum + /** @type {PerformanceResourceTiming} */ (e).encodedBodySize, 0));
    check(bytes > 10000 && bytes <= FIRST_LOAD_BYTES, `the room's first load has at most ${FIRST_LOAD_BYTES} bytes`, bytes);
}

/** What the page shows of the slides. @param {any} page @returns {Promise<{ src: string, alt: string, width: number }>} */
function slideOf(page) {
    return page.evaluate(() => {
        const img = /** @type {HTMLImageElement} */ (document.getElementById('room-slide'));
        const isShown = !document.getElementById('room-slides')?.hidden;
        return { src: isShown ? new URL(img.src, location.href).pathname : '', alt: img.alt, width: isShown && img.complete ? img.naturalWidth : 0 };
    });
}

/** @param {any} page @param {string} name @param {number} number */
function sees(page, name, number) {
    return eventually(`${name} sees slide ${number}`, async () => {
        const s = await slideOf(page);
        return new RegExp(`/${number}-(small|medium|large)\\.webp$`).test(s.src) && s.width >= 320 && s.alt.length > 10 ? s : false;
    });
}

/** Lists scroll on a laptop, and the page does not, whatever stands above them. @param {any} page @param {string} who */
async function fits(page, who) {
    await eventually(`${who}: the strip of open tests is shown`, () => page.evaluate(() => (document.getElementById('room-tests')?.offsetHeight ?? 0) > 0));
    const over = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    check(over === 0, `${who}: all of the room is on the screen with it`, over);
}

/** @param {Record<string, any>} p */
async function slides(p) {
    await eventually('expert: the sample slides are ready', () => p.expert.evaluate(() => document.querySelectorAll('#room-decks li').length === 1), 60000);
    await press(p.expert, 'deck');
    for (const name of ['expert', 'host', 'phone', 'firefox']) await sees(p[name], name, 1);
    for (const name of ['host', 'firefox']) await fits(p[name], name);
    await p.expert.keyboard.press('PageDown');
    for (const name of ['expert', 'host', 'phone', 'firefox']) await sees(p[name], name, 2);
    await press(p.phone, 'slide-back');
    await sees(p.phone, 'phone: leafing back', 1);
    await sees(p.host, 'host: is not disturbed by it:', 2);
    await press(p.expert, 'slide-on');
    await sees(p.host, 'host', 3);
    await sees(p.phone, 'phone: stays where it leafed:', 1);
    await press(p.phone, 'slide-follow');
    await sees(p.phone, 'phone: back to the speaker:', 3);
    const small = (await slideOf(p.phone)).src.replace(/-\w+\.webp$/, '-small.webp');
    const kept = await p.phone.evaluate(async (/** @type {string} */ url) => (await (await fetch(url)).arrayBuffer()).byteLength, small);
    check(kept > 500 && kept <= 20000, 'the small picture of a slide has at most 20 kB', kept);
    const stranger = await p.phone.evaluate(async (/** @type {string} */ url) => (await fetch(url, { credentials: 'omit', cache: 'no-store' })).status, small);
    check(stranger === 401, 'slides are not for strangers', stranger);
}

/** Every page notes when it last began to hear. @param {Record<string, any>} p */
async function noteListening(p) {
    for (const page of Object.values(p)) {
        await page.evaluate(() => {
            const room = /** @type {HTMLElement} */ (document.getElementById('room'));
            room.removeAttribute('data-heard-at');
            new MutationObserver(() => {
                if (room.dataset.listen === 'connected' && room.dataset.control === 'open') room.dataset.heardAt = String(Date.now());
            }).observe(room, { attributes: true, attributeFilter: ['data-listen', 'data-control'] });
        });
    }
}

/** Kills the server and starts it: milliseconds from the start until the last page heard again.
 * @param {Server} server @param {Record<string, any>} p */
async function bounce(server, p) {
    await noteListening(p);
    await server.stop('SIGKILL');
    for (const name of Object.keys(p)) await reaches(p[name], `${name}: notices the broken line`, { control: 'broken' }).catch(() => undefined);
    const from = Date.now();
    await server.start();
    for (const name of Object.keys(p)) await reaches(p[name], `${name}: is back by itself`, { state: 'open', control: 'open', listen: 'connected', seminar: 'live' });
    const heard = await Promise.all(Object.values(p).map((page) => page.evaluate(() => Number(document.getElementById('room')?.dataset.heardAt))));
    return Math.max(...heard) - from;
}

/** The server is killed and started again: all are back by themselves, and all is as it was.
 * @param {Server} server @param {Record<string, any>} p @param {string} onStage */
async function restart(server, p, onStage) {
    await press(p.observer, 'leave'); // has left on purpose: does not come back
    await p.phone.keyboard.press('h');
    const id = await numberOf(p.phone);
    const isUp = () => p.host.evaluate((/** @type {string} */ n) => Boolean(document.querySelector(`li[data-person="${n}"][data-hand="1"]`)), id);
    await eventually('phone: raises a hand by the key H', isUp);
    const { observer, ...rest } = p;
    const last = await bounce(server, rest);
    check(last <= BACK_MS, `all are back within ${BACK_MS} ms of the server's start`, last);
    console.log(`# restart: the last page heard again ${last} ms after the server's start`);
    await sees(rest.phone, 'phone: after the restart', 3);
    await eventually('host: the hand is still up', isUp);
    await allHear(['host', 'phone', 'firefox'], rest, onStage, ' again');
}

/** @param {any} page @param {string} name @param {Record<string, string>} wanted */
export function reaches(page, name, wanted) {
    return eventually(name, async () => {
        const state = await roomState(page);
        return Object.entries(wanted).every(([key, value]) => state[key] === value) ? state : false;
    });
}

/** @param {any} page @param {string} name @param {string} tone */
function isHeard(page, name, tone) {
    const hz = TONE[/** @type {keyof typeof TONE} */ (tone)];
    return eventually(name, async () => (await hears(page, [hz]))[0] > HEARD);
}

/** Each listens for two seconds and more: all at the same time. @param {string[]} names @param {Record<string, any>} p @param {string} tone @param {string} [when] */
function allHear(names, p, tone, when = '') {
    return Promise.all(names.map((name) => isHeard(p[name], `${name} hears ${tone}${when}`, tone)));
}

/** The person's number as his own page says it. @param {any} page @returns {Promise<string>} */
export async function numberOf(page) {
    return (await roomState(page)).person ?? '';
}

/** @param {Record<string, any>} p pages by name */
async function practice(p) {
    await reaches(p.host, 'host: the room opens in practice', { state: 'open', seminar: 'practice', listen: 'connected' });
    await reaches(p.expert, 'expert: is backstage', { state: 'open', listen: 'connected' });
    await reaches(p.phone, 'participant: waits', { state: 'waiting' });
    await reaches(p.firefox, 'Firefox: waits', { state: 'waiting' });
    await reaches(p.host, 'host: publishes', { publish: 'connected' });
    await reaches(p.expert, 'expert: publishes', { publish: 'connected' });
    await isHeard(p.host, 'practice: the host hears the expert', 'expert');
    const silence = await hears(p.phone, [TONE.host, TONE.expert]);
    check(silence.every((v) => v < HEARD), 'practice: the participant hears nobody', silence);
}

/** @param {Record<string, any>} p */
async function live(p) {
    await press(p.host, 'go-live');
    await press(p.host, 'confirm');
    for (const name of ['host', 'expert', 'phone', 'firefox']) {
        await reaches(p[name], `${name}: is on air`, { state: 'open', seminar: 'live', listen: 'connected' });
    }
    await pressFor(p.host, 'stage', await numberOf(p.expert));
    await allHear(['host', 'phone', 'firefox'], p, 'expert');
    for (const name of ['host', 'phone', 'firefox']) {
        await eventually(`${name} sees the expert on the stage`, async () => {
            const v0 = (await pictures(p[name])).V0;
            return v0 && v0.frames > 5 && v0.width > 0;
        });
        check(await moves(p[name], 'V0'), `${name}: the picture on the stage moves`);
    }
    await allHear(['expert', 'phone', 'firefox'], p, 'host');
    const self = await p.expert.evaluate(() => {
        const v = /** @type {HTMLVideoElement} */ (document.getElementById('room-self'));
        return { video: v.videoWidth, frames: v.getVideoPlaybackQuality().totalVideoFrames, shown: v.offsetWidth, stage: /** @type {HTMLElement} */ (v.parentElement).clientWidth };
    });
    check(self.video > 0 && self.frames > 20 && self.shown === self.stage, 'expert: who is on the stage sees the own picture there', self);
    const own = await hears(p.expert, [TONE.expert]);
    check(own[0] < HEARD, 'expert: does not hear himself', own);
    await firstLoad(p.phone);
    await slides(p);
    await shot(p.phone, 'room-participant-360');
    await shot(p.expert, 'room-expert-1280');
    await shot(p.host, 'room-host-1280');
}

/** A participant raises a hand and gets the stage; the others hear the new tone. @param {Record<string, any>} p @param {string} who */
async function giveStage(p, who) {
    await press(p[who], 'hand');
    const id = await numberOf(p[who]);
    await eventually(`host: sees ${who}'s hand`, () => p.host.evaluate((/** @type {string} */ n) =>
        Boolean(document.querySelector(`[data-person="${n}"][data-hand]:not([data-hand="0"])`)), id));
    await pressFor(p.host, 'stage', id);
    await eventually(`${who}: may publish`, async () => ((await roomState(p[who])).may ?? '').includes('publish'));
    if ((await roomState(p[who])).publish !== 'connected') await press(p[who], 'mic');
    await reaches(p[who], `${who}: publishes`, { publish: 'connected' });
    await allHear(Object.keys(p).filter((n) => n !== who), p, who);
}

/** @param {Record<string, any>} p */
async function reload(p) {
    await p.phone.reload();
    const state = await roomState(p.phone);
    if (state.state === 'idle') await press(p.phone, 'join');
    await reaches(p.phone, 'participant: is back after a reload', { state: 'open', listen: 'connected' });
    await isHeard(p.phone, 'participant: hears again after the reload', 'host');
}

/** @param {Record<string, any>} p */
async function close(p) {
    await press(p.host, 'end');
    await press(p.host, 'confirm');
    for (const name of Object.keys(p)) await reaches(p[name], `${name}: sees that the seminar has ended`, { state: 'ended' });
}

/** One person has answered both tests: the sheet may not say the gain. @param {Server} server @param {any} demo */
async function handOver(server, demo) {
    const browser = await openPlain();
    try {
        const organiser = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en' });
        await signIn(organiser, server.url, demo);
        await sheet(organiser, server, demo, 1);
    } finally {
        await browser.close();
    }
}

/** @param {string} program */
export async function playSeminar(program) {
    const server = new Server(program, { announce: '10.99.0.1' });
    /** @type {Array<{ close: () => Promise<void> }>} */
    const open = [];
    try {
        const demo = server.demo();
        await server.start();
        const linkOf = (/** @type {string} */ role, /** @type {string} */ part) => {
            const person = demo.people.find((/** @type {any} */ v) => v.role === role && v.person.includes(part));
            return server.url + person.path;
        };
        const host = await openChromium({ hz: TONE.host });
        open.push(host);
        const expert = await openChromium({ hz: TONE.expert });
        open.push(expert);
        const phone = await openChromium({ hz: TONE.phone, width: 360, height: 740, locale: 'tk' });
        open.push(phone);
        const firefox = await openFirefox({ hz: TONE.firefox });
        open.push(firefox);
        const p = { host: host.page, expert: expert.page, phone: phone.page, firefox: firefox.page };
        await enter(p.host, linkOf('host', 'secretariat'), 'host');
        await enter(p.expert, linkOf('speaker', 'Expert'), 'expert');
        await enter(p.phone, linkOf('participant', 'Editor, society desk'), 'participant');
        await enter(p.firefox, linkOf('participant', 'Correspondent'), 'Firefox');
        await practice(p);
        await live(p);
        const before = await p.phone.context().newPage(); // a second tab on the phone; left open it would put the room to sleep
        await answer(before, server.url, demo, 'pre', WRONG);
        await before.close();
        const observer = await openChromium({ hz: TONE.observer, locale: 'ru' });
        open.push(observer);
        await enter(observer.page, linkOf('observer', ''), 'observer');
        await reaches(observer.page, 'observer: is let in at once, late', { state: 'open', listen: 'connected' });
        await sees(observer.page, 'observer: coming late', 3);
        await isHeard(observer.page, 'observer hears the expert', 'expert');
        check(!/publish|hand|chat/.test((await roomState(observer.page)).may ?? ''), 'observer: may only listen');
        await giveStage({ ...p, observer: observer.page }, 'phone');
        await giveStage(p, 'firefox');
        await reload(p);
        await pressFor(p.host, 'stage', await numberOf(p.expert));
        await restart(server, { ...p, observer: observer.page }, 'expert');
        await observer.close();
        open.splice(open.indexOf(observer), 1);
        const desk = await openPlain();
        open.push({ close: () => desk.close() });
        const organiser = await desk.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en' });
        await signIn(organiser, server.url, demo);
        await openPostTest(organiser, server.url, demo);
        const paper = await p.phone.context().newPage();
        await answer(paper, server.url, demo, 'post', RIGHT);
        await close(p);
        await certificate(paper, desk, server, demo);
        await leaves(p.firefox, server.url, 'Firefox, quick exit'); // its policy and its history are its own
        for (const b of open.splice(0)) await b.close();
        await publishNews(server, demo);
        await handOver(server, demo);
    } finally {
        for (const b of open) await b.close().catch(() => undefined);
        if (process.env.KENGESH_TEST_LOG) console.log(server.log);
        await server.remove();
    }
}
