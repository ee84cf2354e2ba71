// HTTPS with a certificate of the house's own making: the browser warns; who trusts exactly this key gets HTTP/2, secure cookies and a
// room over wss; nothing forbids to go back to http later.
import { get } from 'node:http';
import { connect } from 'node:tls';
import { createHash, X509Certificate } from 'node:crypto';
import { openChromium, openPlain } from './lib/browsers.mjs';
import { Server } from './lib/server.mjs';
import { check } from './lib/tap.mjs';
import { enter, reaches } from './seminar.mjs';

/** The certificate that the server shows. @param {number} port @returns {Promise<X509Certificate>} */
function certificate(port) {
    return new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }, () => {
            resolve(new X509Certificate(socket.getPeerCertificate(true).raw));
            socket.end();
        });
        socket.on('error', reject);
    });
}

/** What Chromium's --ignore-certificate-errors-spki-list wants. @param {X509Certificate} cert */
function pin(cert) {
    return createHash('sha256').update(cert.publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
}

/** @param {number} port @returns {Promise<{ status: number, location: string }>} */
function plainly(port) {
    return new Promise((resolve, reject) => {
        get({ port, host: '127.0.0.1', path: '/en/news', headers: { Host: `localhost:${port}` } }, (r) => {
            r.resume();
            resolve({ status: r.statusCode ?? 0, location: r.headers.location ?? '' });
        }).on('error', reject);
    });
}

/** A browser that was told nothing. @param {string} url */
async function stranger(url) {
    const browser = await openPlain();
    const page = await (await browser.newContext()).newPage();
    const why = await page.goto(url).then(() => 'it opened', (/** @type {Error} */ e) => e.message);
    check(/ERR_CERT/.test(why), 'https: a browser that does not know the certificate warns', why);
    await browser.close();
}

/** @param {any} page @param {string} url */
async function reads(page, url) {
    const answer = await page.goto(url);
    const headers = answer.headers();
    const protocol = await page.evaluate(() => /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType('navigation')[0]).nextHopProtocol);
    check(answer.status() === 200 && protocol === 'h2', 'https: the news page comes by HTTP/2', protocol);
    check(!('strict-transport-security' in headers), 'https: no HSTS with a certificate of our own making', headers);
    check(headers['content-encoding'] === 'br', 'https: packed with brotli', headers);
    check((await page.context().cookies()).length === 0, 'https: a reader gets no cookie');
}

/** @param {any} page @param {string} url */
async function joins(page, url) {
    /** @type {string[]} */
    const sockets = [];
    /** @type {string[]} */
    const refused = [];
    page.on('websocket', (/** @type {any} */ w) => sockets.push(w.url()));
    page.on('console', (/** @type {any} */ m) => { if (/Content Security Policy|Mixed Content/.test(m.text())) refused.push(m.text()); });
    await enter(page, url, 'https');
    await reaches(page, 'https: the room opens and sound is connected', { state: 'open', listen: 'connected' });
    check(sockets.length > 0 && sockets.every((s) => s.startsWith('wss://')), 'https: the room talks over wss', sockets);
    check(refused.length === 0, 'https: the policy of the page refuses nothing of ours', refused);
    const cookie = (await page.context().cookies()).find((/** @type {any} */ c) => c.name === '__Host-kengesh');
    check(Boolean(cookie?.secure && cookie.httpOnly && cookie.path === '/' && cookie.sameSite === 'Lax'),
        'https: the session is a __Host- cookie, secure and not for scripts', cookie);
}

/** @param {string} program */
export async function playHttps(program) {
    const server = new Server(program, { announce: '10.99.0.1', isTls: true });
    /** @type {any} */
    let person;
    try {
        const demo = server.demo();
        await server.start();
        const cert = await certificate(server.port);
        check(server.out.replaceAll(':', '').includes(cert.fingerprint256.replaceAll(':', '')), 'https: the fingerprint that is printed is the one that is shown', server.out);
        const plain = await plainly(server.port);
        check(plain.status === 308 && plain.location === `${server.url}/en/news`, 'https: a plain request on the same port is sent on', plain);
        await stranger(`${server.url}/en`);
        person = await openChromium({ hz: 700, trust: pin(cert) });
        await reads(person.page, `${server.url}/en/news/${demo.record}`);
        await joins(person.page, server.url + demo.people.find((/** @type {any} */ p) => p.role === 'host').path);
    } finally {
        await person?.close();
        await server.remove();
    }
}
