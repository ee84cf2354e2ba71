// A server with a certificate for a name, and an address of its own between it and the browsers, for plays about networks.
//
//   Chromium ── seminar.test = 10.99.0.9 (between.mjs) ── server: TCP 127.0.0.1, UDP 10.99.0.1
import { Authority } from './authority.mjs';
import { Between } from './between.mjs';
import { Server } from './server.mjs';

export const NAME = 'seminar.test';
const AT = '10.99.0.9';
const MEDIA = '10.99.0.1';

export class Behind {
    /** @param {string} program */
    constructor(program) {
        this.authority = new Authority(NAME);
        this.server = new Server(program, { announce: AT, udp: MEDIA, tls: { name: NAME, cert: this.authority.cert, key: this.authority.key } });
        /** How a Chromium finds the name and trusts it. */
        this.chromium = { home: this.authority.chromiumHome(), flags: [`--host-resolver-rules=MAP ${NAME} ${AT}`] };
        /** @type {Array<{ close: () => Promise<void> }>} */
        this.opened = [];
        /** @type {any[]} */
        this.people = [];
        this.record = ''; // the name of the seminar that is over, and of its news
        /** @type {Between | undefined} */
        this.between = undefined;
    }

    /** @returns {Promise<Between>} */
    async start() {
        const demo = this.server.demo();
        this.people = demo.people;
        this.record = demo.record;
        await this.server.start();
        this.between = new Between({ at: AT, tcp: { host: '127.0.0.1', port: this.server.port }, udp: { host: MEDIA, port: this.server.udpPort } });
        await this.between.start();
        return this.between;
    }

    /** @param {string} role @param {string} part of the name @returns {string} a personal link */
    linkOf(role, part) {
        return this.server.url + this.people.find((v) => v.role === role && v.person.includes(part)).path;
    }

    /** Closed at the end. @template {{ close: () => Promise<void> }} T @param {Promise<T>} browser @returns {Promise<T>} */
    async open(browser) {
        const opened = await browser;
        this.opened.push(opened);
        return opened;
    }

    async remove() {
        for (const b of this.opened) await b.close().catch(() => undefined);
        this.between?.stop();
        if (process.env.KENGESH_TEST_LOG) console.log(this.server.log);
        await this.server.remove();
        this.authority.remove();
    }
}
