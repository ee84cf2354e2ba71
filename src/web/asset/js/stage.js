// The large picture, the small ones, and the sound: who is in which slot comes from the room, the tracks from listen.js.
import { say, show, part } from './dom.js';
import { nameOf } from './protocol.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./texts.js').Texts} Texts */

/** @param {string} slot @returns {HTMLMediaElement} */
function mediaOf(slot) {
    const e = document.querySelector(`[data-slot="${slot}"]`);
    if (!(e instanceof HTMLMediaElement)) throw new Error(`the page lacks slot ${slot}`);
    return e;
}

/** Sound needs a click before it; join is one. Browsers that want another get the button.
 * @param {HTMLMediaElement} e */
function play(e) {
    e.play().catch(() => {
        if (e instanceof HTMLAudioElement) show(part('room-sound'), true);
    });
}

/** @param {string} slot @param {MediaStreamTrack} track */
export function setTrack(slot, track) {
    const e = mediaOf(slot);
    e.srcObject = new MediaStream([track]);
    play(e);
}

export function playAll() {
    show(part('room-sound'), false);
    for (const e of document.querySelectorAll('audio[data-slot]')) if (e instanceof HTMLMediaElement && e.srcObject) play(e);
}

/** The last picture of somebody who is gone must not stay. */
export function clearTracks() {
    for (const e of document.querySelectorAll('[data-slot]')) if (e instanceof HTMLMediaElement) e.srcObject = null;
}

/** @param {Room} room @param {Texts} t @returns {string} */
function caption(room, t) {
    const onStage = nameOf(room, room.stage);
    if (room.speaker !== 0 && room.speaker !== room.stage) return t.get('room.speaks', { name: nameOf(room, room.speaker) });
    return onStage;
}

/** @param {Room} room @param {Texts} t @param {boolean} isDark no pictures come */
export function showStage(room, t, isDark) {
    room.slots.audio.forEach((id, i) => { mediaOf(`A${i}`).dataset.person = String(id); });
    room.slots.video.forEach((id, i) => {
        const video = mediaOf(`V${i}`);
        const tile = video.closest('[data-tile]');
        video.dataset.person = String(id);
        if (tile instanceof HTMLElement) {
            show(tile, id !== 0 && id !== room.me && !isDark); // one's own picture is not sent back
            tile.dataset.speaking = String(id !== 0 && id === room.speaker);
            const name = tile.querySelector('span');
            if (name) say(name, nameOf(room, id));
        } else {
            show(video, id !== 0 && id !== room.me && !isDark);
        }
    });
    // One's own picture is not sent back: who is on the stage sees the camera itself there.
    part('room-self').dataset.place = room.slots.video[0] === room.me ? 'stage' : 'corner';
    const isEmpty = room.slots.video[0] === 0 || (isDark && room.slots.video[0] !== room.me);
    const name = nameOf(room, room.stage || room.slots.video[0]);
    show(part('room-stage-empty'), isEmpty);
    say(part('room-stage-empty'), name || t.get('room.stage_empty'));
    say(part('room-who'), isEmpty && !(room.speaker !== 0 && room.speaker !== room.stage) ? '' : caption(room, t) || (isEmpty ? '' : name));
    show(part('room-tiles'), !isDark && room.slots.video.slice(1).some((id) => id !== 0 && id !== room.me));
}
