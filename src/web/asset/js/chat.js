// The messages, and the field where one is written. What was sent stays in the field, locked, until it stands in the list: a line
// that broke in between has taken nothing from the writer.
import { byId, make, part, rows, say, show } from './dom.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./texts.js').Texts} Texts */

export class Chat {
    /** @param {Texts} t @param {(text: string) => boolean} send false: there is no connection */
    constructor(t, send) {
        this.field = byId('room-chat-text', HTMLInputElement);
        this.clock = new Intl.DateTimeFormat(t.lang, { hour: '2-digit', minute: '2-digit' });
        this.newest = 0; // number of the newest message of all; what is sent after it has a higher one
        part('room-chat-form').addEventListener('submit', (e) => {
            e.preventDefault();
            const text = this.field.value.trim();
            if (text && !this.field.readOnly && send(text)) this.field.readOnly = true;
        });
    }

    /** After `chat` and `welcome`: has what was sent come? Only one message is ever on its way. One of one's own that comes with the
     * older messages of a `roster` was there before. @param {Room} room */
    note(room) {
        const isThere = room.chat.some((c) => c.person === room.me && c.id > this.newest);
        if (this.field.readOnly && isThere) this.free(true);
        this.see(room);
    }

    /** A server that lost its newest messages gives their numbers again: only what it still names counts. @param {Room} room */
    see(room) {
        this.newest = room.chat.reduce((most, c) => Math.max(most, c.id), 0);
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
        this.see(room);
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
