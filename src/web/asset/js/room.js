// The room page: one object that knows the page's state, and what each message and each button does to it. Everything else
// (connection, media, lists) is a module that knows no other. States: docs/protocol.md, "What tests may look at".
import { Booth } from './booth.js';
import { Channels } from './channels.js';
import { Chat } from './chat.js';
import { Climb, isVoice, passes } from './climb.js';
import { Control } from './control.js';
import { byId, part, say, seldom, show } from './dom.js';
import { actOf } from './keys.js';
import { Ladder } from './ladder.js';
import { Listen } from './listen.js';
import { News } from './news.js';
import { Own } from './own.js';
import { showHands, showPeople } from './people.js';
import { apply, emptyRoom, lineWord, placeOf, wants } from './protocol.js';
import { Publish } from './publish.js';
import { Quiz } from './quiz.js';
import { Slides } from './slides.js';
import { clearTracks, playAll, setTrack, showStage } from './stage.js';
import { Texts } from './texts.js';
import { Usage } from './usage.js';

const STATS_MS = 5000;
const CLIMB_MS = 1000;
/** A line that lost sound gets no pictures for so long, or it would swing to and fro. */
const DARK_MS = 20000;
const TOAST_MS = 8000;
/** Between two announcements: whoever listens to them listens to the seminar too. */
const SAID_MS = 6000;

/** @typedef {'idle' | 'joining' | 'waiting' | 'open' | 'ended' | 'removed'} State */

class Page {
    /** @param {HTMLElement} root @param {Texts} t */
    constructor(root, t) {
        const base = new URL(`/s/${encodeURIComponent(root.dataset.slug ?? '')}/`, location.href);
        const socket = new URL('room/control', base);
        socket.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
        this.root = root;
        this.t = t;
        this.room = emptyRoom();
        this.own = new Own(root.dataset.role === 'interpreter', (kind) => this.lost(kind));
        this.place = `room:${root.dataset.slug}`;
        this.darkUntil = 0;
        this.lastWant = '';
        this.toastTimer = 0;
        this.isCoughing = false;
        /** The button of the bar or of the slides that a hand pressed last, and that has the focus since. @type {Element | null} */
        this.pressed = null;
        /** Why nobody opened: the key of a sentence. */
        this.shut = '';
        this.wish = { audio: false, video: false };
        /** @type {() => void} */
        this.onConfirm = () => undefined;
        this.control = new Control(socket.href, new URL('/healthz', location.href).href, {
            onMessage: (m) => this.take(m),
            onState: (s) => {
                if (s !== 'connecting') this.shut = '';
                this.setLine('control', s);
            },
            onEnd: (why) => this.over(why),
            onAway: () => [this.listen.link, this.publish.link].forEach((link) => link.ready()),
            onFull: (isLocked) => {
                this.shut = isLocked ? 'room.locked_out' : 'room.full';
                this.showLine();
            },
        });
        const canTry = () => root.dataset.control === 'open' && this.room.seminar !== 'ended';
        this.ladder = new Ladder({ host: location.hostname, port: location.port, isSecure: location.protocol === 'https:' });
        const { ladder } = this;
        this.listen = new Listen(new URL('whep', base).href, setTrack, { ladder, canTry, onState: (s, way) => this.setWay(s, way) });
        this.publish = new Publish(new URL('whip', base).href, { ladder, canTry, onState: (s) => this.setLine('publish', s) });
        this.climber = new Climb({ now: () => performance.now(), passes: () => passes(ladder.question()), climb: () => this.climb() });
        this.slides = new Slides(base, t, {
            show: (p) => this.control.say({ type: 'slide', deck: p.deck, number: p.number }),
            tell: (text) => this.tell(text),
            toast: (text) => this.toast(text),
        });
        this.chat = new Chat(t, (text) => this.control.say({ type: 'chat', text }) || this.unsent());
        this.quiz = new Quiz(base, t, (text) => this.tell(text));
        this.channels = new Channels(t, (lang) => this.control.say({ type: 'channel', lang }));
        this.booth = new Booth(t, {
            say: (m) => this.control.say(m),
            name: (lang) => this.channels.name(lang),
            cough: (isOn) => this.cough(isOn),
        });
        this.usage = new Usage();
        this.drawPeople = seldom(() => this.showLists(), 250);
        this.news = new News(t);
        this.announce = seldom(() => say(part('room-polite'), this.news.take()), SAID_MS);
    }

    // ---- entering and leaving ----

    async join() {
        this.control.resume = sessionStorage.getItem(this.place) ?? '';
        this.setState('joining');
        byId('room-save', HTMLInputElement).checked = this.isTicked('room-save-first');
        this.wish.audio = this.isTicked('room-with-mic');
        this.wish.video = this.isTicked('room-with-camera');
        this.own.endCheck(); // first: it must open nothing more that is not wished
        const isRefused = await this.openWished();
        if (isRefused) this.toast(this.t.get('room.no_mic'));
        this.control.open();
    }

    /** @returns {Promise<boolean>} a device that was asked for did not come */
    async openWished() {
        for (const kind of /** @type {const} */ (['audio', 'video'])) {
            if (!this.wish[kind]) this.own.close(kind);
            else if (!await this.own.open(kind)) this.wish[kind] = false;
        }
        return this.isTicked('room-with-mic') && !this.wish.audio;
    }

    /** @param {string} id @returns {boolean} */
    isTicked(id) {
        const e = document.getElementById(id);
        return e instanceof HTMLInputElement && e.checked;
    }

    leave() {
        this.control.leave();
        sessionStorage.removeItem(this.place);
        this.closeMedia();
        say(part('room-left'), this.t.get('room.left'));
        show(part('room-left'), true);
        this.setState('idle');
        part('room-join').querySelector('button')?.focus();
    }

    /** @param {'ended' | 'removed' | 'resumed' | 'refused'} why */
    over(why) {
        const keys = { ended: ['room.over_title', 'room.over'], removed: ['room.removed_title', 'room.removed'], resumed: ['room.moved_title', 'room.moved'], refused: ['room.refused_title', 'room.refused'] }[why];
        if (why !== 'resumed') sessionStorage.removeItem(this.place);
        this.closeMedia();
        this.control.stop();
        say(part('room-over-title'), this.t.get(keys[0]));
        say(part('room-over-text'), this.t.get(keys[1]));
        if (why === 'ended') this.root.dataset.seminar = 'ended';
        this.setState(why === 'ended' ? 'ended' : 'removed');
        part('room-over-title').focus();
    }

    closeMedia() {
        this.listen.link.stop();
        this.publish.stop();
        this.ladder.top();
        this.own.close('audio');
        this.own.close('video');
        clearTracks();
        this.room = emptyRoom();
        this.control.isHandUp = false; // who comes back comes as anybody else
        this.chat.free(false);
        this.slides.rest();
        this.shut = '';
        this.setLine('control', 'none');
    }

    // ---- messages ----

    /** @param {any} m */
    take(m) {
        const before = { may: this.room.may, isMuted: this.room.isMuted, hands: new Set([...this.room.people.values()].filter((p) => p.hand).map((p) => p.id)) };
        if (m.type === 'error') {
            this.toast(this.t.get(m.text));
            this.chat.refuse(m.of);
        }
        if (m.type === 'wish') this.publish.wish(m.height);
        if (m.type === 'signal') this.toast(this.t.get(`room.signal_${m.what}`, { name: m.name }));
        if (!apply(this.room, m)) return;
        if (m.channels) this.room.channelsAt = performance.now();
        this.root.dataset.person = String(this.room.me);
        this.root.dataset.role = this.room.role;
        this.root.dataset.seminar = this.room.seminar;
        this.root.dataset.may = this.room.may.join(' ');
        if (m.type === 'welcome') this.welcome(m.you.media, before.may);
        if (m.type === 'you') this.review(before);
        if (m.type === 'roster') this.noteHands(before.hands);
        if (m.type === 'chat') this.noteChat(m);
        if (['chat', 'welcome', 'roster'].includes(m.type) && this.chat.note(m, this.room)) this.unsent();
        if (m.type === 'line') this.tell(this.t.get(`room.pictures_${m.pictures}`));
        if (['blind', 'stage', 'welcome'].includes(m.type)) this.noteBlind();
        this.control.isHandUp = (this.room.people.get(this.room.me)?.hand ?? 0) > 0;
        this.draw();
    }

    /** @param {string[]} held the media sessions that the server still has: none after its restart @param {string[]} before rights */
    welcome(held, before) {
        const { room } = this;
        sessionStorage.setItem(this.place, room.resume);
        this.lastWant = '';
        if (room.network && this.ladder.set(room.network)) {
            this.listen.link.stop();
            this.publish.link.stop();
        }
        this.setState(room.isWaiting ? 'waiting' : 'open');
        if (!room.isWaiting) this.closeForbidden();
        if (!room.isWaiting && before.includes('publish') && !room.may.includes('publish')) this.toast(this.t.get('room.demoted'));
        if (!room.may.includes('listen')) this.listen.link.stop();
        else if (!held.includes('down') || !this.listen.link.pc) this.listen.link.start(room.token);
        if (!room.may.includes('publish')) this.publish.stop();
        else if (this.hasTrack() && (!held.includes('up') || !this.publish.link.pc)) this.startPublish();
        this.listen.link.forgo();
        this.publish.link.forgo();
        this.slides.forget();
        this.sendWants();
        if (room.may.includes('publish')) this.sendMedia();
    }

    /** A device that the person may not use, or no longer: its light goes out. */
    closeForbidden() {
        const { may } = this.room;
        for (const [kind, right] of /** @type {const} */ ([['audio', 'publish'], ['video', 'camera']])) {
            if (may.includes('publish') && may.includes(right)) continue;
            this.own.close(kind);
            this.publish.put(kind, null);
        }
    }

    /** @param {{ may: string[], isMuted: boolean }} before */
    review(before) {
        const may = this.room.may.includes('publish');
        if (may && !before.may.includes('publish')) {
            this.toast(this.t.get('room.promoted'));
        } else if (!may && before.may.includes('publish')) {
            this.publish.stop();
            this.own.close('audio');
            this.own.close('video');
            this.toast(this.t.get('room.demoted'));
        }
        if (this.room.isMuted !== before.isMuted) this.toast(this.t.get(this.room.isMuted ? 'room.you_muted' : 'room.you_unmuted'));
    }

    /** @param {Set<number>} before */
    noteHands(before) {
        const own = this.room.people.get(this.room.me);
        if (own?.hand && !before.has(own.id)) this.toast(this.t.get('room.hand_up', { place: placeOf(this.room, own) }));
        if (!this.room.may.includes('host')) return;
        for (const p of this.room.people.values()) {
            if (!p.hand || before.has(p.id) || p.id === this.room.me) continue;
            this.news.hand(p.name);
            this.announce();
        }
    }

    /** @param {{ person: number, name: string, text: string }} m */
    noteChat(m) {
        if (m.person === this.room.me) return;
        this.news.message(m.name, m.text);
        this.announce();
    }

    /** @returns {false} */
    unsent() {
        this.toast(this.t.get('room.chat_unsent'));
        return false;
    }

    /** Whose browsers cannot show what the stage sends. */
    noteBlind() {
        const names = this.room.blind.map((id) => this.room.people.get(id)?.name ?? '').filter(Boolean);
        const text = names.length ? this.t.get('room.blind', { n: names.length, name: names.slice(0, 3).join(', ') }) : '';
        say(part('room-blind'), text);
        show(part('room-blind'), text !== '');
    }

    /** A microphone that was shut before stays so. @param {boolean} isOn */
    cough(isOn) {
        const track = this.own.track.audio;
        if (isOn) this.isCoughing = this.isOn('audio');
        if (track && this.isCoughing) track.enabled = !isOn;
        this.isCoughing = this.isCoughing && isOn;
        this.draw();
    }

    // ---- sending ----

    hasTrack() {
        return this.own.track.audio !== null || this.own.track.video !== null;
    }

    startPublish() {
        this.publish.put('audio', this.own.track.audio);
        this.publish.put('video', this.own.track.video);
        this.publish.start(this.room.token);
    }

    /** @param {'audio' | 'video'} kind @returns {boolean} */
    isOn(kind) {
        return this.own.track[kind]?.readyState === 'live' && this.own.track[kind]?.enabled === true;
    }

    /** A microphone stays open and is silenced: it must be back at once. A camera is closed: its light must go out.
     * @param {'audio' | 'video'} kind */
    async toggle(kind) {
        const track = this.own.track[kind];
        if (this.isOn(kind)) {
            if (kind === 'audio' && track) track.enabled = false;
            else this.own.close(kind);
        } else if (kind === 'audio' && track?.readyState === 'live') {
            track.enabled = true;
        } else if (!await this.own.open(kind)) {
            this.toast(this.t.get(kind === 'audio' ? 'room.no_mic' : 'room.no_camera'));
        }
        if (!this.room.may.includes('publish')) this.own.close(kind);
        this.publish.put(kind, this.own.track[kind]);
        if (this.hasTrack() && !this.publish.isOpen) this.startPublish();
        this.sendMedia();
        this.draw();
    }

    /** A device was unplugged: the others must not go on believing in it. @param {'audio' | 'video'} kind */
    lost(kind) {
        if (!part('room-live').hidden) this.toast(this.t.get(kind === 'audio' ? 'room.mic_lost' : 'room.camera_lost'));
        this.publish.put(kind, null);
        this.sendMedia();
        this.draw();
    }

    sendMedia() {
        this.control.say({ type: 'media', mic: this.isOn('audio'), camera: this.isOn('video') });
    }

    isDark() {
        return this.isTicked('room-save') || performance.now() < this.darkUntil;
    }

    sendWants() {
        const want = wants(this.room, { isSaving: this.isDark(), isHidden: document.hidden, line: 'good' });
        const text = JSON.stringify(want);
        if (text !== this.lastWant && this.control.say({ type: 'want', video: want })) this.lastWant = text;
    }

    async measure() {
        const line = await this.listen.line();
        await this.usage.look([this.listen.link.pc, this.publish.link.pc]);
        this.showUsage();
        if (!line) return;
        const word = lineWord(line);
        // An outage of seconds shows as one bad look; the line that comes back from it may be good.
        if (word === 'bad' && this.root.dataset.line === 'bad') this.darkUntil = performance.now() + DARK_MS;
        this.root.dataset.line = word;
        this.control.say({ type: 'stats', ...line });
        this.sendWants();
        this.draw();
    }

    // ---- showing ----

    showUsage() {
        const n = new Intl.NumberFormat(this.t.lang, { maximumFractionDigits: 1 }).format(this.usage.megabytes());
        say(part('room-usage'), this.t.get('room.usage', { mb: n }));
    }

    /** @param {State} state */
    setState(state) {
        this.root.dataset.state = state;
        show(part('room-join'), state === 'idle' || state === 'joining');
        show(part('room-wait'), state === 'waiting');
        show(part('room-over'), state === 'ended' || state === 'removed');
        show(part('room-live'), state === 'open');
        show(part('room-bar'), state === 'open');
        for (const b of part('room-join').querySelectorAll('button')) b.disabled = state === 'joining';
        if (state === 'waiting') part('room-wait-title').focus();
        this.showLine();
        this.showAir();
    }

    /** @param {'control' | 'listen' | 'publish'} what @param {string} state */
    setLine(what, state) {
        this.root.dataset[what] = state;
        this.showLine();
    }

    /** @param {string} state @param {string} way */
    setWay(state, way) {
        if (state !== 'connected') this.room.pictures = 'all'; // a new connection begins with all of them
        const before = this.root.dataset.way;
        this.root.dataset.way = way;
        this.setLine('listen', state);
        if (way && way !== before && !this.ladder.isTop) this.tell(this.t.get(this.wayKey(way)));
    }

    /** What the room does about the network, in words; '' when there is nothing to say. @param {string} [way] @returns {string} */
    wayKey(way) {
        const policy = this.room.network?.policy ?? 'open';
        if (policy === 'https-only') return 'room.way_https';
        if (policy === 'tcp-only') return way === 'relay' ? 'room.way_relay' : 'room.way_policy';
        return { tcp: 'room.way_tcp', relay: 'room.way_relay' }[way ?? ''] ?? '';
    }

    /** Both connections begin anew, on the rung where the ladder stands. */
    climb() {
        this.ladder.top();
        this.listen.link.start(this.room.token);
        if (this.publish.isOpen) this.publish.link.start(this.room.token);
    }

    /** What would be missed if the connections began anew: somebody's voice, in the room or into this microphone. */
    async lookUp() {
        const isLow = !this.ladder.isTop;
        const isTalk = isLow && (this.room.speaker !== 0 || await isVoice([this.listen.link.pc, this.publish.link.pc]));
        const { state, listen, control } = this.root.dataset; // now: the person may have left meanwhile
        if (state === 'open' && listen === 'connected' && control === 'open') this.climber.look({ isLow: !this.ladder.isTop, isTalk });
    }

    showLine() {
        const { state, control, listen, line, way } = this.root.dataset;
        let key = '';
        if (this.shut) key = this.shut;
        else if (control === 'broken') key = 'room.broken';
        else if (state === 'joining') key = 'room.connecting';
        else if (state === 'open' && !this.ladder.rung) key = 'room.way_none';
        else if (state === 'open' && listen === 'connecting') key = 'room.media_wait';
        else if (state === 'open' && listen === 'failed') key = 'room.media_failed';
        else if (state === 'open' && this.room.pictures !== 'all') key = `room.pictures_${this.room.pictures}`;
        else if (state === 'open' && line !== 'good') key = `room.line_${line}`;
        else if (state === 'open' && listen === 'connected') key = this.wayKey(way);
        say(part('room-line'), key ? this.t.get(key) : '');
        show(part('room-climb'), state === 'open' && !this.ladder.isTop);
    }

    showAir() {
        const air = part('room-air');
        const isLive = this.room.seminar === 'live';
        show(air, this.root.dataset.state === 'open');
        air.classList.toggle('live', isLive);
        say(air, this.t.get(isLive ? 'room.live' : 'room.practice'));
    }

    draw() {
        this.showLine();
        this.showAir();
        this.quiz.draw(this.root.dataset.state === 'open' || this.root.dataset.state === 'waiting');
        if (this.root.dataset.state !== 'open') return;
        showStage(this.room, this.t, this.isDark());
        this.slides.draw(this.room, this.isDark());
        this.channels.draw(this.room);
        this.booth.draw(this.room);
        const news = this.channels.news();
        if (news) this.tell(news);
        this.showBar();
        this.drawPeople();
    }

    showBar() {
        const { may } = this.room;
        const isHandUp = (this.room.people.get(this.room.me)?.hand ?? 0) > 0;
        this.bar('mic', may.includes('publish'), this.isOn('audio') && !this.room.isMuted);
        this.bar('camera', may.includes('camera'), this.isOn('video'));
        this.bar('hand', may.includes('hand'), isHandUp);
        this.own.preview('room-self');
        this.own.voice(this.isOn('audio') && !this.room.isMuted);
        show(part('room-host'), may.includes('host'));
        show(part('room-chat-form'), may.includes('chat'));
        const goLive = document.querySelector('[data-do="go-live"]');
        if (goLive instanceof HTMLElement) show(goLive, this.room.seminar === 'practice');
        const end = document.querySelector('[data-do="end"]'); // what has not begun cannot be over
        if (end instanceof HTMLElement) show(end, this.room.seminar === 'live');
        const lock = document.querySelector('[data-do="lock"]');
        if (lock instanceof HTMLElement) say(lock, this.t.get(this.room.isLocked ? 'room.unlock' : 'room.lock'));
        show(part('room-locked'), this.room.isLocked);
    }

    /** @param {string} what @param {boolean} isShown @param {boolean} isPressed */
    bar(what, isShown, isPressed) {
        for (const b of this.root.querySelectorAll(`[data-do="${what}"]`)) {
            if (!(b instanceof HTMLElement)) continue;
            show(b, isShown);
            b.setAttribute('aria-pressed', String(isPressed));
        }
    }

    showLists() {
        if (this.root.dataset.state !== 'open') return;
        showPeople(this.room, this.t);
        showHands(this.room, this.t);
        this.chat.show(this.room);
    }

    /** Seen and read out. @param {string} text */
    toast(text) {
        const e = part('room-toast');
        clearTimeout(this.toastTimer);
        say(e, text);
        show(e, true);
        this.toastTimer = window.setTimeout(() => this.endToast(), TOAST_MS);
    }

    /** It must not lie over what was just opened. */
    endToast() {
        clearTimeout(this.toastTimer);
        show(part('room-toast'), false);
    }

    /** Read out only, and not more often than a listener can bear. @param {string} text */
    tell(text) {
        this.news.tell(text);
        this.announce();
    }

    // ---- buttons ----

    /** @param {string} question @param {string} yes @param {() => void} run */
    ask(question, yes, run) {
        const dialog = byId('room-confirm', HTMLDialogElement);
        const button = dialog.querySelector('[data-do="confirm"]');
        say(part('room-confirm-text'), question);
        if (button instanceof HTMLElement) say(button, yes);
        this.onConfirm = run;
        if (!dialog.open) dialog.showModal();
    }

    /** @param {boolean} isOpen */
    side(isOpen) {
        const button = part('room-bar').querySelector('[data-do="people"]');
        this.root.classList.toggle('side-open', isOpen);
        this.endToast();
        button?.setAttribute('aria-expanded', String(isOpen));
        if (isOpen) part('room-side').focus();
        else if (button instanceof HTMLElement) button.focus();
    }

    /** @param {boolean} isOpen */
    panel(isOpen) {
        const button = part('room-bar').querySelector('[data-do="channel"]');
        const chosen = part('room-channel-list').querySelector('input:checked');
        show(part('room-channel-panel'), isOpen);
        this.endToast();
        button?.setAttribute('aria-expanded', String(isOpen));
        if (isOpen && chosen instanceof HTMLElement) chosen.focus();
        else if (button instanceof HTMLElement) button.focus();
    }

    write() {
        if (!this.root.classList.contains('side-open')) this.side(true);
        byId('room-chat-text', HTMLInputElement).focus();
    }

    /** @param {string} what @param {number} person @param {number} deck */
    press(what, person, deck) {
        const { t, control, slides } = this;
        const name = this.room.people.get(person)?.name ?? '';
        /** @type {Record<string, () => void>} */
        const acts = {
            join: () => this.join(),
            try: () => this.own.check(),
            leave: () => this.leave(),
            mic: () => this.toggle('audio'),
            camera: () => this.toggle('video'),
            hand: () => control.say({ type: 'hand', up: !control.isHandUp }),
            people: () => this.side(!this.root.classList.contains('side-open')),
            channel: () => this.panel(part('room-channel-panel').hidden),
            handover: () => control.say({ type: 'handover', on: true }),
            'handover-off': () => control.say({ type: 'handover', on: false }),
            fast: () => control.say({ type: 'signal', what: 'fast' }),
            unclear: () => control.say({ type: 'signal', what: 'mic' }),
            sound: () => playAll(),
            climb: () => this.climb(),
            write: () => this.write(),
            'slide-on': () => slides.leaf(1),
            'slide-back': () => slides.leaf(-1),
            'slide-follow': () => slides.follow(),
            'slide-hide': () => control.say({ type: 'slide', deck: 0, number: 0 }),
            deck: () => control.say({ type: 'slide', deck, number: 1 }),
            lock: () => control.say({ type: 'lock', on: !this.room.isLocked }),
            stage: () => control.say({ type: 'stage', person }),
            unstage: () => control.say({ type: 'stage', person: 0 }),
            lower: () => control.say({ type: 'lower', person }),
            mute: () => control.say({ type: 'mute', person, on: true }),
            unmute: () => control.say({ type: 'mute', person, on: false }),
            remove: () => this.ask(t.get('room.remove_ask', { name }), t.get('room.remove'), () => control.say({ type: 'remove', person })),
            'go-live': () => this.ask(t.get('room.go_live_ask'), t.get('room.go_live'), () => control.say({ type: 'go_live' })),
            end: () => this.ask(t.get('room.end_ask'), t.get('room.end'), () => control.say({ type: 'end' })),
            confirm: () => {
                byId('room-confirm', HTMLDialogElement).close();
                this.onConfirm();
                this.onConfirm = () => undefined;
            },
            cancel: () => byId('room-confirm', HTMLDialogElement).close(),
        };
        acts[what]?.();
    }

    /** Only what the person could press as well. @param {KeyboardEvent} e */
    pressKey(e) {
        if (this.root.dataset.state !== 'open' || !this.isTicked('room-keys')) return;
        const act = actOf(e, document.documentElement.dir === 'rtl', this.pressed);
        const button = act ? this.root.querySelector(`[data-do="${act}"]`) : null;
        if (!act || (button instanceof HTMLElement && button.hidden)) return;
        if (act.startsWith('slide') && !button?.getClientRects().length) return; // no slide: the key is the browser's
        e.preventDefault();
        this.press(act, 0, 0);
    }

    listenToPage() {
        this.root.addEventListener('click', (e) => {
            const b = e.target instanceof Element ? e.target.closest('[data-do]') : null;
            // Pressed by hand, not by a key: the keys, a clicker's too, are for the slides again. The focus stays all the same: a screen
            // reader on a telephone and a voice that says what to press click like a hand, and need their place.
            this.pressed = e.detail > 0 && b === document.activeElement && b?.closest('.room-bar, .room-decks') ? b : null;
            if (b instanceof HTMLElement && b.dataset.to) jump(b.dataset.to);
            else if (b instanceof HTMLElement) this.press(b.dataset.do ?? '', Number(b.dataset.person ?? 0), Number(b.dataset.deck ?? 0));
        });
        document.addEventListener('focusin', (e) => {
            if (e.target !== this.pressed) this.pressed = null;
        });
        document.addEventListener('keydown', (e) => {
            if (e.key === 'Escape' && !part('room-channel-panel').hidden) this.panel(false);
            else if (e.key === 'Escape' && this.root.classList.contains('side-open')) this.side(false);
            else this.pressKey(e);
        });
        part('room-deck-form').addEventListener('submit', (e) => {
            e.preventDefault();
            if (e.target instanceof HTMLFormElement) this.slides.send(e.target);
        });
        part('room-save').addEventListener('change', () => { this.sendWants(); this.draw(); });
        document.addEventListener('visibilitychange', () => this.sendWants());
        window.addEventListener('online', () => this.climber.moved());
        window.setInterval(() => this.measure(), STATS_MS);
        window.setInterval(() => this.lookUp(), CLIMB_MS);
    }
}

/** To a part of the panel, with the keyboard too. @param {string} id of its heading */
function jump(id) {
    part(id).scrollIntoView({ block: 'start' });
    part(id).focus({ preventScroll: true });
}

async function start() {
    const root = part('room');
    if (root.dataset.state === 'ended') return;
    if (!('RTCPeerConnection' in window)) {
        show(part('room-unsupported'), true);
        show(part('room-stuck'), false);
        return;
    }
    const t = await Texts.load(new URL(`../${root.dataset.texts}`, import.meta.url).href);
    new Page(root, t).listenToPage();
    // On a thin line the page is there before its scripts: a click must not be lost, so until now the buttons were off.
    for (const b of part('room-join').querySelectorAll('button')) b.disabled = false;
    root.classList.add('is-ready');
}

start().catch((e) => {
    part('room').classList.add('is-stuck');
    throw e;
});
