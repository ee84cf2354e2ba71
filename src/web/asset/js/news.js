// What a screen reader says of the room: few words, each true when it is said. A burst of hands becomes one sentence with their
// number and the last name. No DOM and no clock here: tests run it in Node.

/** @typedef {import('./texts.js').Texts} Texts */

export class News {
    /** @param {Pick<Texts, 'get'>} t */
    constructor(t) {
        this.t = t;
        /** @type {string[]} who raised a hand since the last word */
        this.hands = [];
        /** @type {Array<{ name: string, text: string }>} */
        this.chat = [];
        this.other = '';
    }

    /** Only the newest is worth a word. @param {string} text */
    tell(text) {
        this.other = text;
    }

    /** Once for each person, however often the hand goes up and down. @param {string} name */
    hand(name) {
        this.hands = [...this.hands.filter((n) => n !== name), name];
    }

    /** @param {string} name @param {string} text */
    message(name, text) {
        this.chat.push({ name, text });
    }

    /** All that has gathered, as one text; '' when nothing has. @returns {string} */
    take() {
        const words = [this.other, this.handWords(), this.chatWords()].filter(Boolean).join(' ');
        this.hands = [];
        this.chat = [];
        this.other = '';
        return words;
    }

    handWords() {
        const name = this.hands[this.hands.length - 1] ?? '';
        if (this.hands.length < 2) return name && `${this.t.get('room.hand_raised', { name })}.`;
        return this.t.get('room.hands_raised', { n: this.hands.length, name });
    }

    chatWords() {
        const last = this.chat[this.chat.length - 1];
        if (!last) return '';
        return this.chat.length === 1 ? `${last.name}: ${last.text}` : this.t.get('room.messages', { n: this.chat.length, name: last.name });
    }
}
