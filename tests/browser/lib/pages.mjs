// Every page and state that somebody sees, by name: for the contact sheet and for the accessibility run. A page of staff or
// of an invited person says so; a state that needs a form says what to do.

/** @typedef {{ name: string, path: string, who?: 'staff' | 'member', langs?: string[], act?: (page: any) => Promise<void> }} View */

/** @param {any} demo what `kengesh demo --json` prints @returns {View[]} {lang} in a path is the reader's language */
export function views(demo) {
    const press = (/** @type {string} */ selector) => (/** @type {any} */ page) => Promise.all([page.waitForNavigation(), page.click(selector)]).then(() => undefined);
    const follow = (/** @type {string} */ selector) => async (/** @type {any} */ page) => {
        const link = await page.$(selector);
        if (!link) throw new Error(`${page.url()} has no ${selector}, but: ${(await page.textContent('body')).replace(/\s+/g, ' ').slice(0, 600)}`);
        const to = await link.getAttribute('href');
        await page.goto(new URL(`${to}${to.includes('?') ? '&' : '?'}lang=${await page.$eval('html', (/** @type {HTMLElement} */ e) => e.lang)}`, page.url()).href);
    };
    const inTurn = (/** @type {((page: any) => Promise<void>)[]} */ ...acts) => async (/** @type {any} */ page) => {
        for (const act of acts) await act(page);
    };
    const edit = `/desk/news/${demo.record}/en`;
    const at = `/desk/s/${demo.slug}`;
    return [
        { name: 'home', path: '/{lang}' },
        { name: 'seminar-record', path: `/{lang}/s/${demo.record}` },
        { name: 'seminar-live', path: `/{lang}/s/${demo.slug}` },
        { name: 'news', path: '/{lang}/news' },
        { name: 'news-topic', path: '/{lang}/news?topic=media&month=2020-11' },
        { name: 'news-none', path: '/{lang}/news?month=1999-01' },
        { name: 'news-item', path: `/{lang}/news/${demo.record}` },
        { name: 'search', path: '/{lang}/search' },
        { name: 'search-found', path: '/{lang}/search?q=media&in=all' },
        { name: 'search-none', path: '/{lang}/search?q=zeppelin' },
        { name: 'counting', path: '/{lang}/counting' },
        { name: 'feeds', path: '/{lang}/feeds' },
        { name: 'offline', path: '/{lang}/offline' },
        { name: 'guides', path: '/{lang}/guides' },
        { name: 'guide', path: '/{lang}/guides/tm-tr' },
        { name: 'legal', path: '/{lang}/legal' },
        { name: 'legal-page', path: '/{lang}/legal/law-work-tr' },
        { name: 'contacts', path: '/{lang}/contacts' },
        { name: 'contact', path: '/{lang}/contacts/sample-shelter' },
        { name: 'offer', path: '/{lang}/offer' },
        { name: 'offer-deciding', path: '/{lang}/offer/deciding' },
        { name: 'offer-there', path: '/{lang}/offer/there' },
        { name: 'check', path: '/{lang}/check' },
        { name: 'check-marked', path: '/{lang}/check', act: async (page) => {
            await page.selectOption('main select', 'en');
            await page.fill('textarea', 'Police rescued four illegal migrants and prostitutes, among them a girl aged 15.');
            await press('main button[type="submit"]')(page);
        } },
        { name: 'check-words', path: '/{lang}/check/words' },
        { name: 'kits', path: '/{lang}/kit' },
        { name: 'kit', path: `/{lang}/kit/${demo.record}` },
        { name: 'programme', path: '/{lang}/p/counter-trafficking-central-asia' },
        { name: 'calendar', path: '/{lang}/calendar' },
        { name: 'verify', path: '/{lang}/verify' },
        { name: 'verify-unknown', path: '/{lang}/verify?code=0000' },
        { name: 'privacy', path: '/{lang}/privacy' },
        { name: 'print-guide', path: '/{lang}/print/a5/tm-tr' },
        { name: 'print-contacts', path: '/{lang}/print/a4' },
        { name: 'not-found', path: '/{lang}/no/such/page' },
        { name: 'sign-in', path: '/sign-in?lang={lang}' },
        { name: 'sign-in-refused', path: '/sign-in?lang={lang}', act: async (page) => {
            await page.fill('#login', 'nobody');
            await page.fill('#password', 'a wrong password');
            await press('main button[type="submit"]')(page);
        } },
        { name: 'invitation', path: `${demo.people.find((/** @type {any} */ p) => p.role === 'participant').path}?lang={lang}` },
        { name: 'link-gone', path: '/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAA?lang={lang}' },
        { name: 'room', path: `/s/${demo.slug}/room?lang={lang}`, who: 'member' },
        { name: 'mine', path: `/s/${demo.slug}/mine?lang={lang}`, who: 'member' },
        { name: 'quiz', path: `/s/${demo.slug}/mine?lang={lang}`, who: 'member', act: follow('main a[href*="/quiz/"]') },
        { name: 'desk', path: '/desk?lang={lang}', who: 'staff' },
        { name: 'desk-seminar', path: `/desk/s/${demo.slug}?lang={lang}`, who: 'staff' },
        { name: 'desk-people', path: `/desk/s/${demo.slug}/people?lang={lang}`, who: 'staff' },
        { name: 'desk-guest-new', path: `${at}/people/new?lang={lang}`, who: 'staff' },
        { name: 'desk-guest', path: `${at}/people?lang={lang}`, who: 'staff', act: follow('main a[href^="/desk/i/"]') },
        { name: 'desk-conclusions', path: `${at}/conclusions?lang={lang}`, who: 'staff' },
        { name: 'desk-attendance', path: `${at}/attendance?lang={lang}`, who: 'staff' },
        { name: 'desk-slides', path: `${at}/slides?lang={lang}`, who: 'staff' },
        { name: 'desk-agenda', path: `${at}/agenda?lang={lang}`, who: 'staff' },
        { name: 'desk-item-new', path: `${at}/agenda/new?lang={lang}`, who: 'staff' },
        { name: 'desk-item', path: `${at}/agenda?lang={lang}`, who: 'staff', act: follow('main th a') },
        { name: 'desk-quotas', path: `${at}/orgs?lang={lang}`, who: 'staff' },
        { name: 'desk-edit', path: `${at}/edit?lang={lang}`, who: 'staff' },
        { name: 'desk-remove', path: `${at}/remove?lang={lang}`, who: 'staff' },
        { name: 'desk-tests', path: `${at}/tests?lang={lang}`, who: 'staff' },
        { name: 'desk-question', path: `${at}/tests?lang={lang}`, who: 'staff', act: follow('main a[href^="/desk/question/"]') },
        { name: 'desk-question-new', path: `${at}/tests/pre/new?lang={lang}`, who: 'staff' },
        { name: 'desk-certificates', path: `${at}/certificates?lang={lang}`, who: 'staff' },
        { name: 'desk-report', path: `${at}/report?lang={lang}`, who: 'staff' },
        { name: 'desk-sheet', path: `${at}/report?lang={lang}`, who: 'staff', act: async (page) => {
            const lang = await page.$eval('html', (/** @type {HTMLElement} */ e) => e.lang);
            await page.fill('#handed_to', 'Donor');
            await press('form[action$="/freeze"] button')(page);
            await page.goto(`${page.url()}&lang=${lang}`);
        } },
        { name: 'desk-programmes', path: '/desk/programmes?lang={lang}', who: 'staff' },
        { name: 'desk-programme', path: '/desk/programmes/counter-trafficking-central-asia?lang={lang}', who: 'staff' },
        { name: 'desk-programme-new', path: '/desk/programmes/new?lang={lang}', who: 'staff' },
        { name: 'desk-programme-remove', path: '/desk/programmes/counter-trafficking-central-asia/remove?lang={lang}', who: 'staff' },
        { name: 'desk-refused', path: '/desk/seminars/new?lang={lang}', who: 'staff', act: press('main form button.main') },
        { name: 'desk-orgs', path: '/desk/orgs?lang={lang}', who: 'staff' },
        { name: 'desk-org', path: '/desk/orgs/imo?lang={lang}', who: 'staff' },
        { name: 'desk-org-new', path: '/desk/orgs/new?lang={lang}', who: 'staff' },
        { name: 'desk-org-remove', path: '/desk/orgs/imo/remove?lang={lang}', who: 'staff' },
        { name: 'desk-persons', path: '/desk/people?lang={lang}', who: 'staff' },
        { name: 'desk-person', path: '/desk/people?lang={lang}', who: 'staff', act: follow('main a[href^="/desk/people/"]') },
        { name: 'desk-person-erase', path: '/desk/people?lang={lang}', who: 'staff', act: inTurn(follow('main a[href^="/desk/people/"]'), follow('main a[href$="/erase"]')) },
        { name: 'desk-account', path: '/desk/account?lang={lang}', who: 'staff' },
        { name: 'desk-guides', path: '/desk/guides?lang={lang}', who: 'staff' },
        { name: 'desk-guide', path: '/desk/guides/tm-tr?lang={lang}', who: 'staff' },
        { name: 'desk-contacts', path: '/desk/contacts?lang={lang}', who: 'staff' },
        { name: 'desk-contact', path: '/desk/contacts/sample-shelter?lang={lang}', who: 'staff' },
        { name: 'desk-kits', path: '/desk/kits?lang={lang}', who: 'staff' },
        { name: 'desk-kit', path: `/desk/kits/${demo.record}?lang={lang}`, who: 'staff' },
        { name: 'desk-topics', path: '/desk/topics?lang={lang}', who: 'staff' },
        { name: 'desk-texts', path: `/desk/texts/${demo.slug}?lang={lang}`, who: 'staff' },
        { name: 'desk-text', path: `/desk/texts/${demo.slug}?lang={lang}`, who: 'staff', act: follow('main a[href^="/desk/text/"]') },
        { name: 'desk-version', path: `/desk/texts/${demo.slug}?lang={lang}`, who: 'staff', act: inTurn(follow('main a[href^="/desk/text/"]'), follow('main th a')) },
        { name: 'desk-forbidden', path: '/desk/accounts?lang={lang}', who: 'staff' },
        { name: 'editor', path: `${edit}?lang={lang}`, who: 'staff' },
        { name: 'newsroom', path: '/desk/news?lang={lang}', who: 'staff' },
        { name: 'newsroom-safety', path: `${edit}/safety?lang={lang}`, who: 'staff' },
        { name: 'newsroom-pictures', path: `${edit}/pictures?lang={lang}`, who: 'staff' },
        { name: 'newsroom-consent', path: '/desk/news/sample-story/en/consent?lang={lang}', who: 'staff' },
        { name: 'newsroom-steps', path: `${edit}/steps?lang={lang}`, who: 'staff' },
        { name: 'stories', path: '/{lang}/stories' },
        { name: 'editor-preview', path: `${edit}?lang={lang}`, who: 'staff', act: press('button[formaction$="/preview"]') },
    ];
}

/** Signs in at the desk, keeping the cookie in the context. @param {any} context @param {string} site @param {any} demo */
export async function signIn(context, site, demo) {
    const page = await context.newPage();
    await page.goto(`${site}/sign-in`);
    await page.fill('#login', demo.login);
    await page.fill('#password', demo.password);
    await Promise.all([page.waitForNavigation(), page.click('main button[type="submit"]')]);
    await page.close();
}

/** Opens the room by the first participant's personal link. @param {any} context @param {string} site @param {any} demo */
export async function openLink(context, site, demo) {
    const page = await context.newPage();
    await page.goto(site + demo.people.find((/** @type {any} */ p) => p.role === 'participant').path);
    await Promise.all([page.waitForNavigation(), page.click('form[action$="/open"] button')]);
    await page.close();
}
