// The room's contact sheet, to be looked at: host, participant and interpreter of a seminar that is on air with slides, at 360, 768 and
// 1280 px, in four languages, light, dark and with forced colours. Measured by axe-core and a ruler as well.
//   sh tests/namespace.sh node tests/browser/roomsheet.mjs --server PROGRAM [--langs en,fa]
// Writes tests/browser/out/room/<who>-<lang>-<width>-<scheme>[-state].png.
import { mkdirSync } from 'node:fs';
import { axeFaults, layoutFaults } from './lib/axe.mjs';
import { openChromium } from './lib/browsers.mjs';
import { press, pressFor } from './lib/room.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually, finish } from './lib/tap.mjs';
import { enter, numberOf, reaches } from './seminar.mjs';

const OUT = 'tests/browser/out/room';
const args = process.argv.slice(2);
const option = (/** @type {string} */ name, /** @type {string} */ instead) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : instead);
const langs = option('langs', 'en,ru,tk,fa').split(',');
const WIDTHS = [[360, 740], [768, 1024], [1280, 800]];
/** @type {Array<[string, any]>} */
const SCHEMES = [['light', { colorScheme: 'light', forcedColors: 'none' }], ['dark', { colorScheme: 'dark', forcedColors: 'none' }],
    ['forced', { colorScheme: 'dark', forcedColors: 'active' }]];

/** What a person can open over the room on a phone. @param {any} page @param {string} who @returns {Promise<Array<[string, () => Promise<void>]>>} */
async function states(page, who) {
    const side = () => press(page, 'people');
    const channel = () => press(page, 'channel');
    return who === 'host' ? [['', async () => {}], ['side', side]] : [['', async () => {}], ['side', side], ['channel', channel]];
}

/** @param {any} page @param {string} who @param {string} lang */
async function look(page, who, lang) {
    for (const [width, height] of WIDTHS) {
        await page.setViewportSize({ width, height });
        for (const [scheme, media] of SCHEMES) {
            await page.emulateMedia(media);
            for (const [state, toggle] of await states(page, who)) {
                if (state && (width !== 360 && !(width === 1280 && state === 'channel'))) continue;
                await toggle();
                await page.screenshot({ path: `${OUT}/${who}-${lang}-${width}-${scheme}${state && `-${state}`}.png` });
                if (scheme !== 'forced') {
                    const faults = [...await axeFaults(page), ...await layoutFaults(page)];
                    check(faults.length === 0, `${who} ${lang} ${width} ${scheme} ${state}: no faults`, faults);
                }
                await toggle();
            }
        }
    }
}

/** @param {any} page @param {string} lang */
async function speak(page, lang) {
    await page.goto(`${page.url().split('?')[0]}?lang=${lang}`);
    await eventually('the join button is ready', () => page.evaluate(() => Boolean(document.querySelector('[data-do="join"]:not([disabled])'))));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.screenshot({ path: `${OUT}/join-${lang}-360.png` });
    await press(page, 'join');
    await reaches(page, `${lang}: in the room`, { state: 'open', listen: 'connected' });
    await eventually('the slide is there', () => page.evaluate(() => /** @type {HTMLImageElement} */ (document.getElementById('room-slide')).naturalWidth > 0));
}

mkdirSync(OUT, { recursive: true });
const server = new Server(option('server', 'build/gcc/src/app/kengesh'), { announce: '10.99.0.1' });
/** @type {any[]} */
const open = [];
try {
    const demo = server.demo();
    await server.start();
    const linkOf = (/** @type {string} */ role, /** @type {string} */ part) => server.url +
        demo.people.find((/** @type {any} */ v) => v.role === role && v.person.includes(part)).path;
    open.push(...await Promise.all([440, 700, 1000].map((hz) => openChromium({ hz }))));
    const [host, interpreter, guest] = open.map((b) => b.page);
    await enter(host, linkOf('host', 'secretariat'), 'host');
    await enter(interpreter, linkOf('interpreter', 'Turkmen'), 'interpreter');
    await enter(guest, linkOf('participant', 'Editor, society desk'), 'guest');
    await reaches(host, 'host: publishes', { publish: 'connected' });
    await interpreter.selectOption('#room-booth-lang', 'tk');
    await press(host, 'go-live');
    await press(host, 'confirm');
    await pressFor(host, 'stage', await numberOf(host));
    await eventually('the sample slides are ready', () => host.evaluate(() => document.querySelectorAll('#room-decks li').length === 1), 60000);
    await press(host, 'deck');
    await reaches(guest, 'guest: is let in', { state: 'open', listen: 'connected' });
    for (const lang of langs) {
        await speak(guest, lang);
        if ((await guest.evaluate(() => document.querySelector('[data-do="hand"]')?.getAttribute('aria-pressed'))) !== 'true') await press(guest, 'hand');
        await look(guest, 'guest', lang);
        if (lang !== langs[0]) continue;
        await look(host, 'host', lang);
        await look(interpreter, 'interpreter', lang);
    }
} finally {
    for (const b of open) await b.close().catch(() => undefined);
    await server.remove();
}
process.exit(finish());
