// Interpretation in three Chromium: the host on the floor, an interpreter into Turkmen, and a Turkmen listener on a phone who chooses
// the channel, hears the interpreter's tone over the original turned down, gets the original back when the interpreter is silent,
// keeps the choice over a reload and over a kill of the server, and goes back to the floor.
import { openChromium } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';
import { contrasts, noteSaid, said, tabAround, tabTo } from './lib/keys.mjs';
import { hears, press, roomState } from './lib/room.mjs';
import { enter, reaches, shot } from './seminar.mjs';

const TONE = { host: 440, interpreter: 1150, listener: 1700 };
const HEARD = 35;

/** @param {any} page @param {string} lang of the channel; '' for the floor */
async function listenTo(page, lang) {
    await press(page, 'channel');
    await page.evaluate((/** @type {string} */ v) => {
        const choice = document.querySelector(`#room-channel-list input[value="${v}"]`);
        if (!(choice instanceof HTMLElement)) throw new Error(`no channel ${v}`);
        choice.click();
    }, lang);
}

/** How loud the page plays the floor. @param {any} page @returns {Promise<number>} */
function floor(page) {
    return page.evaluate(() => /** @type {HTMLAudioElement} */ (document.querySelector('audio[data-slot="A0"]')).volume);
}

/** @param {any} page @param {string} name @param {keyof typeof TONE} tone */
function isHeard(page, name, tone) {
    return eventually(name, async () => (await hears(page, [TONE[tone]]))[0] > HEARD);
}

/** @param {any} page @param {string} name @param {(v: number) => boolean} rule */
function floorIs(page, name, rule) {
    return eventually(name, async () => rule(await floor(page)), 15000);
}

/** How loud the check shows one's own voice, the most of a second. @param {any} page @returns {Promise<number>} */
function level(page) {
    return page.evaluate(async () => {
        let most = 0;
        for (let i = 0; i < 10; i += 1) {
            most = Math.max(most, /** @type {HTMLMeterElement} */ (document.getElementById('room-level')).value);
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return most;
    });
}

/** From the personal link into the room without a mouse, and the check of the devices on the way. @param {any} page @param {string} url */
async function enterByKeys(page, url) {
    const who = 'interpreter, keyboard alone';
    await page.goto(url);
    await tabTo(page, who, '/open');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await eventually(`${who}: the buttons are ready`, () => page.evaluate(() => Boolean(document.querySelector('[data-do="join"]:not([disabled])'))));
    await tabTo(page, who, 'try');
    await page.evaluate(() => { // what a refused permission looks like to a page
        const media = /** @type {any} */ (navigator.mediaDevices);
        media.granted = media.getUserMedia;
        media.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    await page.keyboard.press('Enter');
    await eventually(`${who}: a refused microphone is said, and what to do`, () => page.evaluate(() =>
        /** @type {HTMLElement} */ (document.querySelector('#room-no-device[role="alert"]:not([hidden])')).innerText.length > 60));
    await page.evaluate(() => { const media = /** @type {any} */ (navigator.mediaDevices); media.getUserMedia = media.granted; });
    await page.keyboard.press('Enter');
    await eventually(`${who}: the check shows the voice`, async () => (await level(page)) > 20);
    check(await page.evaluate(() => document.getElementById('room-no-device')?.hidden), `${who}: and the refusal is not shown any more`);
    await tabTo(page, who, 'room-mics');
    const other = await page.evaluate(() => /** @type {HTMLSelectElement} */ (document.getElementById('room-mics')).selectedIndex === 1 ? 'ArrowUp' : 'ArrowDown');
    const chosen = () => page.evaluate(() => /** @type {HTMLSelectElement} */ (document.getElementById('room-mics')).value);
    const before = await chosen();
    await page.keyboard.press(other);
    await eventually(`${who}: another microphone is chosen`, async () => (await chosen()) !== before);
    await eventually(`${who}: and heard`, async () => (await level(page)) > 20);
    await tabTo(page, who, 'join');
    await page.keyboard.press('Enter');
}

/** Hand, message, slides and leaving, without a mouse, on a phone. @param {Record<string, any>} p */
async function keysAlone(p) {
    const who = 'listener, keyboard alone';
    const keys = p.listener.keyboard;
    await eventually('host: the sample slides are ready', () => p.host.evaluate(() => document.querySelectorAll('#room-decks li').length === 1), 60000);
    const place = (page = p.listener) => page.textContent('#room-slide-place');
    await press(p.host, 'deck');
    await eventually('host: sees slide 1', async () => /^\D*1/.test(await place(p.host)));
    await press(p.host, 'slide-on');
    await keys.press('Escape'); // the list of channels
    await eventually('listener: sees slide 2', async () => /^\D*2/.test(await place()));
    await tabAround(p.listener, who);
    await tabTo(p.listener, who, 'slide-back');
    await keys.press('Enter');
    await eventually(`${who}: leafs back`, async () => /^\D*1/.test(await place()));
    await tabTo(p.listener, who, 'hand');
    await keys.press('Enter');
    await eventually(`${who}: has raised a hand`, () => p.host.evaluate(() => document.querySelectorAll('#room-hands li').length === 1));
    await keys.press('Enter');
    await tabTo(p.listener, who, 'people');
    await keys.press('Enter');
    await tabTo(p.listener, who, 'room-chat-text');
    await noteSaid(p.host);
    await keys.type('Salam 1');
    await keys.press('Enter');
    await p.listener.evaluate(async () => { // and nineteen more, each as soon as the one before is there
        const field = /** @type {HTMLInputElement} */ (document.getElementById('room-chat-text'));
        for (let i = 2; i <= 20; i += 1) {
            while (field.readOnly) await new Promise((resolve) => setTimeout(resolve, 1));
            field.value = `Salam ${i}`;
            field.form?.requestSubmit();
        }
    });
    await eventually('host: has all twenty messages', () => p.host.evaluate(() => /Salam 20$/.test(document.querySelector('#room-chat li:last-child')?.textContent ?? '')));
    await eventually('host: their number is read out', async () => (await said(p.host)).some((v) => /^room-polite:.*\b(1\d|20)\b/.test(v)), 15000);
    const words = await said(p.host);
    check(words.length <= 4, 'host: twenty messages are at most four announcements', words);
    await keys.press('Escape');
    check(await p.listener.evaluate(() => !document.getElementById('room')?.classList.contains('side-open') && /** @type {HTMLElement} */ (document.activeElement)?.dataset.do === 'people'),
        `${who}: Escape closes the panel and gives the focus back`);
    await tabTo(p.listener, who, 'leave');
    await keys.press('Enter');
    await reaches(p.listener, `${who}: has left`, { state: 'idle' });
    check(await p.listener.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.closest('#room-join') !== null), `${who}: and the focus is where one enters again`);
}

/** @param {Record<string, any>} p */
async function practice(p) {
    await reaches(p.host, 'host: practice', { state: 'open', seminar: 'practice', publish: 'connected', listen: 'connected' });
    await reaches(p.interpreter, 'interpreter: is backstage and publishes', { state: 'open', publish: 'connected', listen: 'connected' });
    check(await p.interpreter.evaluate(() => !document.getElementById('room-booth')?.hidden), 'interpreter: has a booth');
    await isHeard(p.host, 'practice: the host hears the interpreter, who has no booth yet', 'interpreter');
    await p.interpreter.selectOption('#room-booth-lang', 'tk');
    await eventually('interpreter: has the microphone of the booth', () => p.interpreter.evaluate(() => document.getElementById('room-booth')?.dataset.state === 'mine'));
    await reaches(p.listener, 'listener: waits', { state: 'waiting' });
    const silence = await hears(p.listener, [TONE.host, TONE.interpreter]);
    check(silence.every((v) => v < HEARD), 'practice: the listener hears neither the floor nor the channel', silence);
}

/** @param {Record<string, any>} p */
async function choose(p) {
    await press(p.host, 'go-live');
    await press(p.host, 'confirm');
    await reaches(p.listener, 'listener: is let in', { state: 'open', seminar: 'live', listen: 'connected' });
    await isHeard(p.listener, 'listener hears the floor', 'host');
    check((await hears(p.listener, [TONE.interpreter]))[0] < HEARD, 'on the floor the interpreter is not heard');
    const buttons = await p.listener.evaluate(() => [...document.querySelectorAll('#room-bar button')].filter((b) => /** @type {HTMLElement} */ (b).offsetParent !== null).length);
    check(buttons > 0 && buttons <= 5, 'the bar of a phone has at most five buttons', buttons);
    await listenTo(p.listener, 'tk');
    await shot(p.listener, 'room-channel-360');
    await isHeard(p.listener, 'listener hears the interpreter in the channel', 'interpreter');
    await floorIs(p.listener, 'listener: the original is turned down under the interpreter', (v) => v > 0 && v < 0.3);
    await isHeard(p.listener, 'listener: the original is still there', 'host');
    await press(p.listener, 'channel');
    await shot(p.listener, 'room-listener-360');
    await shot(p.interpreter, 'room-booth-1280');
}

/** The interpreter is silent for three seconds. @param {Record<string, any>} p */
async function silence(p) {
    await press(p.interpreter, 'mic');
    await floorIs(p.listener, 'the original comes back up when the interpreter is silent', (v) => v === 1);
    await press(p.interpreter, 'mic');
    await floorIs(p.listener, 'and goes down again with the first word', (v) => v < 0.3);
    await p.interpreter.focus('#room-cough');
    await p.interpreter.keyboard.down('Space');
    await floorIs(p.listener, 'the cough button, held by a key, silences the microphone', (v) => v === 1);
    await p.interpreter.keyboard.up('Space');
    await floorIs(p.listener, 'and lets it go', (v) => v < 0.3);
    await press(p.interpreter, 'fast');
    await eventually('host: is asked to speak more slowly', async () => (await p.host.textContent('#room-toast')).includes('Interpreter, Turkmen'));
}

/** @param {Server} server @param {Record<string, any>} p */
async function comeBack(server, p) {
    await p.listener.reload();
    if ((await roomState(p.listener)).state === 'idle') await press(p.listener, 'join');
    await reaches(p.listener, 'listener: is back after a reload', { state: 'open', listen: 'connected' });
    await isHeard(p.listener, 'listener: is in the channel still', 'interpreter');
    await server.stop('SIGKILL');
    for (const name of Object.keys(p)) await reaches(p[name], `${name}: notices the broken line`, { control: 'broken' }).catch(() => undefined);
    await server.start();
    for (const name of Object.keys(p)) await reaches(p[name], `${name}: is back by itself`, { state: 'open', control: 'open', listen: 'connected', seminar: 'live' });
    await isHeard(p.listener, 'listener: hears the channel after the restart', 'interpreter');
    await listenTo(p.listener, '');
    await eventually('listener: back on the floor the interpreter is gone', async () => (await hears(p.listener, [TONE.interpreter]))[0] < HEARD);
    await floorIs(p.listener, 'listener: the floor is as loud as before', (v) => v === 1);
    await isHeard(p.listener, 'listener hears the floor again', 'host');
}

/** A telephone that plays everything at the loudness of its buttons: the original goes while the interpreter speaks. @param {Record<string, any>} p */
async function telephone(p) {
    await p.listener.addInitScript(() => {
        Object.defineProperty(HTMLMediaElement.prototype, 'volume', { get: () => 1, set: () => undefined });
    });
    await p.listener.reload();
    if ((await roomState(p.listener)).state === 'idle') await press(p.listener, 'join');
    await reaches(p.listener, 'telephone: is in', { state: 'open', listen: 'connected' });
    const muted = async () => (await p.listener.evaluate(() => [...document.querySelectorAll('audio[data-slot]')].map((a) => (/** @type {HTMLAudioElement} */ (a).muted ? 'x' : 'o')))).join('');
    check(await muted() === 'oooo', 'telephone: the floor is heard', await muted());
    await listenTo(p.listener, 'tk');
    await eventually('telephone: the original is off under the interpreter, who is not', async () => (await muted()) === 'xxxo', 15000);
    const slider = await p.listener.evaluate(() => document.getElementById('room-original')?.getClientRects().length);
    check(slider === 0, 'telephone: nothing is offered that it cannot do', slider);
    await press(p.interpreter, 'mic');
    await eventually('telephone: the original comes back when the interpreter is silent', async () => (await muted()) === 'oooo', 15000);
    await press(p.interpreter, 'mic');
    await eventually('telephone: and goes with the first word', async () => (await muted()) === 'xxxo', 15000);
    await press(p.listener, 'channel');
    await listenTo(p.listener, '');
    await eventually('telephone: on the floor again it is there', async () => (await muted()) === 'oooo', 15000);
    const isPlaying = await p.listener.evaluate(() => [...document.querySelectorAll('audio[data-slot]')].every((a) => !(/** @type {HTMLAudioElement} */ (a).paused)));
    check(isPlaying, 'telephone: and plays');
}

/** @param {string} program */
export async function playInterpret(program) {
    const server = new Server(program, { announce: '10.99.0.1' });
    /** @type {Array<{ close: () => Promise<void> }>} */
    const open = [];
    try {
        const demo = server.demo();
        await server.start();
        const linkOf = (/** @type {string} */ role, /** @type {string} */ word) => server.url +
            demo.people.find((/** @type {any} */ v) => v.role === role && v.person.includes(word)).path;
        const [host, interpreter, listener] = await Promise.all([
            openChromium({ hz: TONE.host }), openChromium({ hz: TONE.interpreter }),
            openChromium({ hz: TONE.listener, width: 360, height: 740, locale: 'tk' })]);
        open.push(host, interpreter, listener);
        const p = { host: host.page, interpreter: interpreter.page, listener: listener.page };
        await enter(p.host, linkOf('host', 'secretariat'), 'host');
        await enterByKeys(p.interpreter, linkOf('interpreter', 'Turkmen'));
        await enter(p.listener, linkOf('participant', 'Editor, society desk'), 'listener');
        await practice(p);
        await choose(p);
        await silence(p);
        await contrasts(p.interpreter, 'interpreter');
        await contrasts(p.host, 'host');
        await comeBack(server, p);
        await telephone(p);
        await keysAlone(p);
    } finally {
        for (const b of open) await b.close().catch(() => undefined);
        if (process.env.KENGESH_TEST_LOG) console.log(server.log);
        await server.remove();
    }
}
