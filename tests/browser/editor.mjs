// The newsroom: an idea becomes news by the safety check, with a picture whose place is taken out, is corrected and withdrawn;
// two people at one text lose no word; on a phone and on a laptop, without script. The same way once more in Dari and by keyboard alone, in Chromium
// on a phone and in Firefox.
import { readFileSync } from 'node:fs';
import { openFirefox, openPlain } from './lib/browsers.mjs';
import { Hands } from './lib/hands.mjs';
import { answerSafety, shot } from './news.mjs';
import { signIn } from './lib/pages.mjs';
import { Server } from './lib/server.mjs';
import { check } from './lib/tap.mjs';

const COLLEAGUE = 'keyboard@demo.example';
const PHOTO = new URL('../data/picture/gps.jpg', import.meta.url).pathname;

/** @param {any} page @param {string} selector */
async function send(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

/** Two browsers at one text: what does not touch fits by itself, a clash is chosen. @param {any[]} contexts @param {string} edit @param {number} width */
async function conflict(contexts, edit, width) {
    const [mine, theirs] = await Promise.all(contexts.map((c) => c.newPage()));
    await theirs.goto(edit);
    await theirs.fill('#body', 'First line.\n\nSecond line.\n\nThird line.');
    await send(theirs, '#edit button.main');
    await mine.goto(edit);
    await theirs.fill('#body', 'First line.\n\nWhat the other editor wrote.\n\nThird line.');
    await send(theirs, '#edit button.main');
    await mine.fill('#body', 'First line of mine.\n\nWhat I wrote meanwhile.\n\nThird line.');
    await send(mine, '#edit button.main');
    const seen = await mine.textContent('#merge').catch(() => '');
    check(/other editor/.test(seen) && /I wrote meanwhile/.test(seen), `editor ${width}: on a conflict both texts are there`, seen);
    await shot(mine, `newsroom-merge-${width}`);
    await send(mine, '#merge button.main');
    const joined = await mine.inputValue('#body');
    check(/First line of mine/.test(joined) && /other editor wrote/.test(joined) && /I wrote meanwhile/.test(joined), `editor ${width}: joined without losing a word`, joined);
    await send(mine, '#edit button.main');
    check(/done=saved/.test(mine.url()), `editor ${width}: what was put together is saved`, mine.url());
    await mine.goto(`${edit.split('?')[0]}/steps?lang=en`);
    await send(mine, 'form[action$="/compare"] button');
    check(await mine.$('.diff ins') !== null, `editor ${width}: two versions can be compared`);
    await shot(mine, `newsroom-compare-${width}`);
    await mine.close();
    await theirs.close();
}

/** @param {any} page @param {string} edit @param {number} width */
async function picture(page, edit, width) {
    const base = edit.split('?')[0];
    await page.goto(`${base}/pictures?lang=en`);
    await page.setInputFiles('#file', PHOTO);
    await send(page, 'form[enctype] button');
    for (let i = 0; i < 60 && await page.$('.pictures textarea') === null; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 500)); // five files are made in a box
        await page.goto(`${base}/pictures?lang=en`);
    }
    await page.fill('.pictures textarea', 'A drawn bus on a road');
    await page.fill('.pictures input[name="credit"]', 'Drawn for this test');
    await send(page, '.pictures form.wide button');
    await shot(page, `newsroom-pictures-${width}`);
    check((await page.textContent('.pictures')).includes('Waits for the safety check'), `editor ${width}: a picture waits for the safety check`);
}

/** What readers get of the picture. @param {any} page @param {string} site @param {number} width */
async function seen(page, site, width) {
    const img = await page.waitForSelector('figure img');
    await img.scrollIntoViewIfNeeded();
    const size = await page.evaluate(async () => {
        const i = /** @type {HTMLImageElement} */ (document.querySelector('figure img'));
        await i.decode();
        return { src: i.currentSrc, w: i.naturalWidth, h: i.naturalHeight, alt: i.alt, lazy: i.loading, given: [i.width, i.height] };
    });
    check(/\.webp$/.test(size.src) && size.w > size.h && size.alt.includes('bus') && size.lazy === 'lazy', `editor ${width}: readers see the picture upright, with its description`, size);
    const file = readFileSync(PHOTO).toString('latin1');
    const jpeg = size.src.replace(/\d+\.webp$/, '1280.jpg').replace('//localhost', '//127.0.0.1');
    const bytes = Buffer.from(await (await fetch(jpeg)).arrayBuffer()).toString('latin1');
    check(/SECRET-PLACE/.test(file) && bytes.startsWith('\xff\xd8') && !/Exif|SECRET|Sample Camera/.test(bytes), `editor ${width}: place, camera and comment are gone`);
    return `${site}${new URL(size.src).pathname}`;
}

/** @param {any} context @param {string} edit @param {string} site @param {string} slug @param {number} width */
async function publish(context, edit, site, slug, width) {
    const page = await context.newPage();
    await page.goto(edit);
    await page.fill('#title', `Seen at ${width}`);
    await page.fill('#body', 'Illegal migrants wait at the border.');
    await page.fill('#countries', 'Turkmenistan, TR');
    await send(page, 'button[formaction$="/preview"]');
    check(await page.$('mark[data-grade]') !== null && await page.inputValue('#title') === `Seen at ${width}`, `editor ${width}: the preview marks words and keeps what was typed`);
    await shot(page, `newsroom-preview-${width}`);
    await page.fill('#body', 'People wait at the border.');
    await send(page, '#edit button.main');
    await picture(page, edit, width);
    await page.goto(`${edit.split('?')[0]}/steps?lang=en`);
    check(await page.$('#publish') === null, `editor ${width}: nothing is published without the safety check`);
    await answerSafety(page, edit);
    await shot(page, `newsroom-steps-${width}`);
    await send(page, '#publish button');
    const answer = await page.goto(`${site}/en/news/${slug}`);
    check(answer.status() === 200 && (await page.textContent('h1')) === `Seen at ${width}`, `editor ${width}: readers see it`);
    await shot(page, `newsroom-item-${width}`);
    const file = await seen(page, site, width);
    await page.goto(edit);
    await page.fill('#body', 'Other words.');
    await page.fill('#correction', 'The words were wrong.');
    await send(page, '#edit button.main');
    check((await page.textContent('main')).includes('Nothing was saved'), `editor ${width}: a published text does not change unchecked`);
    for (const name of ['faces', 'names', 'places', 'consent']) await page.check(`input[name="${name}"][value="1"]`);
    await send(page, '#edit button.main');
    await page.goto(`${site}/en/news/${slug}`);
    check((await page.textContent('article')).includes('The words were wrong.'), `editor ${width}: a correction is dated and said`);
    await page.goto(`${edit.split('?')[0]}/steps?lang=en`);
    await page.check('#withdraw input[name="sure"]');
    await page.fill('#farewell', 'It was wrong.');
    await send(page, '#withdraw button');
    const gone = await page.goto(`${site}/ru/news/${slug}`);
    check(gone.status() === 410 && (await page.textContent('main')).includes('Материал снят'), `editor ${width}: readers are told, in their language, that it was withdrawn`);
    await shot(page, `newsroom-gone-${width}`);
    check((await fetch(file.replace('//localhost', '//127.0.0.1'))).status === 410, `editor ${width}: its pictures are gone with it`);
    await page.close();
}

/** @param {any} page @param {string} site @param {string} slug */
async function begin(page, site, slug) {
    await page.goto(`${site}/desk/news?lang=en`);
    await page.fill('#title', 'An idea');
    await page.fill('section #body', 'Somebody should write about it.');
    await page.fill('#slug', slug);
    await send(page, 'section form button');
    await send(page, '#moves button[value="2"]');
    check((await page.textContent('main')).includes('Draft'), `editor: the idea ${slug} is taken up`);
    await page.goto(`${site}/desk/news?lang=en`);
    check((await page.textContent('main')).includes('An idea'), `editor: ${slug} stands on the board`);
}

/** Somebody else's words stand there when the own are saved: three texts side by side, and by the arrow one chooses. @param {Hands} hands @param {() => Promise<any>} open another page of
 * the same browser @param {string} edit */
async function conflictByKeyboard(hands, open, edit) {
    const other = new Hands(await open(), `${hands.who}, beside it`);
    await other.page.goto(edit);
    await other.type('#body', 'People stand at the border.\n\nIt rains.');
    await other.go('#edit button.main');
    await other.page.close();
    await hands.page.bringToFront();
    await hands.type('#body', 'Families wait at the border.\n\nIt snows.');
    await hands.go('#edit button.main');
    await hands.isRightToLeft();
    const seen = await hands.read('#merge');
    check(['stand', 'Families', 'snows'].every((word) => seen.includes(word)), `${hands.who}: on a conflict all texts are there`, seen);
    await hands.choose('pick-1', 'theirs');
    await hands.go('#merge button.main');
    const joined = (await hands.read('#body')).replaceAll('\r', '');
    check(joined === 'People stand at the border.\n\nIt snows.', `${hands.who}: the chosen words and those that nobody else touched`, joined);
    await hands.go('#edit button.main');
}

/** @param {Hands} hands */
async function pictureByKeyboard(hands) {
    await hands.go('.tabs a[href$="/pictures"]');
    await hands.isRightToLeft();
    await hands.give('#file', PHOTO);
    await hands.go('form[enctype] button.main');
    for (let i = 0; i < 60 && await hands.page.$('.pictures textarea') === null; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 300)); // files are made in a box
        await hands.go('main .notice a[href$="/pictures"]');
    }
    await hands.type('.pictures textarea', 'A drawn bus on a road');
    await hands.type('.pictures input[name="credit"]', 'Drawn for this test');
    await hands.go('.pictures form.wide button');
    await hands.isRightToLeft();
}

/** @param {Hands} hands @param {string} site @param {string} slug */
async function withdrawByKeyboard(hands, site, slug) {
    const src = await hands.page.$eval('figure img', (/** @type {HTMLImageElement} */ i) => i.alt === 'A drawn bus on a road' && i.src);
    check(src, `${hands.who}: readers get the picture with its words`);
    await hands.page.goto(`${site}/desk/news/${slug}/en/steps`);
    await hands.type('#farewell', 'It was wrong.');
    await hands.tick('#withdraw input[name="sure"]');
    await hands.go('#withdraw button.bad');
    await hands.isRightToLeft();
    const gone = await hands.page.goto(`${site}/fa/news/${slug}`);
    await hands.isRightToLeft();
    check(gone.status() === 410 && /It was wrong/.test(await hands.read('main')), `${hands.who}: readers are told that it was withdrawn`, gone.status());
    const file = await fetch(src.replace('//localhost', '//127.0.0.1'));
    check(file.status === 410, `${hands.who}: its picture is gone with it`, file.status);
}

/** In Dari, without a mouse: an idea, its words, a clash of two editors, a picture, the safety check, the news, and away with it.
 * @param {() => Promise<any>} open @param {string} site @param {string} password @param {string} who */
async function byKeyboard(open, site, password, who) {
    const hands = new Hands(await open(), `editor, ${who}`);
    const slug = `keys-${who.toLowerCase()}`;
    await hands.signIn(site, COLLEAGUE, password);
    await hands.go('main a[href="/desk/news"]');
    await hands.isRightToLeft();
    await hands.pick('#code', 'en');
    await hands.type('#title', `Seen by ${who}`);
    await hands.type('#body', 'People wait.');
    await hands.type('#slug', slug);
    await hands.go('section form button.main');
    await hands.go('#moves button[value="2"]');
    await hands.isRightToLeft();
    await hands.go(`.tabs a[href$="/${slug}/en"]`);
    await hands.isRightToLeft();
    await hands.type('#body', 'People wait at the border.\n\nIt rains.');
    await hands.go('#edit button[formaction$="/preview"]');
    await hands.go('#edit button.main');
    await conflictByKeyboard(hands, open, `${site}/desk/news/${slug}/en`);
    await pictureByKeyboard(hands);
    await hands.go('.tabs a[href$="/safety"]');
    await hands.isRightToLeft();
    for (const name of ['faces', 'names', 'places', 'consent']) await hands.choose(name, '1');
    await hands.go('form[action$="/safety"] button.main');
    await hands.go('#publish button');
    await hands.isRightToLeft();
    await hands.go('main p.meta a');
    check((await hands.read('h1')) === `Seen by ${who}`, `editor, ${who}: readers see it`, hands.page.url());
    await withdrawByKeyboard(hands, site, slug);
    hands.done('an idea becomes news and is withdrawn');
}

/** @param {string} program */
export async function playEditor(program) {
    const server = new Server(program);
    const browser = await openPlain();
    /** @type {Awaited<ReturnType<typeof openFirefox>> | undefined} */
    let firefox;
    try {
        const demo = server.demo();
        const password = server.account(COLLEAGUE, 'editor');
        await server.start();
        for (const width of [360, 1280]) {
            const slug = `bus-${width}`;
            const edit = `${server.url}/desk/news/${slug}/en?lang=en`;
            const contexts = await Promise.all([0, 1].map(() => browser.newContext({ viewport: { width, height: 800 } })));
            for (const c of contexts) await signIn(c, server.url, demo);
            const page = await contexts[0].newPage();
            await begin(page, server.url, slug);
            await page.close();
            await conflict(contexts, edit, width);
            await publish(contexts[0], edit, server.url, slug, width);
            for (const c of contexts) await c.close();
        }
        const phone = await browser.newContext({ viewport: { width: 360, height: 740 } });
        await byKeyboard(() => phone.newPage(), server.url, password, 'Chromium');
        const fox = firefox = await openFirefox({ hz: 440 });
        await byKeyboard(() => fox.context.newPage(), server.url, password, 'Firefox');
    } finally {
        await firefox?.close();
        await browser.close();
        await server.remove();
    }
}
