// The editor at the desk: looks before publishing, meets another editor's change without losing a word, confirms before taking
// back, gives topics; on a phone and on a laptop.
import { openPlain } from './lib/browsers.mjs';
import { signIn } from './lib/pages.mjs';
import { Server } from './lib/server.mjs';
import { check } from './lib/tap.mjs';

/** @param {any} page @param {string} selector */
async function send(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

/** Two windows of one item. @param {any} context @param {string} edit @param {number} width */
async function conflict(context, edit, width) {
    const mine = await context.newPage();
    const theirs = await context.newPage();
    await mine.goto(edit);
    await theirs.goto(edit);
    await theirs.fill('#body', 'What the other editor wrote.');
    await send(theirs, '#edit button.main');
    await mine.fill('#body', 'What I wrote meanwhile.');
    await send(mine, '#edit button.main');
    const both = { theirs: await mine.inputValue('#body-theirs').catch(() => ''), mine: await mine.inputValue('#body') };
    check(both.theirs.includes('other editor') && both.mine.includes('I wrote'), `editor ${width}: on a conflict both texts are there`, both);
    await mine.fill('#body', `${both.theirs}\n\n${both.mine}`);
    await send(mine, '#edit button.main');
    check(/done=saved/.test(mine.url()), `editor ${width}: what was put together is saved`, mine.url());
    await mine.close();
    await theirs.close();
}

/** @param {any} context @param {string} edit @param {string} site @param {any} demo @param {number} width */
async function publish(context, edit, site, demo, width) {
    const page = await context.newPage();
    await page.goto(edit);
    check(await page.$('button[formaction$="/publish"]') === null, `editor ${width}: nothing is published unseen`);
    await page.fill('#title', `Seen at ${width}`);
    await page.check('.check input[name^="topic-"]');
    await send(page, 'button[formaction$="/preview"]');
    check(await page.isChecked('.check input[name^="topic-"]') && await page.inputValue('#title') === `Seen at ${width}`, `editor ${width}: the preview keeps what was typed`);
    await send(page, 'button[formaction$="/publish"]');
    const answer = await page.goto(`${site}/en/news/${demo.slug}`);
    check(answer.status() === 200 && (await page.textContent('h1')) === `Seen at ${width}`, `editor ${width}: readers see it`);
    check(await page.$('.topics .chips a') !== null, `editor ${width}: with its topic`);
    await page.goto(edit);
    await page.fill('#body', 'Other words.');
    await page.fill('#correction', 'The words were wrong.');
    await send(page, '#edit button.main');
    await page.goto(`${site}/en/news/${demo.slug}`);
    check((await page.textContent('article')).includes('The words were wrong.'), `editor ${width}: a correction is dated and said`);
    await page.goto(edit);
    await page.check('input[name="sure"]');
    await send(page, 'form[action$="/withdraw"] button');
    check((await page.goto(`${site}/en/news/${demo.slug}`)).status() === 404, `editor ${width}: what was taken back is gone`);
    await page.close();
}

/** @param {string} program */
export async function playEditor(program) {
    const server = new Server(program);
    const browser = await openPlain();
    try {
        const demo = server.demo();
        await server.start();
        const edit = `${server.url}/desk/news/${demo.slug}/en?lang=en`;
        for (const width of [360, 1280]) {
            const context = await browser.newContext({ viewport: { width, height: 800 } });
            await signIn(context, server.url, demo);
            const desk = await context.newPage();
            await desk.goto(`${server.url}/desk/s/${demo.slug}?lang=en`);
            await send(desk, 'form[action$="/draft"] button[type="submit"]');
            await desk.close();
            await conflict(context, edit, width);
            await publish(context, edit, server.url, demo, width);
            await context.close();
        }
    } finally {
        await browser.close();
        await server.remove();
    }
}
