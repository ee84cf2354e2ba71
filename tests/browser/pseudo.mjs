// Every page and state in the pseudo-language, whose words are a third longer and accented, on a phone: nothing is cut off or too wide, and
// no word of the interface stands there plain.
import { readFileSync } from 'node:fs';
import { layoutFaults } from './lib/axe.mjs';
import { openPlain } from './lib/browsers.mjs';
import { openLink, signIn, views } from './lib/pages.mjs';
import { Server } from './lib/server.mjs';
import { check } from './lib/tap.mjs';

/** What the demonstration's own records say: that stands there in its own language. @returns {string} */
function records() {
    return ['seminar.json', 'guides.json', 'contacts.json', 'kit.json', 'quiz.json', 'invitations.csv'].map((f) => readFileSync(`examples/${f}`, 'utf8')).join('\n');
}

/** Texts of the page that are plain and of no record, and those whose end nobody sees. @param {any} page @param {string} said by the records
 * @returns {Promise<string[]>} */
function textFaults(page, said) {
    return page.evaluate((/** @type {string} */ known) => {
        /** @type {string[]} */
        const faults = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let n = walker.nextNode(); n; n = walker.nextNode()) {
            const e = /** @type {HTMLElement} */ (n.parentElement);
            const text = (n.textContent ?? '').trim();
            if (e.closest('script, style, noscript, template, textarea') || e.closest('[lang]') !== document.documentElement) continue;
            const isPlain = /[a-z]{3,} [a-z]{3,}/.test(text) && !text.includes('[');
            if (isPlain && !known.includes(text)) faults.push(`not translated: ${text}`);
            const isCut = e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && ['hidden', 'clip'].includes(getComputedStyle(e).overflowX);
            if (isCut && text.startsWith('[')) faults.push(`cut off: ${text}`);
        }
        return faults;
    }, said);
}

/** @param {string} program */
export async function playPseudo(program) {
    const server = new Server(program, { isPseudo: true });
    const browser = await openPlain();
    const said = records();
    try {
        const demo = server.demo();
        await server.start();
        const make = () => browser.newContext({ viewport: { width: 360, height: 740 } });
        const made = { anonymous: await make(), staff: await make(), member: await make() };
        await signIn(made.staff, server.url, demo);
        await openLink(made.member, server.url, demo);
        for (const view of views(demo)) {
            const page = await made[view.who ?? 'anonymous'].newPage();
            await page.goto(server.url + view.path.replaceAll('{lang}', 'xx'));
            if (view.act) await view.act(page);
            const lang = await page.$eval('html', (/** @type {HTMLElement} */ e) => e.lang);
            const faults = [...await layoutFaults(page), ...await textFaults(page, said)];
            check(lang === 'xx' && faults.length === 0, `pseudo: ${view.name}`, [lang, ...faults].join('\n  # '));
            await page.close();
        }
    } finally {
        await browser.close();
        await server.remove();
    }
}
