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

/** By the page's own person. @param {number} id @param {string} text */
const mine = (id, text) => ({ ...said(id, 1), text });

/** @param {any[]} older @param {boolean} whole */
const roster = (older, whole) => ({ type: 'roster', put: [], gone: [], older, whole });

/** @param {any[]} chat @param {boolean} [whole] */
const welcome = (chat, whole = true) => ({ type: 'welcome', version: 1, you: { id: 1, role: 'participant', may: ['listen', 'chat'], waiting: false, resumed: false, media: [] },
    token: 't', resume: 'r', state: 'live', stage: 0, speaker: 0, slots: { audio: [], video: [] }, slide: { deck: 0, number: 0 }, decks: [], locked: false,
    people: [], chat, whole });

/** A page as room.js drives it. */
function open() {
    /** @type {Map<string, FakeElement>} */
    const parts = new Map();
    Object.assign(globalThis, { HTMLElement: FakeElement, HTMLInputElement: FakeElement, document: {
        getElementById: (/** @type {string} */ id) => parts.get(id) ?? parts.set(id, new FakeElement()).get(id),
        createElement: (/** @type {string} */ tag) => new FakeElement(tag),
    } });
    const room = emptyRoom();
    /** @type {string[]} */
    const sent = [];
    const chat = new Chat(/** @type {any} */ ({ lang: 'en' }), (text) => sent.push(text) > 0);
    const field = /** @type {FakeElement} */ (parts.get('room-chat-text'));
    return {
        sent, field,
        /** How often the page said that a message did not get through. */
        unsent: 0,
        /** @param {any} m */
        take(m) {
            if (m.older) room.chat.unshift(...m.older); // as control.js does
            apply(room, m);
            if (m.type === 'error') chat.refuse(m.of);
            if (['chat', 'welcome', 'roster'].includes(m.type) && chat.note(m, room)) this.unsent += 1;
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

/** @param {ReturnType<typeof open>} page @param {string} text @param {string} name */
function holds(page, text, name) {
    check(page.field.readOnly && page.field.value === text, name, [page.field.readOnly, page.field.value]);
}

/** @param {ReturnType<typeof open>} page @param {string} text @param {string} name */
function frees(page, text, name) {
    check(!page.field.readOnly && page.field.value === text, name, [page.field.readOnly, page.field.value]);
}

function theFieldKeeps() {
    const page = open();
    page.take(welcome([said(5, 1), said(6, 2)]));
    page.write('mine');
    page.take({ type: 'chat', ...said(7, 2), text: 'mine' });
    holds(page, 'mine', "somebody else's message frees nothing");
    page.take({ type: 'chat', ...mine(8, 'from my other device') });
    holds(page, 'mine', 'nor does one of the same person from another device');
    page.take({ type: 'chat', ...mine(9, 'mine') });
    frees(page, '', 'the own message has come: the field is free and empty');
    page.take(welcome([said(30, 2)], false)); // one's own are older than what came
    page.write('mine');
    page.take(roster([said(5, 1), mine(9, 'mine')], true));
    page.take({ type: 'chat', ...said(31, 2) });
    holds(page, 'mine', 'own messages of before that come in a later piece free nothing');
    page.take({ type: 'chat', ...mine(32, 'mine') });
    frees(page, '', 'what was sent after them does');
    page.write('later');
    page.take(welcome([said(20, 2)]));
    frees(page, 'later', 'a server that lost messages has not this one either');
    page.write('later');
    page.take({ type: 'chat', ...mine(21, 'later') });
    frees(page, '', 'and when it gives their numbers again it frees the field');
}

function aNewPageKeeps() {
    const page = open();
    page.take(welcome([], false)); // the newest did not fit
    page.write('first');
    page.take(roster([mine(3, 'first')], true));
    page.take({ type: 'chat', ...said(4, 2) });
    holds(page, 'first', "a page that was opened anew takes its person's older messages for no new one");
}

function aBreakTakesNothing() {
    const page = open();
    page.take(welcome([said(31, 2), mine(32, 'broken')]));
    page.write('broken');
    page.take(welcome([said(31, 2), mine(32, 'broken')]));
    frees(page, 'broken', 'what a break has taken stays in the field');
    check(page.unsent === 1, 'and its writer is told', page.unsent);
    page.write('broken');
    page.take(welcome([mine(32, 'broken'), mine(33, 'broken')]));
    frees(page, '', 'what had come before the break does not');
    page.write('far');
    page.take(welcome([said(40, 2)], false)); // others wrote more than `welcome` holds
    holds(page, 'far', 'as long as the list is not whole nothing is known');
    page.take({ type: 'chat', ...said(41, 2) });
    page.take(roster([said(39, 2)], false));
    holds(page, 'far', 'neither by what is said meanwhile, nor by a piece that lacks it');
    page.take(roster([mine(33, 'broken'), mine(34, 'far')], true));
    frees(page, '', 'it comes with a later piece');
    check(page.unsent === 1, 'and nobody is told to send again what did get through', page.unsent);
    page.write('far');
    page.take(welcome([said(50, 2)], false));
    page.take(welcome([said(50, 2)], false)); // and a second break
    page.take(roster([said(33, 1), mine(34, 'far')], true));
    frees(page, 'far', 'what the whole list lacks stays, an equal message of before is another');
    check(page.unsent === 2, 'and its writer is told at the end', page.unsent);
}

function refusalsFree() {
    const page = open();
    page.take(welcome([]));
    page.write('one');
    page.take({ type: 'error', of: 'stats' });
    holds(page, 'one', 'an error of something else frees nothing');
    page.take({ type: 'error', of: 'chat' });
    frees(page, 'one', 'a refused message is in the field still, and can be changed');
    page.write('one');
    page.take({ type: 'error', of: '' });
    frees(page, 'one', 'also when the server has not read it');
    page.take({ type: 'chat', ...mine(1, 'one') });
    frees(page, '', 'if it was another that was not read, the message comes and the field is empty');
    page.write('two');
    page.take({ type: 'error', of: '' });
    page.field.value = 'three';
    page.take({ type: 'chat', ...mine(2, 'two') });
    frees(page, 'three', 'but not if something else stands there by now');
    page.write('four');
    page.take({ type: 'error', of: '' });
    page.take(welcome([said(9, 2)], false));
    page.take(roster([mine(3, 'four')], true));
    frees(page, '', 'also after a break');
}

/** What JSON may write and jansson does not read. */
function onlyTextIsSent() {
    const page = open();
    page.take(welcome([]));
    page.write(' \0\ud83d\0\ude00 a\ud83d\ude00b\udc00\0 ');
    check(page.sent.length === 1 && page.sent[0] === 'a\ud83d\ude00b', 'U+0000 and halves of pairs are not sent, pairs are', page.sent);
    page.take({ type: 'chat', ...mine(1, 'a\ud83d\ude00b') });
    frees(page, '', 'and what was sent frees the field when it comes');
    page.write(' \ud800\0 ');
    check(page.sent.length === 1 && !page.field.readOnly, 'of nothing else nothing is sent', page.sent);
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
    aBreakTakesNothing();
    refusalsFree();
    onlyTextIsSent();
    namesFollow();
}
