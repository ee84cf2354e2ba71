// The messages, and the field where one is written. What was sent stays in the field, locked, until it stands in the list: a line
// that broke in between has taken nothing from the writer.
import { byId, make, part, rows, show } from './dom.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./texts.js').Texts} Texts */

export class Chat {
    /** @param {Texts} t @param {(text: string) => boolean} send false: there is no connection */
    constructor(t, send) {
        this.field = byId('room-chat-text', HTMLInputElement);
        this.clock = new Intl.DateTimeFormat(t.lang, { hour: '2-digit', minute: '2-digit' });
        this.last = 0; // the number of one's own last message
        part('room-chat-form').addEventListener('submit', (e) => {
            e.preventDefault();
            const text = this.field.value.trim();
            if (text && !this.field.readOnly && send(text)) this.field.readOnly = true;
        });
    }

    /** After `chat` and `welcome`: has what was sent come? Only one message is ever on its way. @param {Room} room */
    note(room) {
        const last = room.chat.reduce((most, c) => (c.person === room.me ? Math.max(most, c.id) : most), 0);
        if (this.field.readOnly && last > this.last) this.free(true);
        this.last = last;
    }

    /** What was sent is not on its way any more. @param {boolean} isThere @returns {boolean} it had been sent, and is in the field still */
    free(isThere) {
        const was = this.field.readOnly;
        this.field.readOnly = false;
        if (isThere) this.field.value = '';
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
        }, () => undefined);
        show(part('room-no-chat'), room.chat.length === 0);
        if (isAtEnd) list.scrollTop = list.scrollHeight;
    }
}
