// The interpreter's booth: into which language, who has the microphone, handing it over with a countdown, the cough button, what
// to tell the speaker, and who depends on whom.
import { byId, make, part, rows, say, show } from './dom.js';
import { nameOf } from './protocol.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./protocol.js').Channel} Channel */
/** @typedef {import('./texts.js').Texts} Texts */

/** say: to the server; name: of a language; cough: the microphone is shut while it lasts.
 * @typedef {{ say: (m: any) => void, name: (lang: string) => string, cough: (isOn: boolean) => void }} BoothPage */

export class Booth {
    /** @param {Texts} t @param {BoothPage} page */
    constructor(t, page) {
        this.t = t;
        this.page = page;
        /** @type {Room | null} */
        this.room = null;
        this.until = 0;
        this.clock = new Intl.DateTimeFormat(t.lang, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
        byId('room-booth-lang', HTMLSelectElement).addEventListener('change', (e) => {
            if (e.target instanceof HTMLSelectElement) page.say({ type: 'booth', lang: e.target.value });
        });
        this.listenToCough();
        window.setInterval(() => this.tick(), 250);
    }

    /** By pointer or by key, and never stuck: leaving the button or the page ends it. */
    listenToCough() {
        const button = part('room-cough');
        const set = (/** @type {boolean} */ isOn) => {
            if ((button.getAttribute('aria-pressed') === 'true') === isOn) return;
            button.setAttribute('aria-pressed', String(isOn));
            this.page.cough(isOn);
        };
        button.addEventListener('pointerdown', () => set(true));
        for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur', 'keyup']) button.addEventListener(end, () => set(false));
        button.addEventListener('keydown', (e) => {
            if (e.key !== ' ' && e.key !== 'Enter') return;
            e.preventDefault();
            set(true);
        });
    }

    /** @returns {Channel | undefined} */
    own() {
        return this.room?.channels.find((c) => c.lang === this.room?.booth);
    }

    /** @param {Room} room */
    draw(room) {
        const isOpen = room.may.includes('interpret') && room.channels.length > 1;
        this.room = room;
        show(part('room-booth'), isOpen);
        if (!isOpen) return;
        const c = this.own();
        this.until = c?.ms ? room.channelsAt + c.ms : 0;
        byId('room-booth-lang', HTMLSelectElement).value = room.booth;
        this.drawButtons(c);
        this.drawBooths(room);
        this.tick();
    }

    /** @param {Channel | undefined} c */
    drawButtons(c) {
        const me = this.room?.me ?? 0;
        const isMine = c?.mic === me;
        const isAway = c !== undefined && !isMine && (this.room?.people.get(c.mic)?.away ?? true);
        const hand = part('room-booth').querySelector('[data-do="handover"]');
        const isAsked = c?.asked === me && !c.ms;
        if (hand instanceof HTMLElement) {
            show(hand, c !== undefined && ((isMine && c.booth.length > 1 && !c.asked) || isAsked || isAway));
            say(hand, this.t.get(isMine ? 'room.booth_hand' : 'room.booth_take'));
            hand.classList.toggle('main', isAsked || isAway);
        }
        const off = part('room-booth').querySelector('[data-do="handover-off"]');
        if (off instanceof HTMLElement) show(off, c !== undefined && c.asked !== 0 && (isMine || c.asked === me));
        for (const b of part('room-booth').querySelectorAll('[data-signal]')) if (b instanceof HTMLElement) show(b, c !== undefined);
    }

    /** @param {Room} room */
    drawBooths(room) {
        const staffed = room.channels.filter((c) => c.booth.length > 0);
        rows(part('room-booths'), staffed.map((c) => c.lang), () => make('li', {}, [make('b'), ' ', make('span')]), (row, lang) => {
            const c = staffed.find((v) => v.lang === lang);
            const [b, span] = [row.querySelector('b'), row.querySelector('span')];
            if (!c || !b || !span) return;
            say(b, this.page.name(lang));
            const names = c.booth.map((id) => (id === c.mic ? this.t.get('room.booth_on_mic', { name: nameOf(room, id) }) : nameOf(room, id)));
            say(span, `${names.join(', ')} · ${this.t.get('room.booth_hears', { name: c.from ? this.page.name(c.from) : this.t.get('room.floor') })}`);
        });
    }

    /** @returns {string} the end of a text's key */
    state() {
        const c = this.own();
        const me = this.room?.me;
        if (!c) return 'none';
        if (c.ms) return c.mic === me ? 'going' : 'coming';
        if (c.asked === me) return 'asked';
        if (c.mic === me) return c.asked ? 'waits' : 'mine';
        return c.mic ? 'theirs' : 'free';
    }

    tick() {
        if (part('room-booth').hidden) return;
        const left = this.until ? Math.ceil((this.until - performance.now()) / 1000) : 0;
        const state = this.state();
        const c = this.own();
        const other = c?.mic === this.room?.me ? c?.asked : c?.mic;
        part('room-booth').dataset.state = state;
        // Without the seconds: they would be read out one by one.
        say(part('room-booth-state'), this.t.get(`room.booth_${state}`, { name: this.room ? nameOf(this.room, other ?? 0) : '' }));
        say(part('room-booth-left'), left > 0 ? this.t.number(left) : '');
        say(part('room-booth-clock'), this.clock.format(new Date()));
    }
}
