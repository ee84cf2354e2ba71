// What stands between browser and server: an address of its own that passes everything on, counts what it sees and can stop
// passing UDP. It is what a filtering network sees of us.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

/** Follows the records of TLS in a stream of bytes, RFC 8446 5.1. */
class Records {
    constructor() {
        this.left = 0;
        /** @type {number[]} */
        this.head = [];
        this.isTls = true;
    }

    /** @param {Buffer} bytes */
    take(bytes) {
        for (let at = 0; at < bytes.length && this.isTls;) {
            if (this.left > 0) {
                const some = Math.min(this.left, bytes.length - at);
                this.left -= some;
                at += some;
                continue;
            }
            this.head.push(bytes[at]);
            at += 1;
            if (this.head.length < 5) continue;
            const [type, major, , high, low] = this.head;
            this.left = high * 256 + low;
            this.isTls = type >= 20 && type <= 23 && major === 3 && this.left <= 16384 + 256;
            this.head = [];
        }
    }
}

export class Between {
    /** @param {{ at: string, tcp: { host: string, port: number }, udp: { host: string, port: number } }} conf where it stands, and behind it */
    constructor(conf) {
        this.conf = conf;
        this.isUdpOpen = true;
        this.datagrams = 0;
        this.streams = 0;
        this.notTls = 0;
        /** @type {Map<string, import('node:dgram').Socket>} */
        this.behind = new Map();
        /** @type {Set<import('node:net').Socket>} */
        this.open = new Set();
        this.udp = createSocket('udp4');
        this.tcp = createServer((near) => this.pass(near));
    }

    async start() {
        const { at, tcp, udp } = this.conf;
        this.udp.on('message', (bytes, from) => this.forth(bytes, from));
        await new Promise((resolve) => this.udp.bind(udp.port, at, () => resolve(undefined)));
        await new Promise((resolve) => this.tcp.listen(tcp.port, at, () => resolve(undefined)));
    }

    /** @param {Buffer} bytes @param {import('node:dgram').RemoteInfo} from */
    forth(bytes, from) {
        this.datagrams += 1;
        if (!this.isUdpOpen) return;
        const key = `${from.address}:${from.port}`;
        let socket = this.behind.get(key);
        if (!socket) {
            socket = createSocket('udp4');
            socket.on('message', (answer) => {
                if (this.isUdpOpen) this.udp.send(answer, from.port, from.address);
            });
            this.behind.set(key, socket);
        }
        socket.send(bytes, this.conf.udp.port, this.conf.udp.host);
    }

    /** @param {import('node:net').Socket} near */
    pass(near) {
        const far = connect(this.conf.tcp.port, this.conf.tcp.host);
        this.streams += 1;
        let isCounted = false;
        for (const [from, to] of [[near, far], [far, near]]) {
            const records = new Records();
            this.open.add(from);
            from.setNoDelay(true);
            from.on('data', (bytes) => {
                records.take(bytes);
                if (!records.isTls && !isCounted) {
                    this.notTls += 1;
                    isCounted = true;
                }
                to.write(bytes);
            });
            from.on('end', () => to.end());
            from.on('error', () => to.destroy());
            from.on('close', () => {
                this.open.delete(from);
                to.destroy();
            });
        }
    }

    forget() {
        this.datagrams = 0;
        this.streams = 0;
        this.notTls = 0;
    }

    stop() {
        for (const s of this.behind.values()) s.close();
        for (const s of this.open) s.destroy();
        this.udp.close();
        this.tcp.close();
    }
}
