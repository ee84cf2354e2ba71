// The organiser gives somebody a new personal link while the seminar is on: the page that came in by the old one falls silent, says
// what to do and knocks no more; by the new link the same person comes in again.
import { openChromium, openPlain } from './lib/browsers.mjs';
import { press } from './lib/room.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';
import { enter, numberOf, reaches } from './seminar.mjs';

const LOGIN = 'organiser';
const AFTER_MS = 3000;

/** Presses "New link" in the row of that link. @param {any} page @param {string} site @param {string} people @param {string} password @param {string} link
 * @returns {Promise<string>} the new link */
async function renew(page, site, people, password, link) {
    await page.goto(`${site}/sign-in`);
    await page.fill('input[name="login"]', LOGIN);
    await page.fill('input[name="password"]', password);
    await Promise.all([page.waitForNavigation(), page.click('main button[type="submit"]')]);
    await page.goto(`${site}${people}`);
    const id = await page.evaluate((/** @type {string} */ url) =>
        [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input.copy'))].find((e) => e.value === url)?.id ?? '', link);
    await Promise.all([page.waitForNavigation(), page.click(`tr:has(#${id}) form[action$="/renew"] button`)]);
    return page.inputValue(`#${id}`);
}

/** @param {string} program */
export async function playRenew(program) {
    const server = new Server(program, { announce: '10.99.0.1' });
    /** @type {Array<{ close: () => Promise<void> }>} */
    const open = [];
    try {
        const demo = server.demo();
        const password = server.account(LOGIN, 'event');
        await server.start();
        const linkOf = (/** @type {string} */ role) => server.url + demo.people.find((/** @type {any} */ v) => v.role === role).path;
        const [host, guest, desk] = await Promise.all([openChromium({ hz: 440 }), openChromium({ hz: 1700 }), openPlain()]);
        open.push(host, guest, desk);
        const link = linkOf('participant');
        await enter(host.page, linkOf('host'), 'host');
        await reaches(host.page, 'host: practice', { state: 'open', seminar: 'practice' });
        await enter(guest.page, link, 'guest');
        await reaches(guest.page, 'guest: waits', { state: 'waiting' });
        await press(host.page, 'go-live');
        await press(host.page, 'confirm');
        await reaches(guest.page, 'guest: listens', { state: 'open', seminar: 'live', listen: 'connected' });
        const number = await numberOf(guest.page);
        const isListed = () => host.page.evaluate((/** @type {string} */ n) => document.querySelector(`#room-people li[data-person="${n}"]`) !== null, number);
        await eventually('host: the guest is in the list', isListed);
        /** @type {string[]} */
        const asked = [];
        guest.page.on('request', (/** @type {any} */ r) => asked.push(r.url()));
        const slug = new URL(guest.page.url()).pathname.split('/')[2];
        const fresh = await renew(await desk.newPage(), server.url, `/desk/s/${slug}/people`, password, link);
        check(fresh !== link && fresh.includes('/i/'), 'the organiser has a new link', fresh === link);
        await reaches(guest.page, 'guest: the old link has ended in the room', { state: 'removed' });
        const words = await guest.page.evaluate(() => document.getElementById('room-over-text')?.textContent ?? '');
        check(/^Şahsy baglanyşygyňyzy täzeden açyň/.test(words), 'guest: the page says what to open, in the language of the link (Turkmen)', words);
        const isSilent = await guest.page.evaluate(() => [...document.querySelectorAll('audio')].every((a) => !(a.srcObject instanceof MediaStream) || !a.srcObject.getTracks().some((t) => t.readyState === 'live')));
        check(isSilent, 'guest: nothing is heard any more');
        await eventually('host: the guest is gone from the list', async () => !(await isListed()));
        const n = asked.length;
        await new Promise((resolve) => setTimeout(resolve, AFTER_MS));
        check(n > 0 && asked.length === n, 'guest: the page knocks no more', asked.slice(n));
        await enter(guest.page, fresh, 'guest, by the new link');
        await reaches(guest.page, 'guest: is in again by the new link', { state: 'open', seminar: 'live', listen: 'connected' });
        check(await numberOf(guest.page) === number, 'guest: as the same person', number);
    } finally {
        for (const b of open) await b.close().catch(() => undefined);
        if (process.env.KENGESH_TEST_LOG) console.log(server.log);
        await server.remove();
    }
}
