// The quick exit in a browser that runs scripts, for Playwright's pages and Puppeteer's alike: away by the button and by Shift three
// times, and back does not lead to the page that was left.
import { check, eventually } from './tap.mjs';

/** Goes to a page of help by way of the news, leaves it, and goes back. @param {any} page @param {string} site @param {string} path
 * @param {string} name @param {() => Promise<void>} leave */
async function away(page, site, path, name, leave) {
    await page.goto(`${site}/en/news`);
    await page.goto(site + path);
    const before = await page.evaluate(() => history.length);
    await leave();
    await eventually(`${name}: leads away`, async () => page.url() === `${site}/en/calendar`, 15000);
    check(await page.evaluate(() => history.length) === before, `${name}: stands where the page stood`);
    await page.goBack();
    await eventually(`${name}: back leads past it`, async () => page.url() === `${site}/en/news`, 15000);
}

/** @param {any} page @param {string} site @param {string} who */
export async function leaves(page, site, who) {
    const shift = async (/** @type {number} */ n) => {
        for (let i = 0; i < n; i += 1) await page.keyboard.press('Shift');
    };
    await away(page, site, '/en/guides/tm-tr', `${who}: Shift three times`, () => shift(3));
    await away(page, site, '/en/offer', `${who}: the button`, () => page.click('.exit a'));
    // capital letters and two presses are no alarm
    await page.goto(`${site}/en/contacts`);
    await shift(2);
    await page.keyboard.press('a');
    await shift(2);
    const still = await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.exit a')).textContent);
    check(page.url() === `${site}/en/contacts` && Boolean(still), `${who}: Shift twice, a letter, Shift twice is no exit`, page.url());
    // blank before the other page has come
    const isBlank = await page.evaluate(() => {
        /** @type {HTMLElement} */ (document.querySelector('.exit a')).click();
        const text = document.body.textContent;
        return text === '' && document.title === '\u2026';
    });
    check(isBlank, `${who}: the page is blank at once`);
    await eventually(`${who}: and then away`, async () => page.url() === `${site}/en/calendar`, 15000);
}
