// Readers' pages over a line of 64 kbit/s, as an EDGE telephone has it, by a browser that has never been here: node tests/long/slow.mjs --server PROGRAM
// Prints when the first words stood there and what the line carried (TLS and its certificate, and 40 bytes of headers for each piece,
// included). Times are printed only; what is checked is weight, order, and that all is there without a picture.
import { Behind } from '../browser/lib/behind.mjs';
import { openPlain } from '../browser/lib/browsers.mjs';
import { check, finish } from '../browser/lib/tap.mjs';

const EDGE_BPS = 64000;
const FIRST_VIEW = 14 * 1024;
const LANG = 'ru'; // two bytes a letter
const at = process.argv.indexOf('--server');
const behind = new Behind(at >= 0 ? process.argv[at + 1] : 'build/gcc/src/app/kengesh');

/** The paint and the pictures of the page, and the words that are to be read. @param {any} page */
function seen(page) {
    return page.evaluate(() => {
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        const files = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
        const end = (/** @type {PerformanceResourceTiming} */ f) => ({ name: new URL(f.name).pathname, at: f.responseEnd });
        return {
            paint: paint?.startTime ?? 0,
            all: /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType('navigation')[0]).loadEventEnd,
            pictures: files.filter((f) => f.initiatorType === 'img').map(end),
            words: document.querySelector('main')?.innerText.length ?? 0,
        };
    });
}

/** @param {any} browser @param {string} name @param {string} path @param {boolean} hasPictures */
async function visit(browser, name, path, hasPictures = true) {
    const fresh = await browser.newContext({ viewport: { width: 360, height: 640 } });
    if (!hasPictures) await fresh.route('**/*', (/** @type {any} */ r) => (r.request().resourceType() === 'image' ? r.abort() : r.continue()));
    const page = await fresh.newPage();
    const wire = await fresh.newCDPSession(page);
    /** @type {Map<string, string>} */
    const kinds = new Map();
    let bytes = 0;
    await wire.send('Network.enable');
    wire.on('Network.requestWillBeSent', (/** @type {any} */ e) => kinds.set(e.requestId, e.request.url));
    wire.on('Network.loadingFinished', (/** @type {any} */ e) => { if (!/\/p\/|\/kit\/.*\.(png|jpg|webp)/.test(kinds.get(e.requestId) ?? '')) bytes += e.encodedDataLength; });
    const between = /** @type {import('../browser/lib/between.mjs').Between} */ (behind.between);
    const before = between.carried;
    await page.goto(behind.server.url + path, { waitUntil: 'load', timeout: 120000 });
    // a paint is told to the page a while after it was seen
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const found = await seen(page);
    const result = { ...found, bytes, carried: between.carried - before };
    if (hasPictures) {
        console.log(`# slow: ${name}: first words after ${(found.paint / 1000).toFixed(1)} s, all after ${(found.all / 1000).toFixed(1)} s; answers ${bytes} bytes, the line ${result.carried} bytes`);
    }
    await fresh.close();
    return result;
}

try {
    const between = await behind.start();
    between.thin(EDGE_BPS);
    const browser = await behind.open(openPlain(behind.chromium));
    const record = behind.record;
    /** @type {Array<[string, string]>} */
    const pages = [['home', ''], ['guide', '/guides/tm-tr'], ['contacts', '/contacts'], ['self-check', '/offer/deciding'], ['news', '/news'],
        ['news item', `/news/${record}`], ['media kit', `/kit/${record}`]];
    for (const [name, path] of pages) {
        const whole = await visit(browser, name, `/${LANG}${path}`);
        check(whole.bytes > 0 && whole.bytes <= FIRST_VIEW, `slow: ${name}: 14 kB at most`, whole.bytes);
        const early = whole.pictures.filter((/** @type {{ at: number }} */ p) => p.at < whole.paint);
        check(whole.paint > 0 && early.length === 0, `slow: ${name}: words stand there before any picture`, { paint: whole.paint, early });
        const bare = await visit(browser, name, `/${LANG}${path}`, false);
        check(bare.words >= whole.words && bare.words > 100, `slow: ${name}: as many words without pictures`, { whole: whole.words, bare: bare.words });
    }
} finally {
    await behind.remove();
}
process.exit(finish());
