// One key for each function of the room, for people who cannot or do not use a mouse. They can be switched off (WCAG 2.1.4), and none
// of them works while something is being written.

/** What each key does: a value of data-do. The page's own list (room_show.html) says the same in words. */
const KEYS = /** @type {Record<string, string>} */ ({
    m: 'mic', v: 'camera', h: 'hand', p: 'people', l: 'channel', c: 'write', s: 'sound',
    PageDown: 'slide-on', ArrowRight: 'slide-on', PageUp: 'slide-back', ArrowLeft: 'slide-back', Home: 'slide-follow',
});

/** Codes stand where Latin letters stand on every keyboard, also a Cyrillic or Persian one. @param {KeyboardEvent} e @returns {string} */
function keyOf(e) {
    return /^Key[A-Z]$/.test(e.code) ? e.code[3].toLowerCase() : e.key;
}

/** @param {EventTarget | null} target @returns {boolean} something that takes keys itself */
function isTaken(target) {
    return target instanceof HTMLElement && (target.closest('input:not([type="checkbox"]), textarea, select, dialog') !== null || target.isContentEditable);
}

/** Where keys scroll or go from button to button they do not change the slide of the whole room as well. Nobody came by keys to a button
 * that a hand has pressed. @param {EventTarget | null} target @param {Element | null} pressed @returns {boolean} */
function isElsewhere(target, pressed) {
    if (target && target === pressed) return false;
    for (let e = target instanceof Element ? target : null; e && e !== document.body; e = e.parentElement) {
        if (e.matches('.room-side, .room-channel-panel, [role="toolbar"]')) return true;
        if (e.scrollHeight > e.clientHeight && /auto|scroll/.test(getComputedStyle(e).overflowY)) return true;
    }
    return false;
}

/** @param {KeyboardEvent} e @param {boolean} isRtl where "on" is to the left @param {Element | null} pressed a button that a hand pressed and
 * that has had the focus since @returns {string} what is pressed; '' for nothing of ours */
export function actOf(e, isRtl, pressed) {
    if (e.altKey || e.ctrlKey || e.metaKey || e.repeat || isTaken(e.target)) return '';
    const act = KEYS[keyOf(e)] ?? '';
    if (act.startsWith('slide') && isElsewhere(e.target, pressed)) return '';
    if (!isRtl || !e.key.startsWith('Arrow')) return act;
    return act === 'slide-on' ? 'slide-back' : 'slide-on';
}
