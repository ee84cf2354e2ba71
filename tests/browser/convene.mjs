// An organiser without any file: from an empty record to a personal link that opens the room. What is wrong and what somebody else has
// changed are shown, and every page fits a phone. The same way once more in Dari and by keyboard alone, in Chromium on a phone and in Firefox.
import { mkdirSync } from 'node:fs';
import { openFirefox, openPlain } from './lib/browsers.mjs';
import { Hands } from './lib/hands.mjs';
import { Server } from './lib/server.mjs';
import { check } from './lib/tap.mjs';

const LOGIN = 'organiser@imo.example';
const COLLEAGUE = 'keyboard@imo.example';
const SHOTS = 'tests/browser/out';

/** Presses and waits for the page it leads to. @param {any} page @param {string} selector */
async function send(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

/** The button of the page's form. @param {any} page */
const save = (page) => send(page, 'main form button.main');

/** Both widths of one page: nothing wider than the screen. @param {any} page @param {string} name */
async function look(page, name) {
    mkdirSync(SHOTS, { recursive: true });
    for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        check(wide <= 0, `${name}: fits ${width} px`, wide);
        await page.screenshot({ path: `${SHOTS}/convene-${name}-${width}.png`, fullPage: true });
    }
}

/** Goes by the tabulator to the element of this id. @param {any} page @param {string} id */
async function tabTo(page, id) {
    for (let i = 0; i < 120; i += 1) {
        if (await page.evaluate((/** @type {string} */ wanted) => document.activeElement?.id === wanted, id)) return;
        await page.keyboard.press('Tab');
    }
    throw new Error(`no ${id} by keyboard at ${page.url()}`);
}

/** @param {any} page @param {string} site @param {string} password */
async function programme(page, site, password) {
    await page.goto(`${site}/sign-in`);
    await page.fill('input[name="login"]', LOGIN);
    await page.fill('input[name="password"]', password);
    await send(page, 'main button[type="submit"]');
    await look(page, 'desk-empty');
    await send(page, 'a[href="/desk/seminars/new"]');
    check(page.url().includes('/desk/programmes/new'), 'without a programme the way leads to a new one', page.url());
    // By keyboard alone from here to the saved programme.
    await tabTo(page, 'f-title_en');
    await page.keyboard.type('Protection of migrants');
    await tabTo(page, 'f-region');
    await page.keyboard.type('Nowhereland');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    check(await page.isVisible('[role="alert"] a[href="#f-region"]'), 'programme: the mistake is named and linked');
    check(await page.inputValue('#f-title_en') === 'Protection of migrants', 'programme: nothing that was typed is lost');
    await look(page, 'programme-problem');
    await tabTo(page, 'f-region');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Turkmenistan, KG');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    check(page.url().includes('/desk/programmes/protection-of-migrants'), 'programme: saved by keyboard alone', page.url());
    check(await page.inputValue('#f-region') === 'TM,KG', 'programme: countries by name or code');
}

/** @param {any} page @param {string} site @param {string} name @param {string} kind */
async function organisation(page, site, name, kind) {
    await page.goto(`${site}/desk/orgs/new`);
    await page.fill('#f-name_en', name);
    await page.selectOption('#f-kind', kind);
    await page.fill('#f-country', 'Turkmenistan');
    await save(page);
    check((await page.textContent('h1')).includes(name), `organisation: ${name} is there`);
    return page.url().split('?')[0];
}

/** Two people change one organisation. @param {any} page @param {string} url */
async function conflict(page, url) {
    const other = await page.context().newPage();
    await page.goto(url);
    await other.goto(url);
    await other.fill('#f-name_en', 'Radio of the South');
    await save(other);
    await page.fill('#f-name_en', 'Radio of the North');
    await save(page);
    check((await page.textContent('main')).includes('Radio of the South'), 'conflict: what is stored now stands beside the field');
    check(await page.inputValue('#f-name_en') === 'Radio of the North', 'conflict: what was typed stands in it');
    await look(page, 'conflict');
    await save(page);
    check((await page.textContent('h1')).includes('Radio of the North'), 'conflict: saving again keeps the own words');
    await other.close();
}

/** @param {any} page @param {string} site */
async function seminar(page, site) {
    await page.goto(`${site}/desk/seminars/new`);
    await look(page, 'seminar-new');
    await save(page);
    check(await page.isVisible('#problems'), 'seminar: an empty form says what is missing');
    await page.fill('#f-title_en', 'Media and migration');
    await page.fill('#f-title_ru', 'СМИ и миграция');
    await page.fill('#f-day', '2030-05-03');
    await page.fill('#f-clock', '10:00');
    await page.selectOption('#f-zone', 'Asia/Tashkent');
    await page.fill('#f-minutes', '60');
    await save(page);
    check(page.url().includes('/desk/s/media-and-migration'), 'seminar: made, its address from the title', page.url());
    const base = page.url().split('?')[0];
    for (const [title, minutes] of [['Opening', '10'], ['Exchange of views', '20'], ['The words we use', '30']]) {
        await page.goto(`${base}/agenda/new`);
        await page.fill('#f-title_en', title);
        await page.fill('#f-minutes', minutes);
        await save(page);
    }
    await send(page, 'tbody tr:nth-child(3) button[name="to"]');
    const lines = await page.$$eval('tbody th a', (/** @type {Element[]} */ all) => all.map((a) => a.textContent));
    check(lines.join('|') === 'Opening|The words we use|Exchange of views', 'agenda: a line is moved up', lines);
    await look(page, 'agenda');
    return base;
}

/** @param {any} page @param {string} base */
async function invite(page, base) {
    await page.goto(`${base}/orgs`);
    await page.selectOption('#f-org', 'radio-north');
    await page.fill('#f-quota', '2');
    await save(page);
    await look(page, 'quotas');
    await page.goto(`${base}/people/new`);
    await page.selectOption('#f-org', 'radio-north');
    await page.fill('#f-name', 'Maral');
    await page.selectOption('#f-role', 'host');
    await look(page, 'person-new');
    await save(page);
    await look(page, 'people');
    const link = await page.inputValue('input.copy');
    await page.goto(base);
    await look(page, 'seminar');
    return link;
}

/** @param {any} browser @param {string} link */
async function arrive(browser, link) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 }, locale: 'en' });
    const page = await context.newPage();
    await page.goto(link);
    await send(page, 'button[name="reply"][value="accepted"]');
    check(await page.isVisible('.notice.ok[role="status"]'), 'person: the reply is taken');
    await send(page, 'form[action$="/open"] button');
    check(/\/s\/media-and-migration\/room$/.test(page.url()), 'person: the personal link opens the room', page.url());
    await context.close();
}

/** @param {any} page @param {string} site @param {string} base @param {string} org */
async function afterwards(page, site, base, org) {
    await page.goto(base);
    const row = await page.textContent('table[aria-labelledby="replies"] tbody tr');
    check(/Radio of the North/.test(row) && /2/.test(row), 'desk: the reply stands beside the quota', row);
    await page.goto(`${org}/remove`);
    check((await page.textContent('main')).includes('cannot be deleted'), 'deleting: refused with the reason');
    await look(page, 'refused');
    await page.goto(`${base}/remove`);
    check(!(await page.isVisible('main form button.bad')), 'deleting: a seminar with replies stays');
    await page.goto(`${site}/en/s/media-and-migration?zone=Europe/Oslo`);
    const text = await page.textContent('main');
    check(text.includes('10:00') && text.includes('07:00'), 'public page: the times of both cities, without script', text);
    await look(page, 'public');
    await page.goto(`${site}/en/privacy`);
    await look(page, 'privacy');
    await page.goto(`${site}/desk/account`);
    await look(page, 'account');
}

/** From the seminar's page by its links to a form, which is filled and sent. @param {Hands} hands @param {string[]} ways ends of the links
 * @param {Record<string, string>} fields what is typed; `org` is picked */
async function fillIn(hands, ways, fields) {
    for (const way of ways) await hands.go(`main a[href$="${way}"]`);
    await hands.isRightToLeft();
    for (const [name, value] of Object.entries(fields)) await (name === 'org' ? hands.pick('#f-org', value) : hands.type(`#f-${name}`, value));
    await hands.go('main form button.main');
    await hands.isRightToLeft();
}

/** In Dari, without a mouse: a seminar, its agenda, a quota, a person and the link. @param {any} page @param {string} site @param {string} password
 * @param {string} who */
async function byKeyboard(page, site, password, who) {
    const hands = new Hands(page, `organiser, ${who}`);
    const back = 'main > p > a';
    await hands.signIn(site, COLLEAGUE, password);
    await fillIn(hands, ['/desk/seminars/new'], { title_en: `Seen by ${who}` });
    await fillIn(hands, ['/agenda', '/agenda/new'], { title_en: 'Opening', minutes: '15' });
    await hands.go(back);
    await fillIn(hands, ['/orgs'], { org: 'radio-north', quota: '1' });
    await hands.go(back);
    await fillIn(hands, ['/people', '/people/new'], { org: 'radio-north', name: 'Maral' });
    await hands.to('input.copy');
    const link = await page.evaluate(() => /** @type {HTMLInputElement} */ (document.activeElement).value);
    check(/\/i\/\S+$/.test(link), `organiser, ${who}: the personal link is reached`, link);
    hands.done('a seminar is planned and a person invited');
}

/** @param {string} program */
export async function playConvene(program) {
    const server = new Server(program);
    const browser = await openPlain();
    /** @type {Awaited<ReturnType<typeof openFirefox>> | undefined} */
    let firefox;
    try {
        const password = server.account(LOGIN, 'event,editor');
        const other = server.account(COLLEAGUE, 'event');
        await server.start();
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en' });
        const page = await context.newPage();
        await programme(page, server.url, password);
        await organisation(page, server.url, 'Migration office', 'international organisation');
        const org = await organisation(page, server.url, 'Radio North', 'state media');
        await conflict(page, org);
        const base = await seminar(page, server.url);
        const link = await invite(page, base);
        await arrive(browser, link);
        await afterwards(page, server.url, base, org);
        const phone = await browser.newContext({ viewport: { width: 360, height: 740 } });
        await byKeyboard(await phone.newPage(), server.url, other, 'Chromium');
        firefox = await openFirefox({ hz: 440 });
        await byKeyboard(firefox.page, server.url, other, 'Firefox');
    } finally {
        await firefox?.close();
        await browser.close();
        await server.remove();
    }
}
