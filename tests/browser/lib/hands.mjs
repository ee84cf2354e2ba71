// Somebody without a mouse: Tab to what is wanted, the focus always in sight, typing, choosing and Enter. For Playwright's pages and
// Puppeteer's alike, so that Chromium and Firefox do the same.
import { focused } from './keys.mjs';
import { check } from './tap.mjs';

const MOST_STOPS = 150;
const WIDTHS = [360, 1280];

export class Hands {
    /** @param {any} page @param {string} who */
    constructor(page, who) {
        this.page = page;
        this.who = who;
        /** @type {string[]} stops whose focus could not be seen */
        this.unseen = [];
        // Playwright takes the list of files from the browser while somebody listens, and asks for it beside the next key: asked only
        // then, one list in four had opened before, and nobody heard of it.
        if (!page.waitForFileChooser) page.on('filechooser', () => {});
    }

    /** @param {string} selector @returns {Promise<boolean>} */
    isAt(selector) {
        return this.page.evaluate((/** @type {string} */ s) => document.activeElement?.matches(s) ?? false, selector);
    }

    /** By the Tab key alone, from where the focus is. @param {string} selector */
    async to(selector) {
        for (let i = 0; i < MOST_STOPS; i += 1) {
            if (await this.isAt(selector)) return;
            await this.page.keyboard.press('Tab');
            const f = await focused(this.page);
            if (!f.isSeen) this.unseen.push(`${f.name || f.id} at ${new URL(this.page.url()).pathname}`);
        }
        throw new Error(`${this.who}: no ${selector} by the Tab key at ${this.page.url()}`);
    }

    /** Over what stands in the field. @param {string} selector @param {string} text */
    async type(selector, text) {
        await this.to(selector);
        await this.page.keyboard.down('Control');
        await this.page.keyboard.press('a');
        await this.page.keyboard.up('Control');
        await this.page.keyboard.type(text);
    }

    /** Enter leads to another page. @param {string} selector a link, a button or a field whose form is sent */
    async go(selector) {
        await this.to(selector);
        await Promise.all([this.page.waitForNavigation(), this.page.keyboard.press('Enter')]);
    }

    /** One of a list, by the arrow. @param {string} selector @param {string} value */
    async pick(selector, value) {
        await this.to(selector);
        await this.page.keyboard.press('Home');
        for (let i = 0; i < MOST_STOPS; i += 1) {
            if (await this.page.evaluate(() => /** @type {HTMLSelectElement} */ (document.activeElement).value) === value) return;
            await this.page.keyboard.press('ArrowDown');
        }
        throw new Error(`${this.who}: no ${value} in ${selector}`);
    }

    /** One of a group, by the space bar or by the arrow: the group is one stop. @param {string} name @param {string} value */
    async choose(name, value) {
        await this.to(`input[name="${name}"]`);
        await this.page.keyboard.press(' ');
        for (let i = 0; i < MOST_STOPS; i += 1) {
            if (await this.page.evaluate(() => /** @type {HTMLInputElement} */ (document.activeElement).value) === value) return;
            await this.page.keyboard.press('ArrowDown');
        }
    }

    /** A box by the space bar. @param {string} selector */
    async tick(selector) {
        await this.to(selector);
        await this.page.keyboard.press(' ');
        check(await this.isAt(':checked'), `${this.who}: ${selector} is ticked`);
    }

    /** Enter opens the system's list of files, which is not the page's; here it is told which. @param {string} selector @param {string} path */
    async give(selector, path) {
        await this.to(selector);
        const asked = this.page.waitForFileChooser ? this.page.waitForFileChooser() : this.page.waitForEvent('filechooser');
        const [chooser] = await Promise.all([asked, this.page.keyboard.press('Enter')]);
        await (chooser.accept ? chooser.accept([path]) : chooser.setFiles(path));
    }

    /** What is written where the selector points. @param {string} selector @returns {Promise<string>} */
    read(selector) {
        return this.page.$eval(selector, (/** @type {any} */ e) => e.value ?? e.textContent);
    }

    /** Signs in and asks for the desk in Dari. @param {string} site @param {string} login @param {string} password */
    async signIn(site, login, password) {
        await this.page.goto(`${site}/sign-in?lang=fa`);
        await this.isRightToLeft();
        await this.type('#login', login);
        await this.type('#password', password);
        await this.go('main button[type="submit"]');
        await this.go('main a[href="/desk/account"]');
        await this.pick('#f-lang', 'fa');
        await this.go('main form button.main');
        await this.isRightToLeft();
        await this.go('main a[href="/desk"]');
    }

    /** @param {{ width: number, height: number }} size */
    resize(size) {
        return this.page.setViewportSize ? this.page.setViewportSize(size) : this.page.setViewport(size);
    }

    /** Nothing hangs over the side, and the page begins where its writing does, on a phone and on a screen; the window is then as it was. @param {string} [dir] */
    async fits(dir = 'ltr') {
        const own = await this.page.evaluate(() => ({ width: window.innerWidth, height: window.innerHeight }));
        const seen = [];
        for (const width of WIDTHS) {
            await this.resize({ width, height: own.height });
            seen.push(await this.page.evaluate(() => {
                const brand = /** @type {Element} */ (document.querySelector('.brand')).getBoundingClientRect();
                const root = document.documentElement;
                return { dir: root.dir, middle: brand.left + brand.width / 2, width: root.clientWidth, window: window.innerWidth, over: root.scrollWidth - root.clientWidth };
            }));
        }
        await this.resize(own);
        const isGood = seen.every((at, i) => at.dir === dir && at.window === WIDTHS[i] && at.over <= 0 && at.middle > at.width / 2 === (dir === 'rtl'));
        check(isGood, `${this.who}: at ${WIDTHS.join(' and ')} px the page begins at the ${dir === 'rtl' ? 'right' : 'left'} and fits`, { seen, url: this.page.url() });
    }

    /** Writing begins at the right, and nothing hangs over the side. */
    isRightToLeft() {
        return this.fits('rtl');
    }

    /** @param {string} what */
    done(what) {
        check(this.unseen.length === 0, `${this.who}: ${what} by keyboard alone, the focus always in sight`, this.unseen);
    }
}
