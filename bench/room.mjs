// A room of 300: control WebSockets that do what pages do, and listeners by bench/load at the same time, against a server of its own
// on this machine. Prints one line of JSON.
//
// Three publish: the host and the expert, whom all hear, and an interpreter who has no booth, whose sound comes to the server and goes to
// nobody. So a listener has two voices: PEOPLE × 2 × 50 packets a second leave.
//
//     node bench/room.mjs --server build/gcc/src/app/kengesh --load build/bench/bench/load [--people 300] [--seconds 20]
//
// Every page says how its line does each 5 s and pings each 10 s; in every second one slide is turned, one message is written, and
// five hands go up or down. The delay is from the moment a message is given to the socket until the last page has it; all pages live
// in this one process, which shares the machine with the server, so it is an upper bound.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { Server } from '../tests/browser/lib/server.mjs';

const args = process.argv.slice(2);
/** @param {string} name @param {string} instead @returns {string} */
const option = (name, instead) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : instead);
const PEOPLE = Number(option('people', '300'));
const SECONDS = Number(option('seconds', '20'));
const PUBLISHERS = 3;

/** One request as a browser of this site sends it: Host is the site's name, the connection goes to 127.0.0.1.
 * @param {Server} server @param {string} path @param {{ cookie?: string, body?: string, type?: string }} [how]
 * @returns {Promise<{ status: number, cookie: string, text: string }>} */
function ask(server, path, how = {}) {
    return new Promise((resolve, reject) => {
        const headers = { host: `localhost:${server.port}`, origin: server.url, ...(how.cookie ? { cookie: how.cookie } : {}),
            ...(how.body !== undefined ? { 'content-type': how.type ?? 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(how.body) } : {}) };
        const r = request({ host: '127.0.0.1', port: server.port, path, method: how.body === undefined ? 'GET' : 'POST', headers }, (answer) => {
            /** @type {Buffer[]} */
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8'),
                cookie: (answer.headers['set-cookie'] ?? []).map((c) => c.split(';')[0]).join('; ') }));
        });
        r.on('error', reject);
        r.end(how.body);
    });
}

/** The organiser brings a list of so many people; their personal links. @param {Server} server @param {any} demo @returns {Promise<string[]>} */
async function invite(server, demo) {
    const { cookie } = await ask(server, '/sign-in', { body: new URLSearchParams({ login: demo.login, password: demo.password }).toString() });
    const desk = await ask(server, `/desk/s/${demo.slug}/people`, { cookie });
    const csrf = (desk.text.match(/name="csrf" value="([^"]+)"/) ?? [])[1];
    const rows = Array.from({ length: PEOPLE }, (_, i) => `tdh,participant,ru,guest${i}@tdh.example`);
    const list = `organisation,role,language,e-mail\r\n${rows.join('\r\n')}\r\n`;
    const edge = '----kengesh-bench';
    const form = (/** @type {string[][]} */ fields) => `${fields.map(([head, value]) => `--${edge}\r\nContent-Disposition: form-data; name=${head}\r\n\r\n${value}\r\n`).join('')}--${edge}--\r\n`;
    const send = async (/** @type {string} */ path, /** @type {string[][]} */ fields) => {
        const done = await ask(server, `/desk/s/${demo.slug}/${path}`, { cookie, body: form([['"csrf"', csrf], ...fields]), type: `multipart/form-data; boundary=${edge}` });
        if (done.status >= 400) throw new Error(`the list was refused: ${done.status} ${done.text.replace(/<[^>]*>/g, ' ').slice(0, 900)}`);
        return done.text;
    };
    const looked = await send('import', [['"file"; filename="list.csv"\r\nContent-Type: text/csv', list]]);
    await send('import/take', [['"data"', (looked.match(/name="data" value="([^"]+)"/) ?? [])[1] ?? '']]);
    const all = await ask(server, `/desk/s/${demo.slug}/people`, { cookie });
    const old = new Set(demo.people.map((/** @type {any} */ v) => v.path));
    return [...new Set(all.text.match(/\/i\/[\w-]{28}/g) ?? [])].filter((path) => !old.has(path)).slice(0, PEOPLE);
}

/** One page without a screen. */
class Guest {
    /** @param {Server} server @param {string} slug @param {string} path */
    constructor(server, slug, path) {
        Object.assign(this, { server, slug, path });
        this.token = '';
        this.welcomeMs = 0;
        this.messages = 0;
        this.bytes = 0;
        this.decks = [];
        this.may = [];
        this.slide = 0;
        /** @type {(m: any) => void} */
        this.onMessage = () => undefined;
    }

    async come() {
        const { server, path, slug } = this;
        const { cookie } = await ask(server, `${path}/open`, { body: '' });
        const from = performance.now();
        this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/s/${slug}/room/control`, { headers: { Origin: server.url, Host: `localhost:${server.port}`, Cookie: cookie } });
        await new Promise((resolve, reject) => {
            this.socket.on('error', reject);
            this.socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
            this.socket.on('open', () => this.say({ type: 'hello', version: 1 }));
            this.socket.on('message', (data) => {
                const m = JSON.parse(data.toString());
                this.messages += 1;
                this.bytes += data.length;
                if (m.type === 'welcome') {
                    this.token = m.token;
                    this.me = m.you.id;
                    this.may = m.you.may;
                    this.decks = m.decks;
                    if (!this.welcomeMs) this.welcomeMs = performance.now() - from;
                    resolve(undefined);
                }
                if (m.type === 'decks') this.decks = m.decks;
                if (m.type === 'error') throw new Error(`${m.of}: ${m.code}`);
                this.onMessage(m);
            });
        });
    }

    /** @param {any} m */
    say(m) {
        this.socket.send(JSON.stringify(m));
    }
}

/** @param {number[]} list @param {number} q @returns {number} */
const quantile = (list, q) => Math.round(10 * [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))]) / 10;

/** The traffic of one seminar for so many seconds. @param {Guest} host @param {Guest[]} guests @param {number} seconds */
async function talk(host, guests, seconds) {
    /** @type {number[]} */
    const delays = [];
    const of = host.decks[0].of;
    const timers = guests.flatMap((g, i) => [
        setInterval(() => g.say({ type: 'stats', loss: 0, rtt: 40 + (i % 20), kbps: 60 }), 5000),
        setInterval(() => g.say({ type: 'ping', at: 1 }), 10000)]);
    for (let second = 0; second < seconds; second += 1) {
        const number = 1 + (second % of);
        const until = performance.now() + 1000;
        await new Promise((resolve) => {
            let left = guests.length;
            const from = performance.now();
            for (const g of guests) {
                g.onMessage = (m) => {
                    if (m.type !== 'slide' || m.number !== number) return;
                    delays.push(performance.now() - from);
                    left -= 1;
                    if (left === 0) resolve(undefined);
                };
            }
            host.say({ type: 'slide', deck: host.decks[0].id, number });
        });
        guests[second % guests.length].say({ type: 'chat', text: `Message ${second}` });
        for (let k = 0; k < 5; k += 1) guests[(second * 5 + k) % guests.length].say({ type: 'hand', up: second % 2 === 0 });
        await new Promise((resolve) => { setTimeout(resolve, Math.max(0, until - performance.now())); });
    }
    timers.forEach(clearInterval);
    return delays;
}

/** @param {string} program @param {string[]} words @returns {Promise<any>} its line of JSON */
function run(program, words) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
        let out = '';
        child.stdout.on('data', (d) => { out += d; });
        child.on('exit', (code) => (code === 0 ? resolve(JSON.parse(out.trim().split('\n').pop() ?? '{}')) : reject(new Error(`load ended with ${code}`))));
    });
}

const server = new Server(option('server', 'build/gcc/src/app/kengesh'), {});
const folder = mkdtempSync(join(tmpdir(), 'kengesh-load-'));
try {
    const demo = server.demo();
    // Every organisation may bring as many as it likes: the list is long, and the quota is not what is measured.
    execFileSync('python3', ['-c', 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("UPDATE quotas SET quota=1000"); c.commit()', join(server.folder, 'kengesh.db')]);
    await server.start();
    const links = await invite(server, demo);
    const staff = demo.people.filter((/** @type {any} */ v) => ['host', 'speaker', 'interpreter'].includes(v.role)).slice(0, PUBLISHERS);
    const voices = staff.map((/** @type {any} */ v) => new Guest(server, demo.slug, v.path));
    for (const v of voices) await v.come();
    const host = voices[staff.findIndex((/** @type {any} */ v) => v.role === 'host')];
    while (host.decks.length === 0) await new Promise((resolve) => { setTimeout(resolve, 200); });
    host.say({ type: 'go_live' });
    const guests = links.map((path) => new Guest(server, demo.slug, path));
    for (const g of guests) await g.come();
    writeFileSync(join(folder, 'tokens'), [...voices, ...guests].map((g) => g.token).join('\n'));
    const media = run(option('load', 'build/bench/bench/load'), ['--server', 'whip', '--where', `127.0.0.1:${server.port}`, '--sizes', 'bench/data/opus-20ms.txt', '--audio',
        '--publishers', String(voices.length), '--viewers', String(guests.length), '--seconds', String(SECONDS), '--pid', String(server.child?.pid),
        '--room', `/s/${demo.slug}`, '--tokens', join(folder, 'tokens')]);
    const before = guests.reduce((sum, g) => sum + g.bytes, 0);
    const from = performance.now();
    const delays = await talk(host, guests, SECONDS + 5);
    const ms = performance.now() - from;
    const got = guests.reduce((sum, g) => sum + g.bytes, 0) - before;
    const rss = Number((readFileSync(`/proc/${server.child?.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/) ?? [])[1]);
    console.log(JSON.stringify({
        people: guests.length, seconds: SECONDS, server_rss_kb: rss,
        welcome_ms: { p50: quantile(guests.map((g) => g.welcomeMs), 0.5), p99: quantile(guests.map((g) => g.welcomeMs), 0.99) },
        slide_ms: { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99), n: delays.length },
        control_kbps_per_page: Math.round(100 * (got * 8) / ms / guests.length) / 100,
        media: await media,
    }));
} catch (error) {
    console.error(error, server.log);
    process.exitCode = 1;
} finally {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
    process.exit();
}
