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
    /** udp: the address of the media socket, when it is not the one announced; tls: name and files; isTls: with a certificate of its own making;
     * isDemo: false for a house that search engines may read; isPseudo: with the pseudo-language xx.
     * @param {string} program @param {{ announce?: string, udp?: string, isTls?: boolean, isDemo?: boolean, isPseudo?: boolean, tls?: { name: string, cert: string, key: string } }} [options] */
    constructor(program, options = {}) {
        this.program = program;
        this.announce = options.announce ?? '127.0.0.1';
        this.udp = options.udp ?? this.announce;
        this.tls = options.tls;
        this.isTls = options.isTls ?? false;
        this.isDemo = options.isDemo ?? true;
        this.isPseudo = options.isPseudo ?? false;
        this.udpPort = 0;
        this.folder = mkdtempSync(join(tmpdir(), 'kengesh-test-'));
        this.port = 0;
        this.log = '';
        this.out = '';
        /** @type {import('node:child_process').ChildProcess | undefined} */
        this.child = undefined;
    }

    get url() {
        return `${this.isTls || this.tls ? 'https' : 'http'}://${this.tls?.name ?? 'localhost'}:${this.port}`;
    }

    /** Imports the demo. @returns {any} what `kengesh demo --json` prints: slug, links, staff */
    demo() {
        const text = execFileSync(this.program, ['demo', '--data', this.folder, '--examples', 'examples', '--json'],
            { encoding: 'utf8' });
        return JSON.parse(text);
    }

    /** Makes an account, while the server is not running. @param {string} login @param {string} rights @returns {string} its password */
    account(login, rights) {
        const said = execFileSync(this.program, ['account', 'add', login, '--rights', rights, '--data', this.folder], { encoding: 'utf8' });
        return (said.match(/password (\S+)/) ?? [])[1] ?? '';
    }

    /** Chooses the seminar's network policy, as the organiser does, while the server is not running. @param {'open' | 'tcp-only' | 'https-only'} policy */
    setPolicy(policy) {
        const number = { open: 1, 'tcp-only': 2, 'https-only': 3 }[policy];
        const code = `import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("UPDATE seminars SET policy=?", (${number},)); c.commit()`;
        execFileSync('python3', ['-c', code, join(this.folder, 'kengesh.db')]);
    }

    /** Starts (again: on the same port) and waits for the line that names the port. */
    async start() {
        if (!this.port) this.port = await freePort();
        const child = spawn(this.program, ['serve', '--data', this.folder, '--site', this.url, '--listen', `127.0.0.1:${this.port}`,
            '--udp', `${this.udp}:${this.udpPort}`, '--announce', this.announce, ...this.isDemo ? ['--demo'] : [], ...this.isPseudo ? ['--pseudo'] : [],
            ...this.tls ? ['--tls-cert', this.tls.cert, '--tls-key', this.tls.key] : [], ...this.isTls ? ['--tls-self'] : []], { stdio: ['ignore', 'pipe', 'pipe'] });
        this.child = child;
        child.stderr?.on('data', (d) => { this.log += d; });
        this.out = '';
        await new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`the server did not start: ${this.log}`)), 20000);
            child.stdout?.on('data', (d) => {
                this.out += d;
                const ready = /listening on port \d+, media on UDP port (\d+)/.exec(this.out);
                if (!ready || (this.isTls && !/SHA-256 .*\n/.test(this.out))) return;
                this.udpPort = Number(ready[1]);
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
