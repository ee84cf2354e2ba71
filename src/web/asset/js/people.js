// The list of people and the raised hands.
import { hands, inOrder, placeOf } from './protocol.js';
import { make, part, rows, say, show } from './dom.js';

/** @typedef {import('./protocol.js').Room} Room */
/** @typedef {import('./protocol.js').Person} Person */
/** @typedef {import('./texts.js').Texts} Texts */

/** @param {Room} room @param {Texts} t @param {Person} p @returns {string} */
function wordsOf(room, t, p) {
    const words = [t.get(`room.role_${p.role.replace('-', '_')}`)];
    if (p.id === room.stage) words.push(t.get('room.on_stage'));
    if (p.away) words.push(t.get('room.away'));
    else if (p.line !== 'good') words.push(t.get('room.poor'));
    if (p.muted) words.push(t.get('room.muted'));
    return words.join(' · ');
}

/** @param {string} what @param {string} id @returns {HTMLElement} */
function button(what, id) {
    return make('button', { type: 'button', 'data-do': what, 'data-person': id });
}

/** @param {string} id @param {boolean} isHost @returns {HTMLElement} */
function buildPerson(id, isHost) {
    const row = make('li', { 'data-person': id }, [
        make('span', { class: 'room-name' }, [make('b', {}, [make('bdi')]), make('small', { class: 'room-org' }, [make('bdi')]), make('small', { class: 'room-role' })]),
    ]);
    if (isHost) {
        row.append(button('stage', id), button('unstage', id),
            make('details', {}, [make('summary'), make('div', { class: 'room-acts' }, [button('lower', id), button('mute', id), button('unmute', id), button('remove', id)])]));
    }
    return row;
}

/** @param {HTMLElement} row @param {string} selector @param {string} text */
function put(row, selector, text) {
    const e = row.querySelector(selector);
    if (e instanceof HTMLElement) say(e, text);
}

/** What stands where the pressed button was. */
const OTHER = { stage: 'unstage', unstage: 'stage', mute: 'unmute', unmute: 'mute' };

/** The focus must not vanish with the button that was pressed. @param {HTMLElement} row */
function keepFocus(row) {
    const e = document.activeElement;
    if (!(e instanceof HTMLElement) || !row.contains(e) || !e.hidden) return;
    const what = OTHER[/** @type {keyof typeof OTHER} */ (e.dataset.do)];
    const next = row.querySelector(`[data-do="${what}"]:not([hidden])`) ?? row.querySelector('summary');
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

/** @param {HTMLElement} row @param {Room} room @param {Texts} t @param {Person} p */
function updateActs(row, room, t, p) {
    /** @type {Record<string, [string, boolean]>} */
    const acts = {
        stage: ['room.give_stage', p.id !== room.stage && p.role !== 'observer' && p.role !== 'captioner'],
        unstage: ['room.take_stage', p.id === room.stage],
        lower: ['room.lower', p.hand > 0],
        mute: ['room.mute', !p.muted],
        unmute: ['room.unmute', p.muted],
        remove: ['room.remove', p.id !== room.me],
    };
    for (const [what, [key, isShown]] of Object.entries(acts)) {
        const b = row.querySelector(`[data-do="${what}"]`);
        if (!(b instanceof HTMLElement)) continue;
        say(b, t.get(key));
        b.setAttribute('aria-label', `${t.get(key)}: ${p.name}`);
        show(b, isShown);
    }
    keepFocus(row);
    put(row, 'summary', '…');
    row.querySelector('summary')?.setAttribute('aria-label', t.get('room.actions', { name: p.name }));
}

/** @param {HTMLElement} row @param {Room} room @param {Texts} t @param {Person} p */
function updatePerson(row, room, t, p) {
    put(row, 'b bdi', p.id === room.me ? `${p.name} (${t.get('room.you')})` : p.name);
    put(row, '.room-org bdi', p.org);
    put(row, '.room-role', wordsOf(room, t, p));
    row.dataset.hand = String(placeOf(room, p));
    row.dataset.speaking = String(p.id === room.speaker);
    row.dataset.mic = String(p.mic);
    row.dataset.away = String(p.away);
    updateActs(row, room, t, p);
}

/** @param {Room} room @param {Texts} t */
export function showPeople(room, t) {
    const list = part('room-people');
    const people = inOrder(room);
    const isHost = room.may.includes('host');
    if (list.dataset.host !== String(isHost)) list.textContent = '';
    list.dataset.host = String(isHost);
    rows(list, people.map((p) => String(p.id)), (id) => buildPerson(id, isHost), (row, id) => {
        const p = room.people.get(Number(id));
        if (p) updatePerson(row, room, t, p);
    });
    say(part('room-count'), t.get('room.count', { n: people.filter((p) => !p.away).length }));
}

/** @param {Room} room @param {Texts} t */
export function showHands(room, t) {
    const raised = hands(room);
    const isHost = room.may.includes('host');
    const list = part('room-hands');
    if (list.dataset.host !== String(isHost)) list.textContent = '';
    list.dataset.host = String(isHost);
    rows(list, raised.map((p) => String(p.id)),
        (id) => make('li', {}, [make('b', {}, [make('bdi')]), make('small', {}, [make('bdi')]), ...(isHost ? [button('stage', id), button('lower', id)] : [])]),
        (row, id) => {
            const p = room.people.get(Number(id));
            if (!p) return;
            put(row, 'b bdi', p.name);
            put(row, 'small bdi', p.org);
            if (isHost) {
                put(row, '[data-do="stage"]', t.get('room.give_stage'));
                put(row, '[data-do="lower"]', t.get('room.lower'));
            }
        });
    show(part('room-no-hands'), raised.length === 0);
    say(part('room-hand-count'), raised.length ? t.number(raised.length) : '');
    say(part('room-badge'), t.number(raised.length));
    show(part('room-badge'), isHost && raised.length > 0);
}
