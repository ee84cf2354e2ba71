// The messages, and the field where one is written. What was sent stays in the field, locked, until it stands in the list: a line
// that broke in between has taken nothing from the writer.
import { byId, make, part, rows, say, show } from './dom.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./texts.js').Texts} Texts */

/** What the server reads (jansson refuses U+0000 and half a pair of surrogates, which a paste may bring) and gives back letter for letter.
 * @param {string} text @returns {string} */
function plain(text) {
    return text.replace(/[\0\ud800-\udfff]/gu, '').trim();
}

export class Chat {
    /** @param {Texts} t @param {(text: string) => boolean} send false: there is no connection */
    constructor(t, send) {
        this.field = byId('room-chat-text', HTMLInputElement);
        this.clock = new Intl.DateTimeFormat(t.lang, { hour: '2-digit', minute: '2-digit' });
        this.newest = 0; // number of the newest message of all; what is sent after it has a higher one
        this.sent = ''; // what is on its way, or may be
        this.isAdrift = false; // the line broke under it, and not all that the server has is here yet
        part('room-chat-form').addEventListener('submit', (e) => {
            e.preventDefault();
            const text = plain(this.field.value);
            if (!text || this.field.readOnly || !send(text)) return;
            this.field.readOnly = true;
            this.sent = text;
            this.isAdrift = false;
        });
    }

    /** What a `chat`, `welcome` or `roster` says of what was sent. Only one message is ever on its way. It is not among the older ones of a
     * `roster`, unless the line broke after it was sent: then nothing is known before the list is whole. A server that lost its newest
     * messages gives their numbers again: only what it still names counts.
     * @param {{ type: string, whole?: boolean }} m @param {Room} room @returns {boolean} it is lost, and is in the field still */
    note(m, room) {
        if (m.type === 'welcome') this.isAdrift = this.sent !== '';
        const isSent = (/** @type {import('./protocol.js').Chat} */ c) => c.person === room.me && c.id > this.newest && c.text === this.sent;
        const isThere = (m.type !== 'roster' || this.isAdrift) && room.chat.some(isSent);
        const isLost = (isThere || (this.isAdrift && m.whole === true)) && this.free(isThere);
        if (!this.isAdrift) this.newest = room.chat.reduce((most, c) => Math.max(most, c.id), 0);
        return isLost;
    }

    /** After an `error`. One of a message that could not be read, or that was one too many, may be of another than what was sent: that may
     * still come. @param {string} of */
    refuse(of) {
        if (of === 'chat') this.free(false);
        else if (of === '') this.field.readOnly = false;
    }

    /** What was sent is not on its way any more. @param {boolean} isThere @returns {boolean} it had been sent, and is in the field still */
    free(isThere) {
        const was = this.field.readOnly;
        if (isThere && plain(this.field.value) === this.sent) this.field.value = ''; // after an error it may be another text by now
        this.field.readOnly = false;
        this.sent = '';
        this.isAdrift = false;
        return was && !isThere;
    }

    /** @param {Room} room */
    show(room) {
        const list = part('room-chat');
        const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
        const byKey = new Map(room.chat.map((c) => [String(c.id), c]));
        rows(list, [...byKey.keys()], (key) => {
            const c = byKey.get(key);
            if (!c) return make('li');
            return make('li', {}, [make('b', {}, [make('bdi', {}, [c.name])]), make('time', {}, [this.clock.format(c.at * 1000)]), make('p', { dir: 'auto' }, [c.text])]);
        }, (row, key) => {
            const name = row.querySelector('bdi');
            if (name) say(name, byKey.get(key)?.name ?? ''); // who became protected has another one, in what was said before as well
        });
        show(part('room-no-chat'), room.chat.length === 0);
        if (isAtEnd) list.scrollTop = list.scrollHeight;
    }
}
