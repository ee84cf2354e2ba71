// The messages and the field, over as much of a page as they touch: what frees the field, and whose name stands over a message.
import { check } from '../browser/lib/tap.mjs';
import { Chat } from '../../src/web/asset/js/chat.js';
import { apply, emptyRoom } from '../../src/web/asset/js/protocol.js';

/** As much of an element as the messages touch. */
class FakeElement {
    constructor(tag = 'div') {
        this.tag = tag;
        this.hidden = false;
        this.value = '';
        this.readOnly = false;
        this.scrollHeight = 0;
        this.scrollTop = 0;
        this.clientHeight = 0;
        /** @type {Record<string, string>} */
        this.dataset = {};
        /** @type {FakeElement[]} */
        this.children = [];
        this.text = '';
        /** @type {(e: { preventDefault: () => void }) => void} */
        this.submit = () => undefined;
    }

    /** @returns {string} */
    get textContent() {
        return this.text + this.children.map((c) => c.textContent).join('');
    }

    set textContent(text) {
        this.children = [];
        this.text = text;
    }

    setAttribute() {}

    /** @param {string} _type @param {(e: { preventDefault: () => void }) => void} run */
    addEventListener(_type, run) {
        this.submit = run;
    }

    /** @param {Array<FakeElement | string>} children */
    append(...children) {
        for (const c of children) {
            if (typeof c === 'string') this.text += c;
            else this.children.push(c);
        }
    }

    /** @param {FakeElement} row @param {FakeElement | null} before */
    insertBefore(row, before) {
        const rest = this.children.filter((c) => c !== row);
        const at = before ? rest.indexOf(before) : rest.length;
        this.children = [...rest.slice(0, at), row, ...rest.slice(at)];
    }

    remove() {}

    /** @param {string} tag @returns {FakeElement | null} */
    querySelector(tag) {
        for (const c of this.children) {
            const found = c.tag === tag ? c : c.querySelector(tag);
            if (found) return found;
        }
        return null;
    }
}

/** @param {number} id @param {number} person @param {string} [name] */
const said = (id, person, name = `Person ${person}`) => ({ id, person, name, at: 0, text: `${id}` });

/** @param {any[]} chat */
const welcome = (chat) => ({ type: 'welcome', version: 1, you: { id: 1, role: 'participant', may: ['listen', 'chat'], waiting: false, resumed: false, media: [] },
    token: 't', resume: 'r', state: 'live', stage: 0, speaker: 0, slots: { audio: [], video: [] }, slide: { deck: 0, number: 0 }, decks: [], locked: false,
    people: [], chat, whole: false });

/** A page as room.js drives it. */
function open() {
    /** @type {Map<string, FakeElement>} */
    const parts = new Map();
    Object.assign(globalThis, { HTMLElement: FakeElement, HTMLInputElement: FakeElement, document: {
        getElementById: (/** @type {string} */ id) => parts.get(id) ?? parts.set(id, new FakeElement()).get(id),
        createElement: (/** @type {string} */ tag) => new FakeElement(tag),
    } });
    const room = emptyRoom();
    const chat = new Chat(/** @type {any} */ ({ lang: 'en' }), () => true);
    const field = /** @type {FakeElement} */ (parts.get('room-chat-text'));
    return {
        room, field,
        /** @param {any} m */
        take(m) {
            if (m.older) room.chat.unshift(...m.older); // as control.js does
            apply(room, m);
            if (m.type === 'chat' || m.type === 'welcome') chat.note(room);
            if (m.type === 'welcome') chat.free(false);
            chat.show(room);
        },
        /** @param {string} text */
        write(text) {
            field.value = text;
            parts.get('room-chat-form')?.submit({ preventDefault: () => undefined });
        },
        names: () => (parts.get('room-chat')?.children ?? []).map((row) => row.querySelector('bdi')?.textContent).join(', '),
    };
}

function theFieldKeeps() {
    const page = open();
    page.take(welcome([said(5, 1), said(6, 2)]));
    page.write('mine');
    page.take({ type: 'chat', ...said(7, 2) });
    check(page.field.readOnly && page.field.value === 'mine', "somebody else's message frees nothing");
    page.take({ type: 'chat', ...said(8, 1) });
    check(!page.field.readOnly && page.field.value === '', 'the own message has come: the field is free and empty');
    page.take(welcome([said(30, 2)])); // one's own are older than what came
    page.write('again');
    page.take({ type: 'roster', put: [], gone: [], older: [said(5, 1), said(8, 1)], whole: true });
    page.take({ type: 'chat', ...said(31, 2) });
    check(page.field.readOnly && page.field.value === 'again', 'own messages of before that come in a later piece free nothing', page.field.value);
    page.take({ type: 'chat', ...said(32, 1) });
    check(!page.field.readOnly && page.field.value === '', 'what was sent after them does');
    page.write('broken');
    page.take(welcome([said(31, 2), said(32, 1)]));
    check(!page.field.readOnly && page.field.value === 'broken', 'what a break has taken stays in the field', page.field.value);
    page.write('broken');
    page.take(welcome([said(32, 1), said(33, 1)]));
    check(!page.field.readOnly && page.field.value === '', 'what had come before the break does not', page.field.value);
    page.take(welcome([])); // the newest did not fit
    page.take({ type: 'roster', put: [], gone: [], older: [said(33, 1)], whole: true });
    page.write('last');
    page.take({ type: 'chat', ...said(35, 2) });
    check(page.field.readOnly && page.field.value === 'last', 'nor with a beginning that has no message at all', page.field.value);
    page.take(welcome([said(20, 2)]));
    page.write('later');
    page.take({ type: 'chat', ...said(21, 1) });
    check(!page.field.readOnly && page.field.value === '', 'a server that lost messages and gives their numbers again frees the field', page.field.value);
}

function aNewPageKeeps() {
    const page = open();
    page.take(welcome([]));
    page.take({ type: 'roster', put: [], gone: [], older: [said(3, 1)], whole: true });
    page.write('first');
    page.take({ type: 'chat', ...said(4, 2) });
    check(page.field.readOnly && page.field.value === 'first', "a page that was opened anew takes its person's older messages for no new one", page.field.value);
}

function namesFollow() {
    const page = open();
    page.take(welcome([said(1, 2, 'Jeren'), said(2, 3, 'Berdi')]));
    check(page.names() === 'Jeren, Berdi', 'each message has its name', page.names());
    page.take(welcome([said(1, 2, 'Lawyer'), said(2, 3, 'Berdi')]));
    check(page.names() === 'Lawyer, Berdi', 'who is protected now has no name over what was said before, without a reload', page.names());
}

export function testChat() {
    theFieldKeeps();
    aNewPageKeeps();
    namesFollow();
}
