// The room's messages and what they do to the page's picture of the room. No DOM and no clock here: tests run it in Node.
// Spec: docs/protocol.md.

/** @typedef {'listen' | 'publish' | 'camera' | 'slides' | 'hand' | 'chat' | 'host' | 'interpret'} May */
/** @typedef {{ id: number, name: string, org: string, role: string, hand: number, mic: boolean, camera: boolean, muted: boolean,
 *   away: boolean, line: 'good' | 'poor' | 'bad' }} Person */
/** @typedef {{ id: number, person: number, name: string, at: number, text: string }} Chat */
/** @typedef {{ audio: number[], video: number[] }} Slots */
/** @typedef {{ id: number, of: number, name: string }} Deck */
/** A language of the seminar: whose voice is in it, who of the booth has the microphone, the countdown of a handover.
 * @typedef {{ lang: string, person: number, speaking: boolean, from: string, mic: number, booth: number[], asked: number, ms: number }} Channel */
/** channel: heard in A3, '' for the floor alone; booth: interpreted into; pictures: what the line carries; blind: who cannot decode the stage.
 * @typedef {{ me: number, role: string, may: May[], isWaiting: boolean, isMuted: boolean, token: string, resume: string,
 *   seminar: string, slide: { deck: number, number: number }, decks: Deck[], isLocked: boolean, stage: number, speaker: number,
 *   slots: Slots, people: Map<number, Person>, chat: Chat[], channels: Channel[], channelsAt: number, channel: string, booth: string,
 *   pictures: 'all' | 'less' | 'none', blind: number[], network: import('./ladder.js').Network | null }} Room */

export const VERSION = 1;
export const AUDIO_SLOTS = 3;
export const VIDEO_SLOTS = 5;
export const CHAT_KEPT = 200;
export const CLOSE = { ended: 4001, removed: 4002, full: 4003, resumed: 4004, locked: 4005 };

/** @returns {Room} */
export function emptyRoom() {
    return {
        me: 0, role: '', may: [], isWaiting: false, isMuted: false, token: '', resume: '', seminar: '', slide: { deck: 0, number: 0 }, decks: [],
        isLocked: false, stage: 0, speaker: 0,
        slots: { audio: [0, 0, 0], video: [0, 0, 0, 0, 0] }, people: new Map(), chat: [],
        channels: [], channelsAt: 0, channel: '', booth: '', pictures: 'all', blind: [],
        network: null,
    };
}

/** @param {Room} room @param {any} m */
function welcome(room, m) {
    room.me = m.you.id;
    room.role = m.you.role;
    room.may = m.you.may;
    room.isWaiting = m.you.waiting;
    room.token = m.token;
    room.resume = m.resume;
    room.seminar = m.state;
    room.stage = m.stage;
    room.speaker = m.speaker;
    room.slots = m.slots;
    room.channel = m.you.channel ?? '';
    room.booth = m.you.booth ?? '';
    room.channels = m.channels ?? [];
    room.network = m.network ?? null;
    room.pictures = 'all'; // told again when it is not so
    room.slide = m.slide;
    room.decks = m.decks;
    room.isLocked = m.locked;
    room.people = new Map(m.people.map((/** @type {Person} */ p) => [p.id, p]));
    room.isMuted = room.people.get(room.me)?.muted ?? false;
    room.chat = m.chat;
    room.blind = []; // told again to whom it is for
}

/** @param {Room} room @param {any} m */
function stage(room, m) {
    room.stage = m.person;
    room.blind = []; // it was of another picture, and this page may not be told any more
}

/** @param {Room} room @param {any} m */
function roster(room, m) {
    for (const p of m.put) room.people.set(p.id, p);
    for (const id of m.gone) room.people.delete(id);
}

/** @param {Room} room @param {any} m */
function chat(room, m) {
    room.chat.push({ id: m.id, person: m.person, name: m.name, at: m.at, text: m.text });
    if (room.chat.length > CHAT_KEPT) room.chat.shift();
}

/** Brings the picture up to date. False: a message that changes nothing here (pong, error, one of a newer server).
 * @param {Room} room @param {any} m @returns {boolean} */
export function apply(room, m) {
    switch (m.type) {
        case 'welcome': welcome(room, m); return true;
        case 'roster': roster(room, m); return true;
        case 'slots': room.slots = { audio: m.audio, video: m.video }; return true;
        case 'speaker': room.speaker = m.person; return true;
        case 'stage': stage(room, m); return true;
        case 'you': room.may = m.may; room.isMuted = m.muted; room.channel = m.channel ?? ''; room.booth = m.booth ?? ''; return true;
        case 'channels': room.channels = m.channels; return true;
        case 'line': room.pictures = m.pictures; return true;
        case 'blind': room.blind = m.persons; return true;
        case 'state': room.seminar = m.state; return true;
        case 'slide': room.slide = { deck: m.deck, number: m.number }; return true;
        case 'decks': room.decks = m.decks; return true;
        case 'lock': room.isLocked = m.on; return true;
        case 'chat': chat(room, m); return true;
        default: return false;
    }
}

/** Milliseconds until the n-th attempt (from 0) of a media connection: 0.3, 0.4, 0.4 … s for the first ten seconds, then 1 s, after a
 * minute 5 s; and up to a quarter more, so that 500 pages do not come back in the same instant. @param {number} n @param {number} chance from 0 to 1 @returns {number} */
export function backoff(n, chance) {
    const most = n < 25 ? 400 : n < 75 ? 1000 : 5000;
    return Math.round(Math.min(most, 300 * 2 ** Math.min(n, 10)) * (1 + chance / 4));
}

/** Milliseconds until the control connection is tried for the n-th time (from 0): at once, only not by all pages in the same instant;
 * then every 0.15 s for ten seconds (a server that restarts is back in that time, and a refused knock costs it nothing), then every
 * second, after a minute every 5 s. @param {number} n @param {number} chance from 0 to 1 @returns {number} */
export function knockAfter(n, chance) {
    if (n === 0) return Math.round(100 * chance);
    return Math.round((n < 60 ? 150 : n < 110 ? 1000 : 5000) * (1 + chance / 4));
}

/** @param {Room} room @param {number} id @returns {string} */
export function nameOf(room, id) {
    return room.people.get(id)?.name ?? '';
}

/** How loud the floor is to be, from 0 to 1: `original` while somebody speaks in the chosen channel.
 * @param {Room} room @param {number} original @returns {number} */
export function floorVolume(room, original) {
    const c = room.channel ? room.channels.find((v) => v.lang === room.channel) : undefined;
    return c?.person && c.person !== room.me && c.speaking ? original : 1;
}

/** People in the order of the list: hands first, then the stage, then backstage roles, then the others by name.
 * @param {Room} room @returns {Person[]} */
export function inOrder(room) {
    const rank = (/** @type {Person} */ p) => (p.id === room.stage ? 0 : ['host', 'co-host', 'speaker', 'interpreter', 'captioner', 'protected'].includes(p.role) ? 1 : 2);
    return [...room.people.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.id - b.id);
}

/** @param {Room} room @returns {Person[]} raised hands, first come first */
export function hands(room) {
    return [...room.people.values()].filter((p) => p.hand > 0).sort((a, b) => a.hand - b.hand);
}

/** @param {Room} room @param {Person} p @returns {number} place in the order of hands, from 1; 0: down */
export function placeOf(room, p) {
    let place = p.hand ? 1 : 0;
    for (const q of room.people.values()) if (p.hand && q.hand && q.hand < p.hand) place += 1;
    return place;
}

/** What the page asks to be sent: nothing for hidden slots, little for small ones. A line that loses sound gets no pictures.
 * @param {Room} room @param {{ isSaving: boolean, isHidden: boolean, line: string }} page @returns {Record<string, number>} */
export function wants(room, page) {
    const isDark = page.isSaving || page.isHidden || page.line === 'bad';
    /** @type {Record<string, number>} */
    const want = {};
    for (let i = 0; i < VIDEO_SLOTS; i += 1) {
        want[`V${i}`] = isDark ? 0 : i === 0 ? 720 : 180;
    }
    return want;
}

/** Counters of one moment, from RTCPeerConnection.getStats.
 * @typedef {{ at: number, got: number, lost: number, bytes: number, rtt: number, way: string }} Look */

/** @param {Look} before @param {Look} now @returns {{ loss: number, rtt: number, kbps: number }} */
export function lineOf(before, now) {
    const lost = Math.max(0, now.lost - before.lost);
    const all = Math.max(0, now.got - before.got) + lost;
    const ms = Math.max(1, now.at - before.at);
    return {
        loss: all === 0 ? 0 : Math.min(100, Math.round((100 * lost) / all)),
        rtt: Math.min(60000, Math.round(now.rtt)),
        kbps: Math.max(0, Math.round(((now.bytes - before.bytes) * 8) / ms)),
    };
}

/** As the server's own rule (live/act.c). @param {{ loss: number, rtt: number }} line @returns {'good' | 'poor' | 'bad'} */
export function lineWord(line) {
    if (line.loss > 10) return 'bad';
    return line.loss > 3 || line.rtt > 500 ? 'poor' : 'good';
}
