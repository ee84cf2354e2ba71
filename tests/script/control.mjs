// The control connection without a network: what the page sees of a `welcome` that comes in pieces, and when it stops to knock.
import { check } from '../browser/lib/tap.mjs';
import { Control } from '../../src/web/asset/js/control.js';
import { apply, emptyRoom } from '../../src/web/asset/js/protocol.js';

/** As much of a WebSocket as the connection touches. */
class FakeSocket {
    static OPEN = 1;

    /** @type {FakeSocket[]} */
    static all = [];

    /** @type {(() => void) | null} */
    onopen = null;

    /** @type {((e: { data: string }) => void) | null} */
    onmessage = null;

    /** @type {((e: { code: number }) => void) | null} */
    onclose = null;

    readyState = 0;

    constructor() {
        FakeSocket.all.push(this);
    }

    accept() {
        this.readyState = 1;
        this.onopen?.();
    }

    /** @param {any} m */
    tell(m) {
        this.onmessage?.({ data: JSON.stringify(m) });
    }

    /** @param {number} code */
    end(code) {
        this.readyState = 3;
        this.onclose?.({ code });
    }

    send() {}

    close() {
        this.readyState = 3;
    }
}

/** @param {number} id @param {string} [name] */
const person = (id, name = `Person ${id}`) => ({ id, name, org: '', role: 'participant', hand: 0, mic: false, camera: false, muted: false, away: false, line: 'good' });

/** @param {number} id */
const said = (id) => ({ id, person: 1, name: 'Person 1', at: 0, text: `${id}` });

/** @param {any} more */
const welcome = (more) => ({ type: 'welcome', version: 1, you: { id: 1, role: 'participant', may: ['listen'], waiting: false, resumed: false, media: [] },
    token: 't', resume: 'r', state: 'live', stage: 0, speaker: 0, slots: { audio: [], video: [] }, slide: { deck: 0, number: 0 }, decks: [], locked: false,
    chat: [], ...more });

/** @param {any} more */
const roster = (more) => ({ type: 'roster', put: [], gone: [], older: [], whole: false, ...more });

/** @param {number} ms */
const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A connection that is open, the room as its page has it, and what the page was told.
 * @returns {{ control: Control, room: import('../../src/web/asset/js/protocol.js').Room, told: string[] }} */
function open() {
    const room = emptyRoom();
    /** @type {string[]} */
    const told = [];
    FakeSocket.all = [];
    const control = new Control('ws://a/s/b/room/control', 'http://a/healthz', {
        onMessage: (m) => { apply(room, m); },
        onState: (s) => { told.push(s); },
        onEnd: (why) => { told.push(why); },
        onFull: () => undefined,
        onAway: () => undefined,
    });
    control.open();
    FakeSocket.all[0].accept();
    return { control, room, told };
}

/** @param {import('../../src/web/asset/js/protocol.js').Room} room */
const known = (room) => [...room.people.keys()].sort((a, b) => a - b).join(' ');

function pieces() {
    const { control, room } = open();
    FakeSocket.all[0].tell(welcome({ people: [person(1), person(2)], chat: [said(7)], whole: false }));
    FakeSocket.all[0].tell(roster({ put: [person(3)] }));
    check(known(room) === '1 2 3', 'people who come in pieces are added', known(room));
    FakeSocket.all[0].tell({ type: 'chat', ...said(8) });
    FakeSocket.all[0].tell(roster({ put: [person(4)], older: [said(5), said(6)], whole: true }));
    check(known(room) === '1 2 3 4', 'the last piece takes nobody away who was named', known(room));
    check(room.chat.map((c) => c.id).join(' ') === '5 6 7 8', 'older messages stand before those that the page has', room.chat.map((c) => c.id));
    control.lost(1006);
    control.open();
    FakeSocket.all[1].accept();
    FakeSocket.all[1].tell(welcome({ people: [person(1), person(2, 'Changed')], whole: false }));
    check(known(room) === '1 2 3 4' && room.people.get(2)?.name === 'Changed', 'after a break those of before stay until all are named', known(room));
    FakeSocket.all[1].tell(roster({ put: [person(9)] }));
    FakeSocket.all[1].tell(roster({ gone: [9] }));
    FakeSocket.all[1].tell(roster({ put: [person(4)], whole: true }));
    check(known(room) === '1 2 4', 'whom nobody named has left', known(room));
    FakeSocket.all[1].tell(welcome({ people: [person(1)], whole: true }));
    check(known(room) === '1', 'a whole welcome is the whole truth', known(room));
    FakeSocket.all[1].tell(roster({ put: [person(2)] }));
    FakeSocket.all[1].tell(welcome({ people: [], whole: true, you: { ...welcome({}).you, waiting: true } }));
    check(known(room) === '', 'who waits knows nobody', known(room));
    control.leave();
}

/** Who could not see is told again after a `welcome`, and of another picture after `stage`. */
function sight() {
    const { control, room } = open();
    for (const m of [welcome({ people: [person(1)], whole: true }), { type: 'stage', person: 1 }]) {
        FakeSocket.all[0].tell({ type: 'blind', persons: [5] });
        check(room.blind.join(' ') === '5', `before ${m.type}: somebody cannot see`, room.blind);
        FakeSocket.all[0].tell(m);
        check(room.blind.length === 0, `${m.type}: who could not see is forgotten`, room.blind);
    }
    control.leave();
}

/** The connection is shut, and each further one is refused. @param {number} status of the address for members @returns {Promise<string[]>} */
async function refusedWith(status) {
    const { control, told } = open();
    const asked = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { fetch: async (/** @type {string} */ url) => {
        asked.push(url);
        return new Response('', { status: url.endsWith('/healthz') ? 200 : status });
    } });
    FakeSocket.all[0].tell(welcome({ people: [person(1)], whole: true }));
    FakeSocket.all[0].end(4006);
    for (let i = 0; i < 10; i += 1) {
        await pass(100);
        for (const s of FakeSocket.all.filter((one) => one.readyState === 0)) s.end(1006);
    }
    const n = FakeSocket.all.length;
    await pass(400);
    told.push(FakeSocket.all.length > n ? 'goes on' : 'stops', ...new Set(asked));
    control.stop();
    return told;
}

export async function testControl() {
    Object.assign(globalThis, { window: globalThis, WebSocket: FakeSocket, addEventListener: () => undefined });
    pieces();
    sight();
    for (const status of [401, 403]) {
        const told = await refusedWith(status);
        check(told.includes('refused') && told.includes('stops') && told.includes('http://a/s/b/room/tests'), `${status}: the way in has ended, the page says so and knocks no more`, told);
    }
    for (const status of [200, 503]) {
        const told = await refusedWith(status);
        check(!told.includes('refused') && told.includes('goes on'), `${status}: the page goes on trying`, told);
    }
}
