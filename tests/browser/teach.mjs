// Tests before and after, the certificate and the donor's sheet: one participant answers in a browser without script, five others
// by plain requests; the room is held by their control connections alone.
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { openPlain } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { check, eventually } from './lib/tap.mjs';

const SHOTS = 'tests/browser/out';
const NAME = 'Aýna Şükürowa';
const LEARNERS = 6;
const BEFORE = 'q1=1&q2=2&q3=1&q4=2&q5=3';
export const WRONG = { q1: ['1'], q2: ['2'], q3: ['1'], q4: ['2'], q5: ['3'] };
export const RIGHT = { q1: ['2'], q2: ['1', '2', '8'], q3: ['2'], q4: ['5'], q5: ['4'] };
const AFTER = 'q1=2&q2=1&q2=2&q2=8&q3=2&q4=5&q5=4';

/** @typedef {{ status: number, location: string, cookies: string[], bytes: Buffer, text: string }} Answer */

/** One request, as a browser of this site sends it. @param {Server} server @param {string} path @param {{ cookie?: string, body?: string }} [how]
 * @returns {Promise<Answer>} */
function ask(server, path, how = {}) {
    return new Promise((resolve, reject) => {
        const headers = { host: `localhost:${server.port}`, origin: server.url, ...(how.cookie ? { cookie: how.cookie } : {}),
            ...(how.body !== undefined ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(how.body) } : {}) };
        const r = request({ host: '127.0.0.1', port: server.port, path, method: how.body === undefined ? 'GET' : 'POST', headers }, (answer) => {
            /** @type {Buffer[]} */
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => {
                const bytes = Buffer.concat(parts);
                resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', cookies: answer.headers['set-cookie'] ?? [],
                    bytes, text: bytes.toString('utf8') });
            });
        });
        r.on('error', reject);
        r.end(how.body);
    });
}

/** The session that a personal link opens. @param {Server} server @param {string} path @returns {Promise<string>} */
async function sessionOf(server, path) {
    const answer = await ask(server, `${path}/open`, { body: 'to=mine' });
    return answer.cookies.map((c) => c.split(';')[0]).filter((c) => c.includes('kengesh=')).join('; ');
}

/** Sends the form of a page with its token and its mark. @param {Server} server @param {string} path @param {string} cookie @param {string} fields */
async function sendForm(server, path, cookie, fields) {
    const page = await ask(server, path, { cookie });
    const csrf = (page.text.match(/name="csrf" value="([^"]+)"/) ?? [])[1] ?? '';
    const mark = (page.text.match(/name="mark" value="([^"]+)"/) ?? [])[1] ?? '';
    return ask(server, path, { cookie, body: `csrf=${encodeURIComponent(csrf)}&mark=${encodeURIComponent(mark)}&${fields}` });
}

/** Somebody in the room: the control connection and nothing else (RFC 6455, frames with a mask of zeros).
 * @param {Server} server @param {string} slug @param {string} cookie @returns {Promise<{ say: (what: object) => void, close: () => void }>} */
function enterRoom(server, slug, cookie) {
    return new Promise((resolve, reject) => {
        const r = request({ host: '127.0.0.1', port: server.port, path: `/s/${slug}/room/control`, headers: { host: `localhost:${server.port}`,
            origin: server.url, cookie, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' } });
        r.on('upgrade', (_, socket) => {
            const say = (/** @type {object} */ what) => {
                const text = Buffer.from(JSON.stringify(what));
                socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
            };
            socket.on('error', () => {});
            socket.on('data', () => {});
            say({ type: 'hello', version: 1 });
            const timer = setInterval(() => say({ type: 'ping', at: 1 }), 5000);
            resolve({ say, close: () => { clearInterval(timer); socket.destroy(); } });
        });
        r.on('response', (answer) => reject(new Error(`control: ${answer.statusCode}`)));
        r.on('error', reject);
        r.end();
    });
}

/** @param {any} page @param {string} name */
async function shot(page, name) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** @param {any} page @param {string} selector */
export async function send(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

/** @param {any} page @param {Record<string, string[]>} answers */
export async function fill(page, answers) {
    for (const [name, values] of Object.entries(answers)) {
        for (const value of values) await page.check(`input[name="${name}"][value="${value}"]`);
    }
    await send(page, 'main form button.main');
}

/** From the own page to the test and through it. @param {any} page @param {string} site @param {any} demo @param {'pre' | 'post'} which
 * @param {Record<string, string[]>} answers */
export async function answer(page, site, demo, which, answers) {
    await page.goto(`${site}/s/${demo.slug}/mine`);
    await send(page, `a[href$="/quiz/${which}"]`);
    await fill(page, answers);
    check(await page.isVisible('.notice.ok'), `${which}-test: saved`);
}

/** The participant's own page, in Turkmen, without script. @param {any} page @param {Server} server @param {any} demo @param {string} path */
async function preTest(page, server, demo, path) {
    await page.goto(`${server.url}${path}`);
    await send(page, 'form:has(input[name="to"]) button');
    check(page.url().endsWith(`/s/${demo.slug}/mine`), 'participant: the link leads to the own page', page.url());
    check((await page.getAttribute('html', 'lang')) === 'tk', 'participant: the page is in Turkmen');
    await shot(page, 'mine-360');
    await send(page, 'a[href$="/quiz/pre"]');
    check((await page.$$('fieldset')).length === 5, 'pre-test: five questions on one page');
    await fill(page, { q1: ['1'], q2: ['2'], q3: ['1'], q4: ['2'] });
    check((await page.textContent('.notice.ok')).includes('1'), 'pre-test: saved, one question is still open', await page.textContent('main'));
    await fill(page, { q5: ['3'] });
    check(await page.isChecked('input[name="q1"][value="1"]'), 'pre-test: what was answered is still there');
    check(!/https:\/\/|hagar/.test(await page.textContent('main')), 'pre-test: no right answer and no source before it closes');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    check(width <= 360, 'pre-test: fits a phone of 360 px', width);
    await shot(page, 'quiz-360');
}

/** @param {any} page @param {string} site @param {any} demo */
export async function signIn(page, site, demo) {
    await page.goto(`${site}/sign-in`);
    await page.fill('input[name="login"]', demo.login);
    await page.fill('input[name="password"]', demo.password);
    await send(page, 'main button[type="submit"]');
}

/** @param {Server} server @param {any} demo @param {string[]} cookies @param {string} test @param {string} fields */
async function answerAll(server, demo, cookies, test, fields) {
    const done = await Promise.all(cookies.map((cookie) => sendForm(server, `/s/${demo.slug}/quiz/${test}`, cookie, fields)));
    check(done.every((a) => a.status === 303), `${test}-test: the others have answered`, done.map((a) => a.status));
}

/** @param {Server} server @param {any} demo @param {string} state a class of the tag on the public page */
function seminarIs(server, demo, state) {
    return eventually(`the seminar is ${state}`, async () => {
        const page = await ask(server, `/en/s/${demo.slug}`);
        return state === 'live' ? page.text.includes('tag live') : /Ended|over/i.test((page.text.match(/<p class="meta">.*?<\/p>/) ?? [''])[0]);
    });
}

/** At its point of the agenda. @param {any} organiser @param {string} site @param {any} demo */
export async function openPostTest(organiser, site, demo) {
    await organiser.goto(`${site}/desk/s/${demo.slug}/tests?lang=en`);
    await send(organiser, 'form:has(input[value="post"]) button[value="open"]');
}

/** @param {any} page @param {any} organiser @param {Server} server @param {any} demo @param {string[]} others */
async function postTest(page, organiser, server, demo, others) {
    await openPostTest(organiser, server.url, demo);
    await answer(page, server.url, demo, 'post', RIGHT);
    await answerAll(server, demo, others, 'post', AFTER);
    const bad = await sendForm(server, `/s/${demo.slug}/quiz/post`, others[0], 'q1=99');
    check(bad.status === 400, 'post-test: an answer that is none is refused', bad.status);
    await organiser.goto(`${server.url}/desk/s/${demo.slug}/tests?lang=en`);
    const gain = await organiser.textContent('main');
    check(/Knowledge of 6 people .*change \+\d/.test(gain), 'organiser: sees the paired gain', gain.slice(0, 600));
    await shot(organiser, 'desk-tests-1280');
}

/** The code on the paper leads to the page that says whether it holds. @param {any} page @param {any} browser @param {Server} server @param {any} demo */
export async function certificate(page, browser, server, demo) {
    await page.goto(`${server.url}/s/${demo.slug}/mine`);
    await page.fill('input[name="name"]', NAME);
    await send(page, 'form[action$="/certificate"] button');
    check(await page.isVisible('a[href$="/certificate.pdf"]'), 'participant: the certificate can be downloaded', await page.textContent('main'));
    await shot(page, 'mine-done-360');
    const cookie = (await page.context().cookies()).map((/** @type {any} */ c) => `${c.name}=${c.value}`).join('; ');
    const pdf = await ask(server, `/s/${demo.slug}/certificate.pdf`, { cookie });
    check(pdf.bytes.subarray(0, 5).toString() === '%PDF-', 'certificate: a PDF', pdf.status);
    const file = join(server.folder, 'certificate');
    writeFileSync(`${file}.pdf`, pdf.bytes);
    execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', `${file}.pdf`, file]);
    execFileSync('cp', [`${file}.png`, `${SHOTS}/certificate-tk.png`]);
    check(execFileSync('pdftotext', [`${file}.pdf`, '-'], { encoding: 'utf8' }).includes(NAME), 'certificate: the name is in it, letter by letter');
    const url = execFileSync('zbarimg', ['-q', '--raw', `${file}.png`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    check(url.startsWith(`${server.url}/tk/c/`), 'certificate: its QR code is an address of this site', url);
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    const anybody = await context.newPage();
    const answer = await anybody.goto(url);
    const text = await anybody.textContent('main');
    check(answer.status() === 200 && text.includes(NAME) && (await anybody.isVisible('.notice.ok')), 'anybody: the page says that it holds, without sign-in', text);
    check(/noindex/.test(answer.headers()['x-robots-tag'] ?? ''), 'anybody: no search engine keeps it');
    check((await context.cookies()).length === 0, 'anybody: no cookie');
    await shot(anybody, 'certificate-360');
    const wrong = await anybody.goto(`${url.slice(0, -1)}${url.endsWith('0') ? '1' : '0'}`);
    check(wrong.status() === 404, 'anybody: another code is nobody\'s', wrong.status());
    await context.close();
}

/** Handed over, signed, and held against itself. @param {any} organiser @param {Server} server @param {any} demo @param {number} paired people with both tests */
export async function sheet(organiser, server, demo, paired) {
    await organiser.goto(`${server.url}/desk/s/${demo.slug}/report?lang=en`);
    await shot(organiser, 'desk-report-1280');
    await organiser.fill('input[name="handed_to"]', 'Ministry of Foreign Affairs');
    await send(organiser, 'form[action$="/freeze"] button');
    check((await organiser.textContent('main')).includes('nothing differs'), 'sheet: frozen, and every figure computed again from its records');
    await shot(organiser, 'desk-sheet-1280');
    const cookie = (await organiser.context().cookies()).map((/** @type {any} */ c) => `${c.name}=${c.value}`).join('; ');
    const path = new URL(organiser.url()).pathname;
    const file = await ask(server, `${path}/figures.json`, { cookie });
    const codes = await organiser.$$eval('.notice code', (/** @type {Element[]} */ all) => all.map((e) => e.textContent ?? ''));
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(codes[2], 'base64').toString('base64url') }, format: 'jwk' });
    check(verify(null, file.bytes, key, Buffer.from(codes[1], 'base64')), 'sheet: another program verifies the signature over the file\'s bytes', codes);
    const figures = JSON.parse(file.text).figures;
    const gain = figures.find((/** @type {any} */ f) => f.id === 'gain.knowledge.mean' && !f.split);
    if (paired >= 5) check(gain?.n === paired && gain.value > 0, 'sheet: the paired gain with its n', gain);
    else check(gain?.suppressed === true && gain.value === null, 'sheet: the gain of so few is not said', gain);
    const people = figures.filter((/** @type {any} */ f) => f.unit === 'persons' && f.value !== null);
    check(people.every((/** @type {any} */ f) => f.value === 0 || f.value >= 5), 'sheet: no number under five people', people.filter((/** @type {any} */ f) => f.value < 5));
    for (const [name, bytes, isGood] of /** @type {Array<[string, Buffer, boolean]>} */ ([['its file', file.bytes, true],
        ['a changed file', Buffer.from(file.text.replace(/"value":(\d)/, (_, n) => `"value":${(Number(n) + 1) % 10}`)), false]])) {
        await organiser.goto(`${server.url}/en/verify`);
        await organiser.setInputFiles('#file', { name: 'sheet.json', mimeType: 'application/json', buffer: bytes });
        await send(organiser, 'form[enctype] button');
        check((await organiser.textContent('main')).includes('genuine') === isGood, `anybody: ${name} is ${isGood ? 'known' : 'refused'}`);
    }
}

/** @param {string} program */
export async function playTeach(program) {
    const server = new Server(program);
    const demo = server.demo();
    const browser = await openPlain();
    /** @type {Array<{ say: (what: object) => void, close: () => void }>} */
    const present = [];
    try {
        await server.start();
        const learners = demo.people.filter((/** @type {any} */ p) => p.role === 'participant').slice(0, LEARNERS);
        const first = learners.find((/** @type {any} */ p) => p.language === 'tk');
        const phone = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 }, locale: 'tk' });
        const page = await phone.newPage();
        await preTest(page, server, demo, first.path);
        const others = await Promise.all(learners.filter((/** @type {any} */ p) => p !== first).map((/** @type {any} */ p) => sessionOf(server, p.path)));
        await answerAll(server, demo, others, 'pre', BEFORE);
        const mine = (await phone.cookies()).map((/** @type {any} */ c) => `${c.name}=${c.value}`).join('; ');
        const host = await enterRoom(server, demo.slug, await sessionOf(server, demo.people.find((/** @type {any} */ p) => p.role === 'host').path));
        present.push(host, ...await Promise.all([mine, ...others].map((cookie) => enterRoom(server, demo.slug, cookie))));
        host.say({ type: 'go_live' });
        await seminarIs(server, demo, 'live');
        const organiser = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en' });
        await signIn(organiser, server.url, demo);
        await postTest(page, organiser, server, demo, others);
        host.say({ type: 'end' });
        await seminarIs(server, demo, 'ended');
        await certificate(page, browser, server, demo);
        await organiser.goto(`${server.url}/desk/s/${demo.slug}/certificates?lang=en`);
        await send(organiser, 'form[action$="/issue"] button');
        check((await organiser.$$('.panel')).length === LEARNERS, 'organiser: everybody who earned a certificate has one', await organiser.textContent('main'));
        await shot(organiser, 'desk-certificates-1280');
        await sheet(organiser, server, demo, LEARNERS);
    } finally {
        for (const p of present) p.close();
        await browser.close();
        await server.remove();
    }
}
