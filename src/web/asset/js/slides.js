// The slides: the one that everybody sees, and leafing back on one's own. Pictures and words come by HTTP with the session's
// cookie; which slide it is comes by one control message.
import { byId, make, part, rows, say, show } from './dom.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./texts.js').Texts} Texts */
/** @typedef {{ number: number, width: number, height: number, text: string }} Words */
/** @typedef {{ deck: number, number: number }} Place */

const POLL_MS = 1500;
/** A picture that did not come is asked for again after so long, then after twice as long each time, up to the other. */
const AGAIN_MS = 1000;
const MOST_MS = 30000;
const TOLD_PERCENT = 10; // screen readers say each step aloud

/** Sends a form with a file; how much of it went is told in steps. @param {URL} url @param {FormData} data @param {(percent: number) => void} told
 * @returns {Promise<string>} what the server objects to, empty when nothing */
function post(url, data, told) {
    return new Promise((resolve) => {
        const asked = new XMLHttpRequest(); // fetch does not say how much of a body has gone
        let at = 0;
        asked.upload.addEventListener('progress', (e) => {
            const percent = e.lengthComputable ? Math.floor(e.loaded / e.total * 100 / TOLD_PERCENT) * TOLD_PERCENT : 0;
            if (percent > at && percent < 100) told(at = percent);
        });
        asked.addEventListener('loadend', () => {
            const said = /** @type {{ error?: string } | null} */ (asked.response);
            resolve(asked.status >= 200 && asked.status < 300 ? '' : said?.error ?? 'room.deck_failed');
        });
        asked.responseType = 'json';
        asked.open('POST', url);
        asked.send(data);
    });
}

export class Slides {
    /** @param {URL} base the seminar's address @param {Texts} t
     * @param {{ show: (p: Place) => void, tell: (text: string) => void, toast: (text: string) => void }} page */
    constructor(base, t, page) {
        this.base = base;
        this.t = t;
        this.page = page;
        /** @type {Map<number, Map<number, Words>>} */
        this.words = new Map();
        /** @type {Place | null} what this person looks at instead of the speaker's slide */
        this.own = null;
        this.isSaving = false;
        this.shown = '';
        this.failed = 0; // times in a row
        this.again = 0;
        this.told = '';
        this.isPolling = false;
        this.isSending = false;
        this.opened = ''; // the slide whose words were opened for a thin line: whoever folds them away has them folded
        /** @type {Room | null} */
        this.room = null;
    }

    /** @returns {Place} */
    now() {
        return this.own ?? this.room?.slide ?? { deck: 0, number: 0 };
    }

    /** @param {number} deck @returns {number} pages of it */
    of(deck) {
        return this.room?.decks.find((d) => d.id === deck)?.of ?? 0;
    }

    // ---- pictures ----

    /** @returns {'small' | 'medium' | 'large'} */
    size() {
        const pixels = part('room-slides').clientWidth * Math.min(2, devicePixelRatio || 1);
        if (this.isSaving) return 'small';
        return pixels <= 900 ? 'medium' : 'large';
    }

    /** @param {Place} p @returns {string} */
    url(p) {
        return new URL(`slides/${p.deck}/${p.number}-${this.size()}.webp`, this.base).href;
    }

    /** @param {number} deck */
    async fetchWords(deck) {
        if (this.words.has(deck)) return;
        this.words.set(deck, new Map());
        try {
            const answer = await fetch(new URL(`slides/${deck}/text`, this.base));
            const list = /** @type {{ slides: Words[] }} */ (await answer.json()).slides;
            this.words.set(deck, new Map(list.map((s) => [s.number, s])));
            if (this.room) this.draw(this.room, this.isSaving);
        } catch {
            this.words.delete(deck); // asked again with the next slide
        }
    }

    // ---- drawing ----

    /** @param {Room} room @param {boolean} isSaving */
    draw(room, isSaving) {
        this.room = room;
        this.isSaving = isSaving;
        if (this.own && (this.of(this.own.deck) === 0 || room.slide.deck === 0)) this.own = null;
        const p = this.now();
        const isShown = p.deck !== 0;
        const may = room.may.includes('slides');
        show(part('room-slides'), isShown);
        part('room-wall').classList.toggle('has-slide', isShown);
        show(part('room-decks-section'), may);
        show(part('room-jump-decks'), may);
        if (may) this.drawDecks(room);
        if (!isShown) {
            this.shown = '';
            this.failed = 0;
            return;
        }
        this.fetchWords(p.deck);
        this.drawPicture(p);
        this.drawWords(p);
        this.drawButtons(p, may);
    }

    /** @param {Place} p */
    drawPicture(p) {
        const img = byId('room-slide', HTMLImageElement);
        const url = this.url(p);
        const words = this.words.get(p.deck)?.get(p.number);
        img.alt = words?.text || this.t.get('room.slide_no_text');
        if (words) {
            img.width = words.width;
            img.height = words.height;
        }
        if (this.shown === url) return;
        this.rest();
        this.shown = url;
        img.onload = () => {
            this.failed = 0;
            this.prefetch(p);
        };
        img.onerror = () => {
            this.again = window.setTimeout(() => {
                this.forget();
                if (this.room) this.draw(this.room, this.isSaving);
            }, Math.min(MOST_MS, AGAIN_MS * 2 ** this.failed) * (1 + Math.random() / 4));
            this.failed += 1;
        };
        img.src = url;
    }

    /** A picture that did not come is asked for with the next drawing. */
    forget() {
        if (this.failed) this.shown = '';
    }

    /** Nobody looks any more. */
    rest() {
        clearTimeout(this.again);
    }

    /** The next page is there before it is asked for. @param {Place} p */
    prefetch(p) {
        if (p.number < this.of(p.deck)) new Image().src = this.url({ deck: p.deck, number: p.number + 1 });
    }

    /** @param {Place} p */
    drawWords(p) {
        const text = this.words.get(p.deck)?.get(p.number)?.text ?? '';
        say(part('room-slide-words'), text || this.t.get('room.slide_no_text'));
        const details = part('room-slide-text');
        show(details, text !== '');
        const opened = this.isSaving ? `${p.deck}/${p.number}` : '';
        if (opened && opened !== this.opened) details.setAttribute('open', '');
        this.opened = opened;
        const place = this.t.get('room.slide_of', { n: p.number, of: this.of(p.deck) });
        say(part('room-slide-place'), place);
        const key = `${p.deck}/${p.number}`;
        if (this.told !== key && !this.own) this.page.tell(`${place}. ${text.split('\n')[0] ?? ''}`);
        this.told = key;
    }

    /** @param {Place} p @param {boolean} may */
    drawButtons(p, may) {
        /** @type {Record<string, boolean>} */
        const can = { 'slide-back': p.number > 1, 'slide-on': p.number < this.of(p.deck) };
        for (const [what, is] of Object.entries(can)) {
            const b = document.querySelector(`[data-do="${what}"]`);
            // Not `disabled`: the focus would be lost at the last page.
            if (b instanceof HTMLElement) b.setAttribute('aria-disabled', String(!is));
        }
        const follow = document.querySelector('[data-do="slide-follow"]');
        if (follow instanceof HTMLElement) show(follow, this.own !== null);
        const hide = document.querySelector('[data-do="slide-hide"]');
        if (hide instanceof HTMLElement) show(hide, may);
        say(part('room-slide-whose'), this.t.get(may ? 'room.slide_for_all' : this.own ? 'room.slide_own' : 'room.slide_speaker'));
    }

    /** @param {Room} room */
    drawDecks(room) {
        rows(part('room-decks'), room.decks.map((d) => String(d.id)),
            (id) => make('li', {}, [make('span', { dir: 'auto' }), make('button', { type: 'button', 'data-do': 'deck', 'data-deck': id })]),
            (row, id) => {
                const d = room.decks.find((v) => String(v.id) === id);
                const b = row.querySelector('button');
                const name = row.querySelector('span');
                if (!d || !b || !name) return;
                say(name, `${d.name} · ${this.t.get('room.slides_count', { n: d.of })}`);
                say(b, this.t.get(room.slide.deck === d.id ? 'room.deck_shown' : 'room.deck_show'));
                b.setAttribute('aria-label', `${b.textContent}: ${d.name}`);
                b.setAttribute('aria-pressed', String(room.slide.deck === d.id));
            });
        show(part('room-no-decks'), room.decks.length === 0);
        show(part('room-deck-form'), ['host', 'co-host', 'speaker'].includes(room.role));
    }

    // ---- what people press ----

    /** @param {number} by pages: -1 or 1 */
    leaf(by) {
        const p = this.now();
        const number = p.number + by;
        if (!this.room || p.deck === 0 || number < 1 || number > this.of(p.deck)) return;
        if (this.room.may.includes('slides')) {
            this.page.show({ deck: p.deck, number });
            return;
        }
        this.own = { deck: p.deck, number };
        if (this.own.deck === this.room.slide.deck && number === this.room.slide.number) this.own = null;
        this.draw(this.room, this.isSaving);
    }

    follow() {
        this.own = null;
        if (this.room) this.draw(this.room, this.isSaving);
        part('room-slides').focus();
    }

    // ---- bringing ----

    /** @param {HTMLFormElement} form */
    async send(form) {
        if (this.isSending) return;
        const state = part('room-deck-state');
        const data = new FormData(form);
        const file = data.get('file');
        const mb = Number(form.dataset.megabytes);
        if (file instanceof File && file.size > mb * 1048576) {
            say(state, this.t.get('room.deck_large', { mb }));
            return;
        }
        const sending = this.t.get('room.deck_sending');
        say(state, sending);
        this.isSending = true;
        const error = await post(new URL('slides', this.base), data, (percent) => say(state, `${sending} ${this.t.get('room.deck_part', { percent })}`));
        this.isSending = false;
        if (error) {
            say(state, this.t.get(error, { n: Number(form.dataset.files) }));
            return;
        }
        form.reset();
        this.poll();
    }

    /** Until nothing waits any more: the room itself is told by a message when a deck is ready. */
    async poll() {
        if (this.isPolling) return;
        this.isPolling = true;
        for (let isWaiting = true; isWaiting;) {
            await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
            try {
                const list = /** @type {any[]} */ ((await (await fetch(new URL('slides', this.base))).json()).decks);
                const last = list[list.length - 1];
                isWaiting = last?.state === 'waiting';
                say(part('room-deck-state'), this.stateOf(last));
            } catch {
                // the line is gone for a moment: ask again
            }
        }
        this.isPolling = false;
    }

    /** @param {any} deck @returns {string} */
    stateOf(deck) {
        if (!deck) return '';
        if (deck.state === 'failed') return this.t.get(deck.fault, { n: Number(part('room-deck-form').dataset.pages) });
        if (deck.state === 'ready') return this.t.get('room.deck_made', { n: deck.of });
        return deck.of ? this.t.get('room.deck_making', { n: deck.done, of: deck.of }) : this.t.get('room.deck_waits');
    }
}
