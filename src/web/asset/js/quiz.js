// Tests open at their point of the agenda: the room asks now and then which are open, and shows a link to those who learn and a
// number to hosts. Nothing of an answer passes through the room.
import { make, part, rows, say, show } from './dom.js';

/** @typedef {{ kind: 'pre' | 'post', all: number, mine?: number, answered?: number, few?: number }} Test */

/** A test opens by the minutes of the agenda: half a minute is no delay. */
const ASK_MS = 30000;

export class Quiz {
    /** @param {URL} base the seminar's address @param {import('./texts.js').Texts} t @param {(text: string) => void} tell */
    constructor(base, t, tell) {
        this.base = base;
        this.t = t;
        this.tell = tell;
        this.known = new Set();
        this.isOpen = false;
        window.setInterval(() => this.look(), ASK_MS * (1 + Math.random() / 4));
        document.addEventListener('visibilitychange', () => this.look()); // back from the test's own page
    }

    /** @param {boolean} isOpen somebody is in the room */
    draw(isOpen) {
        if (isOpen && !this.isOpen) queueMicrotask(() => this.look());
        this.isOpen = isOpen;
        if (!isOpen) show(part('room-tests'), false);
    }

    async look() {
        if (!this.isOpen || document.hidden) return;
        const answer = await fetch(new URL('room/tests', this.base)).catch(() => null);
        if (answer?.ok) this.put(/** @type {{ tests: Test[] }} */ (await answer.json()).tests);
    }

    /** @param {Test[]} tests */
    put(tests) {
        const mine = tests.filter((q) => q.mine !== undefined || q.answered !== undefined || q.few !== undefined);
        const byKind = new Map(mine.map((q) => [String(q.kind), q]));
        show(part('room-tests'), mine.length > 0);
        rows(part('room-tests'), [...byKind.keys()], (kind) => make('li', { 'data-test': kind }, [make('span'), ' ',
            make('a', { href: new URL(`quiz/${kind}`, this.base).href, target: '_blank', rel: 'noopener', hidden: '' })]), (row, kind) => {
            const q = byKind.get(kind);
            const [span, a] = [row.querySelector('span'), row.querySelector('a')];
            if (!q || !span || !a) return;
            say(span, this.words(q));
            say(a, this.t.get(q.mine === q.all ? 'room.test_see' : 'room.test_answer'));
            show(a, q.mine !== undefined);
        });
        for (const q of mine) if (!this.known.has(q.kind) && q.mine !== undefined) this.tell(this.t.get(`room.test_${q.kind}`));
        for (const q of mine) this.known.add(q.kind);
    }

    /** @param {Test} q @returns {string} */
    words(q) {
        const name = this.t.get(`room.test_${q.kind}`);
        if (q.mine !== undefined) return `${name} · ${this.t.get('room.test_mine', { n: q.mine, of: q.all })}`;
        return `${name} · ${q.few ? this.t.get('room.test_few', { n: q.few }) : this.t.get('room.test_answered', { n: q.answered ?? 0 })}`;
    }
}
