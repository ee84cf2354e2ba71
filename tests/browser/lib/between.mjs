// What stands between browser and server: an address of its own that passes everything on, counts what it sees and can stop
// passing UDP. It is what a filtering network sees of us. It can become a thin line too: one rate for all that goes to the
// browsers that come from then on, with the queue that telephone networks have.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const QUEUE_MS = 500; // datagrams that would wait longer are lost
const PIECE = 1200; // bytes of a stream that go at once, so that streams and datagrams share the line
const WRAP = { udp: 28, tcp: 40 }; // headers of IP and what it carries

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
        this.rateBps = 0; // to browsers that came after it was set first; 0: no limit
        this.hasBeenThin = false;
        this.freeAt = 0;
        this.carried = 0; // bytes of streams that went to browsers over the thin line, with their headers
        this.lost = 0;
        this.datagrams = 0;
        this.streams = 0;
        this.notTls = 0;
        this.isStopped = false;
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

    /** @param {number} bps */
    thin(bps) {
        this.rateBps = bps;
        this.hasBeenThin = true;
    }

    /** Milliseconds until so many bytes have gone over the line behind all that waits; -1: the queue is full. @param {number} n @param {number} most */
    wait(n, most) {
        const now = performance.now();
        if (this.rateBps === 0) return 0;
        if (this.freeAt - now > most) return -1;
        this.freeAt = Math.max(this.freeAt, now) + n * 8000 / this.rateBps;
        return this.freeAt - now;
    }

    /** @param {Buffer} answer @param {import('node:dgram').RemoteInfo} to @param {boolean} isThin */
    back(answer, to, isThin) {
        const wait = isThin ? this.wait(answer.length + WRAP.udp, QUEUE_MS) : 0;
        const send = () => {
            if (this.isUdpOpen && !this.isStopped) this.udp.send(answer, to.port, to.address);
        };
        if (wait < 0) this.lost += 1;
        else if (wait === 0) send();
        else setTimeout(send, wait);
    }

    /** A stream's bytes wait for the line piece by piece, and those behind them with them. @param {Buffer} bytes @param {import('node:net').Socket} from @param {import('node:net').Socket} to */
    async trickle(bytes, from, to) {
        from.pause();
        for (let at = 0; at < bytes.length; at += PIECE) {
            const piece = bytes.subarray(at, at + PIECE);
            const wait = this.wait(piece.length + WRAP.tcp, Infinity);
            this.carried += piece.length + WRAP.tcp;
            if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
            to.write(piece);
        }
        from.resume();
    }

    /** @param {Buffer} bytes @param {import('node:dgram').RemoteInfo} from */
    forth(bytes, from) {
        this.datagrams += 1;
        if (!this.isUdpOpen) return;
        const key = `${from.address}:${from.port}`;
        let socket = this.behind.get(key);
        if (!socket) {
            const isThin = this.hasBeenThin;
            socket = createSocket('udp4');
            socket.on('message', (answer) => this.back(answer, from, isThin));
            this.behind.set(key, socket);
        }
        socket.send(bytes, this.conf.udp.port, this.conf.udp.host);
    }

    /** @param {import('node:net').Socket} near */
    pass(near) {
        const far = connect(this.conf.tcp.port, this.conf.tcp.host);
        this.streams += 1;
        const isThin = this.hasBeenThin;
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
                if (from === far && isThin) this.trickle(bytes, from, to);
                else to.write(bytes);
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
        this.isStopped = true;
        for (const s of this.behind.values()) s.close();
        for (const s of this.open) s.destroy();
        this.udp.close();
        this.tcp.close();
    }
}
