// Whose a key is: a slide's, or that of what has the focus.
import { check } from '../browser/lib/tap.mjs';
import { actOf } from '../../src/web/asset/js/keys.js';

/** As much of an element as the keys ask for. */
class FakeElement {
    /** @param {string} is its one selector @param {FakeElement | null} parentElement */
    constructor(is, parentElement) {
        this.is = is;
        this.parentElement = parentElement;
        this.scrollHeight = 0;
        this.clientHeight = 0;
        this.isContentEditable = false;
    }

    /** @param {string} selectors @returns {boolean} */
    matches(selectors) {
        return selectors.split(', ').includes(this.is);
    }

    /** @param {string} selectors @returns {FakeElement | null} */
    closest(selectors) {
        return this.matches(selectors) ? this : this.parentElement?.closest(selectors) ?? null;
    }
}

export function testKeys() {
    const body = new FakeElement('body', null);
    const bar = new FakeElement('[role="toolbar"]', body);
    const mic = new FakeElement('button', bar);
    const hand = new FakeElement('button', bar);
    const side = new FakeElement('.room-side', body);
    const deck = new FakeElement('button', side);
    Object.assign(globalThis, { Element: FakeElement, HTMLElement: FakeElement, document: { body }, getComputedStyle: () => ({ overflowY: 'visible' }) });
    const act = (/** @type {string} */ key, /** @type {FakeElement} */ target, /** @type {FakeElement | null} */ pressed, isRtl = false) =>
        actOf(/** @type {any} */ ({ key, code: key.length === 1 ? `Key${key.toUpperCase()}` : key, target }), isRtl, /** @type {any} */ (pressed));
    check(act('PageDown', body, null) === 'slide-on' && act('m', body, null) === 'mic', 'keys: where nothing has the focus they are the room\'s');
    check(act('PageDown', mic, null) === '' && act('ArrowLeft', mic, null) === '', 'keys: whoever came to the bar by keys changes no slide');
    check(act('m', mic, null) === 'mic', 'keys: a letter is a letter there too');
    check(act('PageDown', mic, mic) === 'slide-on', 'keys: a button that a hand has pressed keeps the focus, and the keys are the slides\'');
    check(act('ArrowLeft', mic, mic, true) === 'slide-on', 'keys: from right to left as well');
    check(act('PageDown', hand, mic) === '' && act('PageDown', body, mic) === 'slide-on', 'keys: its neighbour is another button');
    check(act('PageUp', deck, deck) === 'slide-back' && act('PageUp', deck, null) === '' && act('PageUp', side, deck) === '', 'keys: likewise "Show" among the slides');
}
