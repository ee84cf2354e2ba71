// From the link to hearing, and the seminar itself, over a line of 64 kbit/s, as an EDGE telephone has it; then over one that has
// become better. What the line does is said in words.
import { Behind } from './lib/behind.mjs';
import { openChromium } from './lib/browsers.mjs';
import { check, eventually } from './lib/tap.mjs';
import { hears, moves, pictures, press, pressFor } from './lib/room.mjs';
import { enter, numberOf, reaches } from './seminar.mjs';

const TONE = { host: 440, phone: 1000 };
const HEARD = 35;
/** Turkmen: "are switched off", in every sentence that says so. */
const OFF = 'öçürildi';
const EDGE_BPS = 64000;
const BETTER_BPS = 500000;
/** 60 kB of the room, once, take 8 s of 64 kbit/s; pages and handshakes before them as long again. */
const TO_HEAR_MS = 30000;

/** The words of the room about the line. @param {any} page @returns {Promise<string>} */
function words(page) {
    return page.evaluate(() => document.getElementById('room-line')?.textContent ?? '');
}

/** How much of the sound the browser had to make up since it began, and since `before`. @param {any} page @returns {Promise<{ made: number, all: number }>} */
function concealed(page) {
    return page.evaluate(async () => {
        const sum = { made: 0, all: 0 };
        for (const pc of /** @type {any} */ (window).kengeshLinks ?? []) {
            for (const s of (await pc.getStats()).values()) {
                if (s.type !== 'inbound-rtp' || s.kind !== 'audio') continue;
                sum.made += s.concealedSamples - s.silentConcealedSamples;
                sum.all += s.totalSamplesReceived;
            }
        }
        return sum;
    });
}

/** The page's connections, for their statistics. @param {any} context */
async function keepLinks(context) {
    await context.addInitScript(() => {
        const Real = window.RTCPeerConnection;
        /** @type {RTCPeerConnection[]} */
        const links = [];
        Object.assign(window, { kengeshLinks: links });
        window.RTCPeerConnection = class extends Real {
            /** @param {RTCConfiguration} conf */
            constructor(conf = {}) {
                super(conf);
                links.push(this);
            }
        };
    });
}

/** @param {any} host @param {any} phone @param {string} link @param {import('./lib/between.mjs').Between} between */
async function thin(host, phone, link, between) {
    between.thin(EDGE_BPS);
    const began = Date.now();
    await enter(phone, link, 'participant at 64 kbit/s');
    await reaches(phone, 'participant: is in the room', { state: 'open', listen: 'connected' });
    await eventually('participant: hears the host', async () => (await hears(phone, [TONE.host]))[0] > HEARD);
    const took = Date.now() - began;
    check(took <= TO_HEAR_MS, 'from the link to hearing at 64 kbit/s', took);
    console.log(`# thin: heard ${took} ms after the link was opened, two seconds of listening with it`);
    await eventually('participant: is told that pictures are off', async () => (await words(phone)).includes(OFF));
    const before = await concealed(phone);
    const lost = between.lost;
    await new Promise((resolve) => setTimeout(resolve, 10000));
    const after = await concealed(phone);
    const share = (after.made - before.made) / (after.all - before.all);
    console.log(`# thin: ${(share * 100).toFixed(1)} % of the sound made up in ten seconds, ${between.lost - lost} datagrams lost`);
    check(after.all > before.all && share < 0.03, 'participant: the voice is whole at 64 kbit/s', share);
    await press(phone, 'hand');
    const id = await numberOf(phone);
    await eventually('host: sees the hand', () => host.evaluate((/** @type {string} */ n) => Boolean(document.querySelector(`li[data-person="${n}"][data-hand="1"]`)), id));
}

/** @param {any} phone @param {import('./lib/between.mjs').Between} between */
async function better(phone, between) {
    between.thin(BETTER_BPS);
    const began = Date.now();
    await eventually('participant: the picture comes when the line is better', async () => ((await pictures(phone)).V0?.width ?? 0) > 0 && moves(phone, 'V0'), 40000);
    console.log(`# thin: the picture is there ${Date.now() - began} ms after the line became better`);
    await eventually('participant: is told that pictures are there', async () => !(await words(phone)).includes(OFF), 10000);
}

/** @param {string} program */
export async function playThin(program) {
    const behind = new Behind(program);
    try {
        const between = await behind.start();
        const host = await behind.open(openChromium({ hz: TONE.host, ...behind.chromium }));
        const phone = await behind.open(openChromium({ hz: TONE.phone, ...behind.chromium }));
        await keepLinks(phone.context);
        await enter(host.page, behind.linkOf('host', 'secretariat'), 'host');
        await reaches(host.page, 'host: publishes', { publish: 'connected' });
        await press(host.page, 'go-live');
        await press(host.page, 'confirm');
        await reaches(host.page, 'host: is on air', { seminar: 'live' });
        await pressFor(host.page, 'stage', await numberOf(host.page));
        await thin(host.page, phone.page, behind.linkOf('participant', ''), between);
        await better(phone.page, between);
    } finally {
        await behind.remove();
    }
}
