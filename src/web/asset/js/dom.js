// Small helpers over the DOM. Text is always text: nothing here takes markup.

/** @template {HTMLElement} T @param {string} id @param {new () => T} type @returns {T} */
export function byId(id, type) {
    const found = document.getElementById(id);
    if (!(found instanceof type)) throw new Error(`the page lacks #${id}`);
    return found;
}

/** @param {string} id @returns {HTMLElement} */
export function part(id) {
    return byId(id, HTMLElement);
}

/** @param {string} tag @param {Record<string, string>} attrs @param {Array<Node | string>} children @returns {HTMLElement} */
export function make(tag, attrs = {}, children = []) {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(attrs)) e.setAttribute(name, value);
    e.append(...children);
    return e;
}

/** @param {HTMLElement} e @param {boolean} isShown */
export function show(e, isShown) {
    if (e.hidden === isShown) e.hidden = !isShown;
}

/** Only when it differs, so that screen readers are not told twice. @param {HTMLElement} e @param {string} text */
export function say(e, text) {
    if (e.textContent !== text) e.textContent = text;
}

/** Brings a list's rows in line with `keys` without touching those that stay: the focus survives.
 * @param {HTMLElement} list @param {string[]} keys @param {(key: string) => HTMLElement} build @param {(row: HTMLElement, key: string) => void} update */
export function rows(list, keys, build, update) {
    /** @type {Map<string, HTMLElement>} */
    const old = new Map();
    for (const row of /** @type {HTMLElement[]} */ ([...list.children])) old.set(row.dataset.key ?? '', row);
    // Those that go go first: else the rows behind them would be moved, and a row that is moved loses the focus.
    const stay = new Set(keys);
    for (const [key, row] of old) if (!stay.has(key)) row.remove();
    keys.forEach((key, i) => {
        let row = old.get(key);
        if (!row) {
            row = build(key);
            row.dataset.key = key;
        }
        if (list.children[i] !== row) place(list, row, list.children[i] ?? null);
        update(row, key);
    });
}

/** @param {HTMLElement} list @param {HTMLElement} row @param {Element | null} next */
function place(list, row, next) {
    const focused = document.activeElement;
    list.insertBefore(row, next);
    if (focused instanceof HTMLElement && row.contains(focused)) focused.focus({ preventScroll: true });
}

/** At most one call per `ms`, the last one always. @param {() => void} run @param {number} ms @returns {() => void} */
export function seldom(run, ms) {
    let timer = 0;
    let last = -Infinity;
    return () => {
        if (timer) return;
        const now = performance.now();
        timer = window.setTimeout(() => {
            timer = 0;
            last = performance.now();
            run();
        }, Math.max(0, last + ms - now));
    };
}
