// Chromium 64 of January 2018, as it lies in a package of its own, brotli-packed: the engine of an Android WebView that nobody
// brings up to date. It speaks a debugger's protocol that today's drivers have given up, hence this small one, with as much of
// Playwright's page as tests/browser/lib/pages.mjs asks for.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--hide-scrollbars', '--remote-debugging-port=0'];
const LONGEST_MS = 30000;
const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The name is in a variable so that the type check needs none of these packages. @returns {Promise<any>} */
const socketsOf = (name = 'ws') => import(name);

/** Says what fn gives as soon as it is true. @template T @param {() => Promise<T>} fn @param {string} what @returns {Promise<T>} */
async function until(fn, what) {
    const end = Date.now() + LONGEST_MS;
    for (;;) {
        const value = await fn();
        if (value) return value;
        if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
        await wait(50);
    }
}

/** One tab. */
export class OldPage {
    /** @param {any} socket to the tab */
    constructor(socket) {
        this.socket = socket;
        this.last = 0;
        /** @type {Map<number, { resolve: (v: any) => void, reject: (e: Error) => void }>} */
        this.open = new Map();
        /** @type {string[]} what the console had to complain of */
        this.complaints = [];
        this.loads = 0;
        socket.on('message', (/** @type {any} */ data) => this.take(JSON.parse(String(data))));
    }

    /** @param {any} message */
    take({ id, error, result, method, params }) {
        if (id) {
            const asked = this.open.get(id);
            this.open.delete(id);
            if (error) asked?.reject(new Error(error.message));
            else asked?.resolve(result);
        } else if (method === 'Page.loadEventFired') this.loads += 1;
        else if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
        else if (method === 'Log.entryAdded' && params.entry.level !== 'verbose') this.complaints.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    }

    /** @param {string} method @param {any} [params] @returns {Promise<any>} */
    send(method, params = {}) {
        this.last += 1;
        const id = this.last;
        return new Promise((resolve, reject) => {
            this.open.set(id, { resolve, reject });
            this.socket.send(JSON.stringify({ id, method, params }));
        });
    }

    /** @param {number} width @param {number} height */
    async begin(width, height) {
        for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`);
        await this.size(width, height);
    }

    /** As a telephone: the viewport of the page counts, as in a WebView. @param {number} width @param {number} height */
    size(width, height) {
        return this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: true, fitWindow: false });
    }

    /** The function is read by the old engine: no word of it may be younger. @param {Function} fn @param {...any} args @returns {Promise<any>} */
    async evaluate(fn, ...args) {
        const { result, exceptionDetails } = await this.send('Runtime.evaluate',
            { expression: `(${fn})(${args.map((a) => JSON.stringify(a)).join(', ')})`, returnByValue: true, awaitPromise: true });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }

    /** @param {() => Promise<unknown>} act that leads to another page */
    async leads(act) {
        const before = this.loads;
        await act();
        await until(async () => this.loads > before, 'the page loads');
    }

    /** @param {string} url */
    async goto(url) {
        await this.leads(async () => {
            const { errorText } = await this.send('Page.navigate', { url });
            if (errorText) throw new Error(`${url}: ${errorText}`);
        });
    }

    waitForNavigation() {
        return this.leads(async () => undefined);
    }

    url() {
        return this.evaluate(() => location.href);
    }

    /** With the mouse, where it is to be seen. @param {string} selector */
    async click(selector) {
        const at = await this.evaluate((/** @type {string} */ s) => {
            const e = /** @type {HTMLElement} */ (document.querySelector(s));
            e.scrollIntoView({ block: 'center' });
            const r = e.getClientRects()[0];
            return { x: r.left + r.width / 2, y: r.top + r.height / 2 };
        }, selector);
        for (const type of ['mousePressed', 'mouseReleased']) await this.send('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 });
    }

    /** @param {string} selector @param {string} text */
    fill(selector, text) {
        return this.evaluate((/** @type {string} */ s, /** @type {string} */ t) => {
            /** @type {HTMLInputElement} */ (document.querySelector(s)).value = t;
        }, selector, text);
    }

    /** @param {string} selector @param {string} value */
    selectOption(selector, value) {
        return this.fill(selector, value);
    }

    /** @param {string} path @param {number} width @param {number} most */
    async screenshot(path, width, most) {
        const height = await this.evaluate(() => document.documentElement.scrollHeight);
        await this.size(width, Math.min(height, most));
        const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
        writeFileSync(path, Buffer.from(data, 'base64'));
    }
}

/** @returns {Promise<{ version: string, page: (width: number, height: number) => Promise<OldPage>, close: () => Promise<void> }>} */
export async function openOld() {
    const { default: WebSocket } = await socketsOf();
    const folder = mkdtempSync(join(tmpdir(), 'kengesh-old-'));
    const packed = createRequire(import.meta.url).resolve('chrome-aws-lambda/bin/chromium.br');
    const program = join(folder, 'chromium');
    writeFileSync(program, brotliDecompressSync(readFileSync(packed)), { mode: 0o755 });
    const child = spawn(program, [...FLAGS, `--user-data-dir=${join(folder, 'profile')}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (d) => { said += d; });
    const port = await until(async () => (/DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [])[1] ?? (child.exitCode === null ? '' : Promise.reject(new Error(said))), said);
    const ask = async (/** @type {string} */ path) => (await fetch(`http://127.0.0.1:${port}/json/${path}`)).json();
    return {
        version: (await ask('version')).Browser,
        page: async (width, height) => {
            const { webSocketDebuggerUrl } = await ask('new?about:blank');
            const socket = new WebSocket(webSocketDebuggerUrl, { perMessageDeflate: false });
            await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
            const page = new OldPage(socket);
            await page.begin(width, height);
            return page;
        },
        close: async () => {
            const gone = new Promise((resolve) => child.once('exit', resolve));
            child.kill('SIGKILL');
            await gone;
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
