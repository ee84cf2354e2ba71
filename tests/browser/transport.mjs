// By which way sound and picture go, under each network policy, in Chromium and Firefox. Between the browsers and the server
// stands an address that can stop passing UDP and that looks whether what passes is TLS.
//
//   Chromium ── seminar.test = 10.99.0.9 (lib/between.mjs) ── server: TCP 127.0.0.1, UDP 10.99.0.1
//   Firefox ─── seminar.test = 127.0.0.1 ────────────────────┘
import { spawn } from 'node:child_process';
import { Behind, NAME } from './lib/behind.mjs';
import { openChromium, openFirefox } from './lib/browsers.mjs';
import { check, eventually } from './lib/tap.mjs';
import { hears, pictures, press, pressFor, roomState } from './lib/room.mjs';
import { enter, reaches } from './seminar.mjs';

const TONE = { host: 440, expert: 700, firefox: 1400 };
const HEARD = 35;
/** Silence that is borne, and the time a new way takes; and what a machine under load may add. */
const STEP_DOWN_MS = 5000;
const BUSY_MS = 3000;

/** Sound by its tone, picture by its frames: those that come from now on. @param {any} page @param {string} name @param {boolean} isSeen */
async function gets(page, name, isSeen) {
    await eventually(`${name}: hears the expert`, async () => (await hears(page, [TONE.expert]))[0] > HEARD);
    if (!isSeen) return;
    const before = (await pictures(page)).V0?.frames ?? 0;
    await eventually(`${name}: sees the expert`, async () => ((await pictures(page)).V0?.frames ?? 0) > before + 5);
}

/** The words of the room about the line. @param {any} page @returns {Promise<string>} */
function words(page) {
    return page.evaluate(() => document.getElementById('room-line')?.textContent ?? '');
}

/** Milliseconds until the page has said another way than `from`. @param {any} page @param {string} from */
async function timeOfStep(page, from) {
    const begin = Date.now();
    await eventually(`open: another way than ${from}`, async () => {
        const state = await roomState(page);
        return state.way && state.way !== from && state.listen === 'connected';
    });
    return Date.now() - begin;
}

/** @param {any} host @param {import('./lib/between.mjs').Between} between */
async function open(host, between) {
    await reaches(host, 'open: goes by UDP', { state: 'open', listen: 'connected', way: 'udp' });
    await gets(host, 'open', true);
    check(between.datagrams > 100, 'open: datagrams pass', between.datagrams);
    between.isUdpOpen = false;
    const ms = await timeOfStep(host, 'udp');
    check(ms <= STEP_DOWN_MS + BUSY_MS, `open: UDP stops, and within 5 s media goes on (${ms} ms)`, ms);
    await reaches(host, 'open: goes by TCP now', { listen: 'connected', way: 'tcp' });
    await gets(host, 'open, without UDP', true);
    check((await words(host)).includes('UDP'), 'open: the room says so', await words(host));
    between.isUdpOpen = true;
    await press(host, 'climb');
    await reaches(host, 'open: goes by UDP again when asked', { listen: 'connected', way: 'udp' });
}

/** Back to UDP without being asked. That it waits for the end of a sentence is in tests/script/climb.mjs: the browser alone does not. @param {any} host @param {any} expert @param {import('./lib/between.mjs').Between} between */
async function climbs(host, expert, between) {
    between.isUdpOpen = false;
    await timeOfStep(host, 'udp');
    await reaches(host, 'idle: goes by TCP', { listen: 'connected', way: 'tcp' });
    between.isUdpOpen = true;
    // What a browser says when it came into another network; without it the page asks after 20 s.
    await host.evaluate(() => window.dispatchEvent(new Event('online')));
    await press(host, 'mic');
    await press(expert, 'mic');
    await reaches(host, 'idle: nobody speaks, and the page is back at UDP by itself', { listen: 'connected', way: 'udp' });
    await press(expert, 'mic');
    await press(host, 'mic');
    await gets(host, 'idle, by UDP again', true);
}

/** @param {any} host @param {any} expert @param {import('./lib/between.mjs').Between} between */
async function tcpOnly(host, expert, between) {
    await reaches(host, 'tcp-only: goes by TCP', { state: 'open', listen: 'connected', way: 'tcp' });
    await reaches(expert, 'tcp-only: the expert publishes', { publish: 'connected' });
    between.forget(); // what was sent to the server that was
    await gets(host, 'tcp-only', true);
    check(between.datagrams === 0, 'tcp-only: not one datagram', between.datagrams);
}

/** All UDP of this namespace, whoever sends it. */
function sniff() {
    const child = spawn('python3', ['tests/browser/lib/sniff.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (d) => { out += d; });
    return { stop: () => new Promise((/** @type {(seen: any) => void} */ resolve) => {
        child.on('exit', () => resolve(JSON.parse(out.split('\n')[1])));
        child.stdin.end();
    }) };
}

/** @param {any} host @param {import('./lib/between.mjs').Between} between @param {any} firefox @param {string} link */
async function httpsOnly(host, between, firefox, link) {
    await reaches(host, 'https-only: Chromium goes through the relay', { state: 'open', listen: 'connected', way: 'relay' });
    await enter(firefox, link, 'https-only: Firefox');
    await reaches(firefox, 'https-only: Firefox goes through the relay', { state: 'open', listen: 'connected', way: 'relay' });
    await gets(host, 'https-only, Chromium', true);
    await gets(firefox, 'https-only, Firefox', true);
    check((await words(host)).includes('HTTPS'), 'https-only: the room says so', await words(host));
    check(between.streams > 0 && between.notTls === 0, 'https-only: whatever passes is TLS', `${between.notTls} of ${between.streams}`);
}

/** @param {string} program */
export async function playTransport(program) {
    const behind = new Behind(program);
    const { server } = behind;
    try {
        const between = await behind.start();
        const host = await behind.open(openChromium({ hz: TONE.host, ...behind.chromium }));
        const expert = await behind.open(openChromium({ hz: TONE.expert, ...behind.chromium }));
        await enter(host.page, behind.linkOf('host', 'secretariat'), 'host');
        await enter(expert.page, behind.linkOf('speaker', 'Expert'), 'expert');
        await reaches(expert.page, 'expert: publishes', { publish: 'connected' });
        await pressFor(host.page, 'stage', (await roomState(expert.page)).person);
        await open(host.page, between);
        await climbs(host.page, expert.page, between);
        await server.stop();
        server.setPolicy('tcp-only');
        await server.start();
        await tcpOnly(host.page, expert.page, between);
        await server.stop();
        server.setPolicy('https-only');
        const udp = sniff();
        const firefox = await behind.open(openFirefox({ hz: TONE.firefox, profile: behind.authority.firefoxProfile(), prefs: { 'network.dns.localDomains': NAME } }));
        await server.start();
        between.forget();
        await httpsOnly(host.page, between, firefox.page, behind.linkOf('captioner', ''));
        const seen = await udp.stop();
        check(seen.datagrams === 0, 'https-only: not one datagram of UDP from anybody', seen);
    } finally {
        await behind.remove();
    }
}
