// A camera that is sent in two sizes: who shows it large gets the large one, who shows it small the small one, and what nobody shows
// is not sent. Chromium and Firefox each publish; the host's Chromium watches. The publishers' offers say that they are the DTLS server (RFC 5763 5),
// as those of the other plays leave it to us.
import { openChromium, openFirefox } from './lib/browsers.mjs';
import { pictures, press, pressFor } from './lib/room.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';
import { enter, numberOf, reaches } from './seminar.mjs';

/** Remembers the page's peer connections, which it keeps to itself. */
const REMEMBER = () => {
    const w = /** @type {any} */ (window);
    w.connections = [];
    const Native = w.RTCPeerConnection;
    w.RTCPeerConnection = class extends Native {
        /** @param {any} c */
        constructor(c) {
            super(c);
            w.connections.push(this);
        }
    };
};

/** Offers leave the page with setup:passive: the browser is the DTLS server, and we have to begin. */
const BE_SERVER = () => {
    const native = window.fetch;
    window.fetch = (to, how) => native(to, typeof how?.body === 'string' ? { ...how, body: how.body.replaceAll('a=setup:actpass', 'a=setup:passive') } : how);
};

/** Whether every connection's answer let the browser be the server. @param {any} page @returns {Promise<string[]>} */
function setups(page) {
    return page.evaluate(() => /** @type {any} */ (window).connections
        .filter((/** @type {RTCPeerConnection} */ pc) => pc.connectionState === 'connected')
        .map((/** @type {RTCPeerConnection} */ pc) => pc.currentRemoteDescription?.sdp.match(/a=setup:(\w+)/)?.[1] ?? 'none'));
}

/** Which sizes of the camera are switched on, smallest first. @param {any} page @returns {Promise<boolean[]>} */
function sizes(page) {
    return page.evaluate(() => {
        const pcs = /** @type {any} */ (window).connections.filter((/** @type {RTCPeerConnection} */ pc) => pc.connectionState === 'connected');
        const senders = pcs.flatMap((/** @type {RTCPeerConnection} */ pc) => pc.getSenders());
        const video = senders.find((/** @type {RTCRtpSender} */ s) => s.track?.kind === 'video');
        return video ? video.getParameters().encodings.map((/** @type {RTCRtpEncodingParameters} */ e) => e.active !== false) : [];
    });
}

/** Pictures of a slot that are so wide go on coming; width 0: any. @param {any} page @param {string} name @param {string} slot
 * @param {string} person @param {number} width @returns {Promise<number>} */
async function comes(page, name, slot, person, width) {
    let last = 0;
    const seen = await eventually(name, async () => {
        const v = (await pictures(page))[slot];
        const isMore = v && v.frames > last && last > 0;
        last = v?.frames ?? 0;
        return isMore && v.person === person && v.width > 0 && (width === 0 || v.width === width) ? v.width : false;
    });
    return seen || 0;
}

/** @param {any} host @param {import('./lib/room.mjs').Browser} publisher @param {string} url */
async function play(host, publisher, url) {
    const { kind, page } = publisher;
    for (const script of [REMEMBER, BE_SERVER]) {
        if (kind === 'firefox') await page.evaluateOnNewDocument(script);
        else await page.addInitScript(script);
    }
    await enter(page, url, kind);
    await reaches(page, `${kind}: publishes`, { publish: 'connected', listen: 'connected' });
    const roles = await setups(page);
    check(roles.length === 2 && roles.every((r) => r === 'active'), `${kind}: is the DTLS server of both connections`, roles);
    const expert = await numberOf(page);
    await eventually(`host: sees ${kind} in the list`, () => host.evaluate((/** @type {string} */ n) =>
        Boolean(document.querySelector(`li[data-person="${n}"] [data-do="stage"]`)), expert));
    await pressFor(host, 'stage', expert);
    const large = await comes(host, `${kind}: the stage shows the camera`, 'V0', expert, 640);
    await pressFor(host, 'stage', await numberOf(host));
    await comes(host, `${kind}: the small picture is of the small size`, 'V1', expert, large / 2);
    await eventually(`${kind}: sends one size when nobody shows the other`, async () => {
        const on = await sizes(page);
        return on.length === 2 && on[0] && !on[1];
    });
    await pressFor(host, 'stage', expert);
    await comes(host, `${kind}: the large size comes back with the stage`, 'V0', expert, large);
    check((await sizes(page)).every(Boolean), `${kind}: sends both sizes again`, await sizes(page));
}

/** @param {string} program */
export async function playLayers(program) {
    const server = new Server(program, { announce: '10.99.0.1' });
    /** @type {Array<{ close: () => Promise<void> }>} */
    const open = [];
    try {
        const demo = server.demo();
        await server.start();
        const linkOf = (/** @type {string} */ role, /** @type {string} */ part) =>
            server.url + demo.people.find((/** @type {any} */ v) => v.role === role && v.person.includes(part)).path;
        const host = await openChromium({ hz: 440 });
        open.push(host);
        await enter(host.page, linkOf('host', 'secretariat'), 'host');
        await reaches(host.page, 'host: is in', { state: 'open', listen: 'connected' });
        await press(host.page, 'go-live');
        await press(host.page, 'confirm');
        for (const start of [openChromium, openFirefox]) {
            const publisher = await start({ hz: 700 });
            open.push(publisher);
            await play(host.page, publisher, linkOf('speaker', 'Expert'));
            await publisher.close();
            open.pop();
        }
    } finally {
        for (const b of open) await b.close().catch(() => undefined);
        if (process.env.KENGESH_TEST_LOG) console.log(server.log);
        await server.remove();
    }
}
