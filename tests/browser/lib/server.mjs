// A server of the test's own: fresh data folder, ports the system gives, the demo imported.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ role: string, organisation: string, language: string, url: string, mail: string }} Link */

/** A port that is free now. @returns {Promise<number>} */
function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer();
        probe.on('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const address = probe.address();
            probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
        });
    });
}

export class Server {
    /** @param {string} program @param {{ announce?: string, isTls?: boolean }} [options] isTls: with a certificate of its own making */
    constructor(program, options = {}) {
        this.program = program;
        this.announce = options.announce ?? '127.0.0.1';
        this.isTls = options.isTls ?? false;
        this.folder = mkdtempSync(join(tmpdir(), 'kengesh-test-'));
        this.port = 0;
        this.log = '';
        this.out = '';
        /** @type {import('node:child_process').ChildProcess | undefined} */
        this.child = undefined;
    }

    get url() {
        return `${this.isTls ? 'https' : 'http'}://localhost:${this.port}`;
    }

    /** Imports the demo. @returns {any} what `kengesh demo --json` prints: slug, links, staff */
    demo() {
        const text = execFileSync(this.program, ['demo', '--data', this.folder, '--examples', 'examples', '--json'],
            { encoding: 'utf8' });
        return JSON.parse(text);
    }

    /** Starts (again: on the same port) and waits for the line that names the port. */
    async start() {
        if (!this.port) this.port = await freePort();
        const child = spawn(this.program, ['serve', '--data', this.folder, '--site', this.url, '--listen', `127.0.0.1:${this.port}`,
            '--udp', `${this.announce}:0`, '--announce', this.announce, '--demo', ...(this.isTls ? ['--tls-self'] : [])], { stdio: ['ignore', 'pipe', 'pipe'] });
        this.child = child;
        child.stderr?.on('data', (d) => { this.log += d; });
        this.out = '';
        await new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`the server did not start: ${this.log}`)), 20000);
            child.stdout?.on('data', (d) => {
                this.out += d;
                if (!(this.isTls ? /SHA-256 .*\n/ : /listening on port \d+/).test(this.out)) return;
                clearTimeout(timer);
                resolve(undefined);
            });
            child.on('exit', (code) => {
                clearTimeout(timer);
                reject(new Error(`the server ended with ${code}: ${this.log}`));
            });
        });
    }

    /** Ends it. @param {NodeJS.Signals} signal @returns {Promise<number | null>} the exit code */
    async stop(signal = 'SIGTERM') {
        const child = this.child;
        if (!child || child.exitCode !== null) return child?.exitCode ?? null;
        const gone = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
        child.kill(signal);
        return /** @type {Promise<number | null>} */ (gone);
    }

    async remove() {
        await this.stop('SIGKILL');
        rmSync(this.folder, { recursive: true, force: true });
    }
}
