// What goes wrong on the way, and what the room does about it: a script that does not come, a picture that does not come, a server that
// dies with a message in its hands, a microphone that is unplugged, keys that mean something else, a locked door. A host, a
// participant on a phone, and an observer who comes too late, in three Chromium.
import { openChromium } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';
import { hears, press, roomState } from './lib/room.mjs';
import { enter, numberOf, reaches, shot } from './seminar.mjs';

const TONE = { host: 440, phone: 1000, observer: 1400 };
const HEARD = 35;
/** As the style sheet has it, and what a machine under load may add. */
const STUCK_MS = 10000;
const BUSY_MS = 4000;
/** A toast is gone after 8 s. */
const TOAST_MS = 8000;

/** The page's own words. @param {any} page @param {string} key @returns {Promise<string>} */
function textOf(page, key) {
    return page.evaluate(async (/** @type {string} */ k) => {
        const url = new URL(`../${document.getElementById('room')?.dataset.texts}`, /** @type {HTMLScriptElement} */ (document.querySelector('script[type="module"]')).src);
        return (await (await fetch(url)).json()).texts[k];
    }, key);
}

/** @param {any} page @param {string} id @returns {Promise<string>} what stands there to be seen */
function seen(page, id) {
    return page.evaluate((/** @type {string} */ i) => {
        const e = document.getElementById(i);
        return e && e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height > 20 ? e.innerText.trim() : '';
    }, id);
}

/** A page that lacks one of its files says so by itself, and hides it as long as it may only be slow.
 * @param {any} context @param {string} url @param {{ lost: string, lang: string, motion: 'reduce' | 'no-preference', isAtOnce: boolean }} how */
async function stuck(context, url, { lost, lang, motion, isAtOnce }) {
    const who = `without ${lost}, ${lang}`;
    const page = await context.newPage();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ reducedMotion: motion });
    await page.route(lost, (/** @type {any} */ route) => route.abort());
    const began = Date.now();
    await page.goto(`${url}?lang=${lang}`);
    if (!isAtOnce) check(await seen(page, 'room-stuck') === '', `${who}: nothing is said while the page may only be slow`);
    const words = await eventually(`${who}: the page says that it does not begin`, () => seen(page, 'room-stuck'), STUCK_MS + BUSY_MS);
    const ms = Date.now() - began;
    check(isAtOnce ? ms < STUCK_MS / 2 : ms > STUCK_MS / 2, `${who}: ${isAtOnce ? 'at once, since it knows' : 'when it has waited'}`, ms);
    check(String(words).length > 60 && await page.evaluate(() => Boolean(document.querySelector('[data-do="join"][disabled]'))), `${who}: and "Enter" is grey`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    check(width <= 360, `${who}: the sentence fits the phone`, width);
    await shot(page, `room-stuck-${lang}-360`);
    await page.close();
}

/** @param {any} page @returns {Promise<boolean>} */
async function isReady(page) {
    await eventually('the join button is ready', () => page.evaluate(() => Boolean(document.querySelector('[data-do="join"]:not([disabled])'))));
    return await seen(page, 'room-stuck') === '';
}

/** The picture of the slide that is shown; 0: it has not come. @param {any} page @param {number} number @returns {Promise<number>} */
function slide(page, number) {
    return page.evaluate((/** @type {number} */ n) => {
        const img = /** @type {HTMLImageElement} */ (document.getElementById('room-slide'));
        return img.src.includes(`/${n}-`) && img.complete ? img.naturalWidth : 0;
    }, number);
}

/** Had one of the keys been a slide's, its message would be before this one. @param {any} host @param {string} text @param {string} there */
async function afterKeys(host, text, there) {
    await host.evaluate((/** @type {string} */ json) => {
        const f = /** @type {HTMLInputElement} */ (document.getElementById('room-chat-text'));
        f.value = JSON.parse(json);
        f.form?.requestSubmit();
    }, JSON.stringify(text)); // half a character comes through as its escape
    await eventually('host: the message is in the list', () => host.evaluate((/** @type {string} */ t) => [...document.querySelectorAll('#room-chat li p')].at(-1)?.textContent === t, there));
}

/** @param {any} host @param {any} phone */
async function slides(host, phone) {
    await phone.setViewportSize({ width: 360, height: 300 });
    await phone.evaluate(() => window.scrollTo(0, 0));
    await phone.keyboard.press('PageDown');
    await eventually('phone: without slides PageDown scrolls the page', () => phone.evaluate(() => window.scrollY > 20), 5000);
    await phone.setViewportSize({ width: 360, height: 740 });
    let aborted = 0;
    await phone.route(/\/slides\/\d+\/1-\w+\.webp$/, (/** @type {any} */ route) => {
        aborted += 1;
        if (aborted > 1) route.continue();
        else route.abort();
    });
    await eventually('host: the sample slides are ready', () => host.evaluate(() => document.querySelectorAll('#room-decks li').length === 1), 60000);
    await host.click('#room-decks [data-do="deck"]');
    await eventually('phone: a picture that did not come is asked for again', () => slide(phone, 1));
    check(aborted === 2, 'phone: after the first time in vain', aborted);
    await host.keyboard.press('PageDown');
    await eventually('host: leafs by a key right after a click on "Show"', () => slide(host, 2));
    await host.focus('#room-chat');
    await host.keyboard.press('PageUp');
    await host.focus('#room-bar [data-do="leave"]');
    await host.keyboard.press('ArrowLeft');
    await afterKeys(host, 'بعد از کلیدها', 'بعد از کلیدها');
    check(await slide(host, 2) > 0, 'host: keys in the messages and in the bar change nobody\'s slide');
    const way = await host.evaluate(() => getComputedStyle(/** @type {Element} */ (document.querySelector('#room-chat li p'))).direction);
    check(way === 'rtl', 'host: a Dari message on an English page runs from right to left', way);
    await host.click('#room-bar [data-do="mic"]');
    await host.click('#room-bar [data-do="mic"]');
    await host.keyboard.press('PageUp');
    await eventually('host: after a click on the bar the keys are the slides\'', () => slide(host, 1));
    const focused = () => host.evaluate(() => document.activeElement?.getAttribute('data-do'));
    check(await focused() === 'mic', 'host: and the button has the focus still', await focused());
    await host.keyboard.press('Tab');
    await host.keyboard.press('Shift+Tab');
    check(await focused() === 'mic', 'host: comes back to it by keys', await focused());
    await host.keyboard.press('PageDown');
    await afterKeys(host, 'a\ud800\0b', 'ab'); // with half a character, which the server would not read
    check(await slide(host, 1) > 0, 'host: then the keys are the bar\'s');
}

/** What stands in the field of the messages. @param {any} page @returns {Promise<{ text: string, isLocked: boolean }>} */
function field(page) {
    return page.evaluate(() => {
        const f = /** @type {HTMLInputElement} */ (document.getElementById('room-chat-text'));
        return { text: f.value, isLocked: f.readOnly };
    });
}

/** A message behind more than the server hears at once. @param {any} phone */
async function tooMany(phone) {
    const text = 'Bir sorag';
    const now = await phone.evaluate((/** @type {string} */ t) => {
        const f = /** @type {HTMLInputElement} */ (document.getElementById('room-chat-text'));
        const lock = /** @type {HTMLElement} */ (document.querySelector('[data-do="lock"]')); // not his to press: refused, and counted
        for (let i = 0; i < 60; i += 1) lock.click();
        f.value = t;
        f.form?.requestSubmit();
        return f.readOnly;
    }, text);
    check(now, 'phone: a message is on its way');
    await eventually('phone: the server hears no more, and the field is free again', async () => !(await field(phone)).isLocked);
    check((await field(phone)).text === text, 'phone: with the message in it');
    check(await seen(phone, 'room-toast') === await textOf(phone, 'room.error_busy'), 'phone: is told why');
    await phone.waitForTimeout(1000);
    await phone.evaluate(() => /** @type {HTMLInputElement} */ (document.getElementById('room-chat-text')).form?.requestSubmit());
    await eventually('phone: a moment later it gets through', async () => (await field(phone)).text === '');
}

/** The server stands still, gets a message and dies with it. @param {Server} server @param {any} host @param {any} phone */
async function message(server, host, phone) {
    const isThere = (/** @type {string} */ text) => host.evaluate((/** @type {string} */ t) => [...document.querySelectorAll('#room-chat p')].some((p) => p.textContent === t), text);
    await press(phone, 'people');
    await phone.focus('#room-chat-text');
    server.child?.kill('SIGSTOP');
    await phone.keyboard.type('Salam, otag');
    await phone.keyboard.press('Enter');
    const held = await field(phone);
    check(held.text === 'Salam, otag' && held.isLocked, 'phone: a message stays in the field until it stands in the list', held);
    await server.stop('SIGKILL');
    for (const page of [host, phone]) await reaches(page, 'notices the broken line', { control: 'broken' });
    await server.start();
    for (const page of [host, phone]) await reaches(page, 'is back by itself', { state: 'open', control: 'open', listen: 'connected' });
    const back = await eventually('phone: what nobody got is in the field still, and can be changed', async () => {
        const now = await field(phone);
        return now.text === 'Salam, otag' && !now.isLocked ? now : false;
    });
    check(Boolean(back) && !await isThere('Salam, otag'), 'host: has it not');
    check(await seen(phone, 'room-toast') === await textOf(phone, 'room.chat_unsent'), 'phone: is told so');
    await phone.keyboard.press('Enter');
    await eventually('host: has it when it is sent again', () => isThere('Salam, otag'));
    await eventually('phone: and then the field is empty', async () => (await field(phone)).text === '');
    await press(phone, 'people');
}

/** The host's microphone, chosen in the check, is pulled out. @param {any} host @param {any} phone */
async function unplugged(host, phone) {
    const id = await numberOf(host);
    const isOn = (/** @type {string} */ is) => phone.evaluate((/** @type {string[]} */ [n, v]) => document.querySelector(`#room-people li[data-person="${n}"]`)?.getAttribute('data-mic') === v, [id, is]);
    await eventually('phone: the host\'s microphone is on', () => isOn('true'));
    const exact = await host.evaluate(() => /** @type {HTMLSelectElement} */ (document.getElementById('room-mics')).value);
    check(exact !== '', 'host: has chosen a microphone', exact);
    await host.evaluate(() => {
        const media = /** @type {any} */ (navigator.mediaDevices);
        const real = media.getUserMedia.bind(media);
        media.refused = 0;
        media.getUserMedia = (/** @type {any} */ wish) => {
            if (!wish.audio?.deviceId) return real(wish);
            media.refused += 1;
            return Promise.reject(new OverconstrainedError('deviceId'));
        };
        for (const track of media.tracks.filter((/** @type {MediaStreamTrack} */ t) => t.kind === 'audio' && t.readyState === 'live')) {
            track.stop();
            track.dispatchEvent(new Event('ended'));
        }
    });
    await eventually('phone: the unplugged microphone is shown off', () => isOn('false'));
    check(await seen(host, 'room-toast') === await textOf(host, 'room.mic_lost'), 'host: is told so');
    check(await host.evaluate(() => document.querySelector('#room-bar [data-do="mic"]')?.getAttribute('aria-pressed')) === 'false', 'host: and the button says so');
    await press(host, 'mic');
    await eventually('phone: another one is on', () => isOn('true'));
    await eventually('phone: and heard', async () => (await hears(phone, [TONE.host]))[0] > HEARD);
    const refused = await host.evaluate(() => /** @type {any} */ (navigator.mediaDevices).refused);
    check(refused === 1, 'host: the chosen one was asked for first', refused);
}

/** A camera takes two seconds to open, and the person thinks better of it meanwhile. @param {any} host */
async function slowCamera(host) {
    const live = () => host.evaluate(() => /** @type {any} */ (navigator.mediaDevices).tracks.filter((/** @type {MediaStreamTrack} */ v) => v.kind === 'video' && v.readyState === 'live').length);
    await press(host, 'leave');
    await host.evaluate(() => {
        const media = /** @type {any} */ (navigator.mediaDevices);
        const real = media.getUserMedia.bind(media);
        media.came = 0;
        media.asked = 0;
        media.getUserMedia = async (/** @type {any} */ wish) => {
            if (!wish.video) return real(wish);
            media.asked += 1;
            await new Promise((resolve) => { setTimeout(resolve, 2000); });
            const stream = await real(wish);
            media.came += 1;
            return stream;
        };
    });
    await host.setChecked('#room-with-camera', true);
    await press(host, 'try');
    await eventually('host: the camera is being opened', () => host.evaluate(() => /** @type {any} */ (navigator.mediaDevices).asked === 1));
    await host.setChecked('#room-with-camera', false);
    await press(host, 'join');
    await eventually('host: it has come after all', () => host.evaluate(() => /** @type {any} */ (navigator.mediaDevices).came === 1));
    await eventually('host: and is shut', async () => await live() === 0);
    await reaches(host, 'host: is in without a camera', { state: 'open', publish: 'connected' });
    check(await host.evaluate(() => document.querySelector('#room-bar [data-do="camera"]')?.getAttribute('aria-pressed')) === 'false', 'host: the button says so');
}

/** A hand does not come back with somebody who had left. @param {any} host @param {any} phone */
async function hand(host, phone) {
    const hands = () => host.evaluate(() => document.querySelectorAll('#room-hands li').length);
    await press(phone, 'hand');
    await eventually('host: sees the hand', async () => (await hands()) === 1);
    await press(phone, 'leave');
    await eventually('host: the hand has left', async () => (await hands()) === 0);
    await press(phone, 'join');
    await reaches(phone, 'phone: is in again', { state: 'open', listen: 'connected' });
    const id = await numberOf(phone);
    await eventually('host: sees who came back', () => host.evaluate((/** @type {string} */ n) => document.querySelector(`#room-people li[data-person="${n}"]`)?.getAttribute('data-away') === 'false', id));
    check(await hands() === 0 && await phone.evaluate(() => document.querySelector('[data-do="hand"]')?.getAttribute('aria-pressed')) === 'false', 'phone: its hand is down');
}

/** @param {any} host @param {any} observer @param {string} link */
async function lockedOut(host, observer, link) {
    await press(host, 'lock');
    await eventually('host: the door is locked', () => seen(host, 'room-locked'));
    await enter(observer, link, 'observer');
    const why = await textOf(observer, 'room.locked_out');
    await eventually('observer: the reason is said', async () => (await seen(observer, 'room-line')) === why);
    await observer.waitForTimeout(TOAST_MS + 1000);
    const words = await seen(observer, 'room-line');
    check(words === why && (await roomState(observer)).control === 'broken', 'observer: and stands there as long as it holds', words);
}

/** @param {string} program */
export async function playMishap(program) {
    const server = new Server(program, { announce: '10.99.0.1' });
    /** @type {Array<{ close: () => Promise<void> }>} */
    const open = [];
    try {
        const demo = server.demo();
        await server.start();
        const linkOf = (/** @type {string} */ role, /** @type {string} */ word) => server.url +
            demo.people.find((/** @type {any} */ v) => v.role === role && v.person.includes(word)).path;
        const [host, phone, observer] = await Promise.all([openChromium({ hz: TONE.host }),
            openChromium({ hz: TONE.phone, width: 360, height: 740, locale: 'tk' }), openChromium({ hz: TONE.observer })]);
        open.push(host, phone, observer);
        const p = { host: host.page, phone: phone.page };
        await p.host.addInitScript(() => { // what was opened, for pulling it out
            const media = /** @type {any} */ (navigator.mediaDevices);
            const real = media.getUserMedia.bind(media);
            media.tracks = [];
            media.getUserMedia = async (/** @type {any} */ wish) => {
                const stream = await real(wish);
                media.tracks.push(...stream.getTracks());
                return stream;
            };
        });
        await enter(p.host, linkOf('host', 'secretariat'), 'host');
        await reaches(p.host, 'host: is in', { state: 'open', publish: 'connected' });
        await press(p.host, 'leave');
        await press(p.host, 'try');
        await eventually('host: has microphones to choose from', () => p.host.evaluate(() => document.querySelectorAll('#room-mics option').length > 1));
        await press(p.host, 'join');
        await reaches(p.host, 'host: is in again, with a checked microphone', { state: 'open', publish: 'connected' });
        check(await p.host.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('[data-do="end"]')).hidden), 'host: what has not begun cannot be ended');
        await slowCamera(p.host);
        await press(p.host, 'go-live');
        await press(p.host, 'confirm');
        await enter(p.phone, linkOf('participant', 'Editor, society desk'), 'phone');
        await reaches(p.phone, 'phone: is in', { state: 'open', listen: 'connected' });
        check(await isReady(p.phone), 'phone: a page that began does not say that it did not');
        await slides(p.host, p.phone);
        await unplugged(p.host, p.phone);
        await tooMany(p.phone);
        await message(server, p.host, p.phone);
        await hand(p.host, p.phone);
        await lockedOut(p.host, observer.page, linkOf('observer', ''));
        const url = p.phone.url().split('?')[0];
        await Promise.all([
            stuck(phone.context, url, { lost: '**/js/usage*.js', lang: 'en', motion: 'no-preference', isAtOnce: false }),
            stuck(phone.context, url, { lost: '**/js/keys*.js', lang: 'fa', motion: 'reduce', isAtOnce: false }),
            stuck(phone.context, url, { lost: '**/*tk*.json', lang: 'tk', motion: 'reduce', isAtOnce: true }),
        ]);
    } finally {
        for (const b of open) await b.close().catch(() => undefined);
        if (process.env.KENGESH_TEST_LOG) console.log(server.log);
        await server.remove();
    }
}
