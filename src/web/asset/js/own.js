// One's own microphone and camera: the check before entering, and the two buttons of the bar.
import * as devices from './devices.js';
import { byId, make, part, show } from './dom.js';

/** @typedef {'audio' | 'video'} Kind */

export class Own {
    /** @param {boolean} isBooth an interpreter's microphone @param {(kind: Kind) => void} onLost unplugged, or taken by another program */
    constructor(isBooth, onLost) {
        this.isBooth = isBooth;
        this.onLost = onLost;
        /** @type {Record<Kind, MediaStreamTrack | null>} */
        this.track = { audio: null, video: null };
        /** @type {Record<Kind, Promise<MediaStreamTrack | null> | null>} a camera takes seconds: whoever asks meanwhile gets the same one */
        this.opening = { audio: null, video: null };
        /** Raised by each close(): what was asked for before it is stopped when it comes. @type {Record<Kind, number>} */
        this.turn = { audio: 0, video: 0 };
        this.checks = 0;
        /** @type {devices.Meter | null} */
        this.meter = null;
        /** @type {MediaStreamTrack | null} whose voice the bar shows */
        this.measured = null;
        this.isChecking = false;
        navigator.mediaDevices?.addEventListener('devicechange', () => { // a headset that is plugged in can be chosen
            if (this.isChecking) for (const kind of /** @type {const} */ (['audio', 'video'])) this.fill(kind);
        });
    }

    /** @param {Kind} kind @returns {HTMLSelectElement | null} */
    choice(kind) {
        const e = document.getElementById(kind === 'audio' ? 'room-mics' : 'room-cameras');
        return e instanceof HTMLSelectElement ? e : null;
    }

    /** Opens the chosen device unless it is open. @param {Kind} kind @returns {Promise<MediaStreamTrack | null>} */
    async open(kind) {
        if (this.track[kind]?.readyState === 'live') return this.track[kind];
        if (!this.opening[kind]) this.opening[kind] = this.ask(kind);
        return this.opening[kind];
    }

    /** @param {Kind} kind @returns {Promise<MediaStreamTrack | null>} */
    async ask(kind) {
        const turn = this.turn[kind];
        const choice = this.choice(kind);
        const track = await devices.open(kind, choice?.value ?? '', this.isBooth);
        if (turn !== this.turn[kind]) { // closed meanwhile, and perhaps another one chosen
            track?.stop();
            return this.opening[kind] ?? this.track[kind];
        }
        this.opening[kind] = null;
        this.track[kind] = track;
        if (track && choice) choice.value = track.getSettings().deviceId ?? '';
        // Our own stop() says nothing: this is the device that went.
        track?.addEventListener('ended', () => { if (this.track[kind] === track) this.lost(kind); });
        return track;
    }

    /** @param {Kind} kind */
    lost(kind) {
        this.close(kind);
        this.showCheck();
        this.onLost(kind);
    }

    /** @param {Kind} kind */
    close(kind) {
        this.turn[kind] += 1;
        this.opening[kind] = null;
        this.track[kind]?.stop();
        this.track[kind] = null;
    }

    /** The device check of the join card. */
    async check() {
        const check = this.checks += 1;
        show(part('room-check'), true);
        await this.open('audio');
        if (check === this.checks && this.choice('video')) await this.open('video');
        if (check !== this.checks) return; // the person has entered: the meter is the bar's
        this.isChecking = true;
        this.showCheck();
        await this.fill('audio');
        await this.fill('video');
    }

    showCheck() {
        if (!this.isChecking) return;
        show(part('room-no-device'), !this.track.audio);
        this.preview('room-preview');
        this.startMeter();
    }

    startMeter() {
        this.meter?.stop();
        const level = byId('room-level', HTMLMeterElement);
        this.meter = this.track.audio ? new devices.Meter(this.track.audio, (v) => { level.value = v; }) : null;
    }

    /** The bar's small meter: does my own voice come in? @param {boolean} isOn */
    voice(isOn) {
        const level = byId('room-voice', HTMLMeterElement);
        const track = isOn ? this.track.audio : null;
        show(level, track !== null);
        if (this.measured === track) return;
        this.measured = track;
        this.meter?.stop();
        this.meter = track ? new devices.Meter(track, (v) => { level.value = v; }) : null;
    }

    endCheck() {
        this.checks += 1;
        this.isChecking = false;
        this.meter?.stop();
        this.meter = null;
        const preview = document.getElementById('room-preview'); // listeners have none
        if (preview instanceof HTMLVideoElement) preview.srcObject = null;
    }

    /** @param {Kind} kind */
    async fill(kind) {
        const choice = this.choice(kind);
        if (!choice) return;
        const all = await devices.list(kind === 'audio' ? 'audioinput' : 'videoinput');
        const now = this.track[kind]?.getSettings().deviceId ?? '';
        choice.textContent = '';
        choice.append(...all.map((d, i) => make('option', { value: d.deviceId, ...(d.deviceId === now ? { selected: '' } : {}) }, [d.label || `${i + 1}`])));
        choice.onchange = async () => {
            this.close(kind);
            await this.open(kind);
            this.showCheck();
        };
    }

    /** Called at every change of the room: a picture that is set anew would be black for a moment. @param {string} id of a video element */
    preview(id) {
        const e = byId(id, HTMLVideoElement);
        const before = e.srcObject instanceof MediaStream ? e.srcObject.getVideoTracks()[0] : undefined;
        if (id === 'room-self') show(e, this.track.video !== null);
        if ((before ?? null) === this.track.video) return;
        e.srcObject = this.track.video ? new MediaStream([this.track.video]) : null;
        if (this.track.video) e.play().catch(() => undefined);
    }
}
