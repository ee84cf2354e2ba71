// Interpretation for a listener: which channel A3 carries, and how loud the original stays under it. The server switches A3; the
// page turns the original down while somebody speaks in the channel, and up again when nobody does. A channel that is chosen is
// heard before the original goes down, so a switch is never silent.
import { byId, part, say, show } from './dom.js';
import { floorVolume, nameOf } from './protocol.js';
import { playAll } from './stage.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./texts.js').Texts} Texts */

const FADE_MS = 150;
const STEP_MS = 15;

export class Channels {
    /** @param {Texts} t @param {(lang: string) => void} choose */
    constructor(t, choose) {
        this.t = t;
        /** @type {Room | null} */
        this.room = null;
        this.volume = 1;
        this.timer = 0;
        this.told = '';
        this.canFade = takesVolume(this.element('A0'));
        part('room-channel-list').addEventListener('change', (e) => {
            if (e.target instanceof HTMLInputElement) choose(e.target.value);
        });
        byId('room-original', HTMLInputElement).addEventListener('input', () => this.mix());
    }

    /** @returns {HTMLInputElement[]} */
    choices() {
        return [...part('room-channel-list').querySelectorAll('input')];
    }

    /** The language as the page calls it. @param {string} lang @returns {string} */
    name(lang) {
        const choice = this.choices().find((c) => c.value === lang);
        return choice?.closest('label')?.querySelector('b')?.textContent ?? lang;
    }

    /** @param {Room} room */
    draw(room) {
        this.room = room;
        for (const choice of this.choices()) {
            choice.checked = choice.value === room.channel;
            const c = room.channels.find((v) => v.lang === choice.value);
            const small = choice.closest('label')?.querySelector('small');
            if (c && small) say(small, this.state(c));
        }
        const button = part('room-bar').querySelector('[data-do="channel"]');
        if (button instanceof HTMLElement) {
            show(button, room.channels.length > 1);
            button.classList.toggle('chosen', room.channel !== '');
            const word = button.querySelector('span');
            if (word) say(word, room.channel ? this.name(room.channel) : this.t.get('room.channel'));
        }
        show(part('room-original-field'), room.channel !== '' && this.canFade);
        this.mix();
    }

    /** @param {import('./protocol.js').Channel} c @returns {string} */
    state(c) {
        if (!c.person) return this.t.get('room.channel_empty');
        return this.t.get(c.speaking ? 'room.channel_speaks' : 'room.channel_silent', { name: this.room ? nameOf(this.room, c.person) : '' });
    }

    /** What has happened in the channel that is heard, in words; '' when nothing has. @returns {string} */
    news() {
        const c = this.room?.channels.find((v) => v.lang === this.room?.channel);
        const now = c && this.room ? `${c.lang} ${c.person !== 0}` : '';
        if (now === this.told) return '';
        this.told = now;
        if (!c) return this.t.get('room.channel_floor_now');
        return this.t.get(c.person ? 'room.channel_now' : 'room.channel_waits', { name: this.name(c.lang) });
    }

    mix() {
        if (!this.room) return;
        const a3 = this.element('A3');
        a3.dataset.person = String(this.room.channels.find((v) => v.lang === this.room?.channel)?.person ?? 0);
        this.fade(floorVolume(this.room, byId('room-original', HTMLInputElement).valueAsNumber / 100));
    }

    /** @param {string} slot @returns {HTMLAudioElement} */
    element(slot) {
        return /** @type {HTMLAudioElement} */ (document.querySelector(`audio[data-slot="${slot}"]`));
    }

    /** @param {number} to */
    fade(to) {
        if (to === this.volume && !this.timer) return;
        if (!this.canFade) {
            this.mute(to < 0.5);
            this.volume = to;
            return;
        }
        clearInterval(this.timer);
        const from = this.element('A0').volume;
        const since = performance.now();
        this.volume = to;
        this.timer = window.setInterval(() => {
            const done = Math.min(1, (performance.now() - since) / FADE_MS);
            for (const slot of ['A0', 'A1', 'A2']) this.element(slot).volume = Math.max(0, Math.min(1, from + (to - from) * done));
            if (done < 1) return;
            clearInterval(this.timer);
            this.timer = 0;
        }, STEP_MS);
    }

    /** The original or the interpreter, where both cannot be heard at once. A gain of Web Audio is no way out: what
     * comes from a peer connection may not be heard through it there. @param {boolean} isMuted */
    mute(isMuted) {
        const floor = ['A0', 'A1', 'A2'].map((slot) => this.element(slot));
        for (const e of floor) e.muted = isMuted;
        if (floor.some((e) => e.srcObject && e.paused)) playAll(); // it stops what is made loud without a click
    }
}

/** iOS plays everything at the loudness of its buttons: what is set is not there when it is read back. @param {HTMLAudioElement} e @returns {boolean} */
function takesVolume(e) {
    const before = e.volume;
    e.volume = 0.5;
    const takes = e.volume === 0.5;
    e.volume = before;
    return takes;
}
