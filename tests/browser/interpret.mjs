// Interpretation in three Chromium: the host on the floor, an interpreter into Turkmen, and a Turkmen listener on a phone who chooses
// the channel, hears the interpreter's tone over the original turned down, gets the original back when the interpreter is silent,
// keeps the choice over a reload and over a kill of the server, and goes back to the floor.
import { openChromium } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';
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
        await enter(p.interpreter, linkOf('interpreter', 'Turkmen'), 'interpreter');
        await enter(p.listener, linkOf('participant', 'Editor, society desk'), 'listener');
        await practice(p);
        await choose(p);
        await silence(p);
        await comeBack(server, p);
    } finally {
        for (const b of open) await b.close().catch(() => undefined);
        if (process.env.KENGESH_TEST_LOG) console.log(server.log);
        await server.remove();
    }
}
