// The room's contact sheet, to be looked at: every role of a seminar that is on air with slides, at 360, 768 and 1280 px, in four
// languages, light, dark and with forced colours. Measured by axe-core and a ruler as well.
//   sh tests/namespace.sh node tests/browser/roomsheet.mjs --server PROGRAM [--langs en,fa] [--widths 360,1280] [--schemes light,dark] [--roles guest,host] [--unmeasured]
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
const roles = option('roles', 'guest,host,interpreter,expert,observer').split(',');
const WIDTHS = [[360, 740], [768, 1024], [1280, 800]].filter(([width]) => option('widths', '360,768,1280').split(',').includes(String(width)));
/** @type {Array<[string, any]>} */
const ALL = [['light', { colorScheme: 'light', forcedColors: 'none' }], ['dark', { colorScheme: 'dark', forcedColors: 'none' }],
    ['forced', { colorScheme: 'dark', forcedColors: 'active' }]];
const SCHEMES = ALL.filter(([name]) => option('schemes', 'light,dark,forced').split(',').includes(name));

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
            await page.waitForTimeout(300); // grounds may be faded to
            for (const [state, toggle] of await states(page, who)) {
                if (state && (width !== 360 && !(width === 1280 && state === 'channel'))) continue;
                await toggle();
                await page.screenshot({ path: `${OUT}/${who}-${lang}-${width}-${scheme}${state && `-${state}`}.png` });
                if (scheme !== 'forced' && !args.includes('--unmeasured')) {
                    const faults = [...await axeFaults(page), ...await layoutFaults(page)];
                    check(faults.length === 0, `${who} ${lang} ${width} ${scheme} ${state}: no faults`, faults);
                }
                await toggle();
            }
        }
    }
}

/** @param {any} page @param {string} who @param {string} lang */
async function speak(page, who, lang) {
    await page.goto(`${page.url().split('?')[0]}?lang=${lang}`);
    await eventually('the join button is ready', () => page.evaluate(() => Boolean(document.querySelector('[data-do="join"]:not([disabled])'))));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    await page.screenshot({ path: `${OUT}/${who}-${lang}-360-join.png`, fullPage: true });
    await press(page, 'join');
    await reaches(page, `${who} ${lang}: in the room`, { state: 'open', listen: 'connected' });
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
    /** @type {Record<string, [string, string, number]>} */
    const people = { host: ['host', 'secretariat', 440], interpreter: ['interpreter', 'Turkmen', 700], expert: ['speaker', 'Expert', 850],
        guest: ['participant', 'Editor, society desk', 1000], observer: ['observer', '', 1200] };
    /** @type {Record<string, any>} */
    const p = {};
    for (const [who, [role, part, hz]] of Object.entries(people)) {
        if (who !== 'host' && who !== 'guest' && !roles.includes(who)) continue;
        const b = await openChromium({ hz });
        open.push(b);
        p[who] = b.page;
        await enter(b.page, linkOf(role, part), who);
    }
    await reaches(p.host, 'host: publishes', { publish: 'connected' });
    if (p.interpreter) await p.interpreter.selectOption('#room-booth-lang', 'tk');
    await p.guest.setViewportSize({ width: 360, height: 740 });
    await p.guest.screenshot({ path: `${OUT}/guest-en-360-wait.png` });
    await press(p.host, 'go-live');
    await press(p.host, 'confirm');
    await pressFor(p.host, 'stage', await numberOf(p.expert ?? p.host));
    await eventually('the sample slides are ready', () => p.host.evaluate(() => document.querySelectorAll('#room-decks li').length === 1), 60000);
    await press(p.host, 'deck');
    await reaches(p.guest, 'guest: is let in', { state: 'open', listen: 'connected' });
    for (const lang of langs) {
        for (const who of roles) {
            await speak(p[who], who, lang);
            if (who === 'guest' && (await p.guest.evaluate(() => document.querySelector('[data-do="hand"]')?.getAttribute('aria-pressed'))) !== 'true') await press(p.guest, 'hand');
            await look(p[who], who, lang);
        }
    }
} finally {
    for (const b of open) await b.close().catch(() => undefined);
    await server.remove();
}
process.exit(finish());
