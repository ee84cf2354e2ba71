// Back up the ladder by itself: when it asks, when it goes, when it waits. Spec: docs/protocol.md, "Ways".
import { Climb } from '../../src/web/asset/js/climb.js';
import { Ladder } from '../../src/web/asset/js/ladder.js';
import { check } from '../browser/lib/tap.mjs';

/** A page on a made-up clock, with a way that passes or not. */
class Made {
    constructor() {
        this.at = 1000;
        this.isOpen = false;
        this.isLow = false;
        this.isTalk = false;
        this.asked = 0;
        this.climbs = 0;
        this.climb = new Climb({
            now: () => this.at,
            passes: async () => { this.asked += 1; return this.isOpen; },
            climb: () => { this.climbs += 1; this.isLow = false; },
        });
    }

    /** @param {number} seconds */
    async pass(seconds) {
        for (let i = 0; i < seconds; i += 1) {
            this.at += 1000;
            this.climb.look(this);
            await new Promise((resolve) => setImmediate(resolve));
        }
    }
}

async function asks() {
    const m = new Made();
    await m.pass(100);
    check(m.asked === 0, 'climb: on the first rung nothing is asked', m.asked);
    m.isLow = true;
    await m.pass(20);
    check(m.asked === 0, 'climb: whoever has just come down does not ask at once', m.asked);
    await m.pass(3600);
    check(m.asked >= 8 && m.asked <= 12 && m.climbs === 0, 'climb: a way that stays shut is asked ever more seldom', [m.asked, m.climbs]);
    const before = m.asked;
    m.isOpen = true;
    m.climb.moved();
    await m.pass(6);
    check(m.asked === before + 1 && m.climbs === 1, 'climb: another network is asked at once, and taken', [m.asked - before, m.climbs]);
}

async function waits() {
    const m = new Made();
    m.isOpen = true;
    m.isTalk = true;
    m.isLow = true;
    await m.pass(600);
    check(m.asked > 1 && m.climbs === 0, 'climb: while somebody speaks it stays, and asks again', [m.asked, m.climbs]);
    m.isTalk = false;
    await m.pass(2);
    check(m.climbs === 0, 'climb: a breath is no silence', m.climbs);
    m.isTalk = true;
    await m.pass(1);
    m.isTalk = false;
    await m.pass(5);
    check(m.climbs === 1, 'climb: three seconds of silence, and it goes', m.climbs);
}

async function swings() {
    const m = new Made();
    m.isOpen = true;
    m.isLow = true;
    m.climb.events.climb = () => { m.climbs += 1; }; // it comes down before anybody looks
    await m.pass(3600);
    check(m.climbs >= 3 && m.climbs <= 9, 'climb: a way that takes questions and no media is tried ever more seldom', m.climbs);
}

/** The answer of a network that the machine has left. */
async function late() {
    const m = new Made();
    /** @type {Array<(isOpen: boolean) => void>} */
    const answers = [];
    m.climb.events.passes = () => { m.asked += 1; return new Promise((resolve) => { answers.push(resolve); }); };
    m.isLow = true;
    await m.pass(25);
    m.climb.moved();
    await m.pass(1);
    check(m.asked === 2, 'climb: another network is asked even while the old one has not answered', m.asked);
    answers[0](true);
    await m.pass(5);
    check(m.climbs === 0, 'climb: what the old network says late counts for nothing', m.climbs);
    answers[1](true);
    await m.pass(5);
    check(m.climbs === 1, 'climb: what the new one says does', m.climbs);
}

function questions() {
    const l = new Ladder({ host: 'seminar.test', port: '8443', isSecure: true });
    const turn = { user: 'u', password: 'p', udp: 3478, tcp: true, tls: true };
    const urls = () => l.question()?.iceServers?.[0].urls?.toString() ?? '';
    check(l.question() === null, 'climb: before the welcome there is nothing to ask');
    l.set({ policy: 'open', rungs: ['udp', 'tcp', 'relay'], turn });
    check(urls() === 'turn:seminar.test:3478?transport=udp', 'climb: UDP is asked by UDP alone', urls());
    l.learn('v=0\r\na=candidate:1 1 udp 2130706431 10.99.0.1 50000 typ host\r\na=candidate:2 1 tcp 1 fd99::1 443 typ host tcptype passive\r\n');
    check(urls() === 'turn:10.99.0.1:3478?transport=udp,turn:[fd99::1]:3478?transport=udp', 'climb: where the last answer said that media goes', urls());
    l.learn('a=candidate:1 1 udp 2130706431 192.0.2.1 9 typ host\r\n');
    check(urls().includes('10.99.0.1'), 'climb: the relay is no such place', urls());
    l.set({ policy: 'tcp-only', rungs: ['tcp', 'relay'], turn });
    check(urls() === 'turn:seminar.test:8443?transport=tcp', 'climb: TCP by TCP, at the port of the pages', urls());
    l.set({ policy: 'https-only', rungs: ['relay'], turn });
    check(l.question() === null, 'climb: where only TLS may be seen, nothing is asked');
}

export async function testClimb() {
    await asks();
    await waits();
    await swings();
    await late();
    questions();
}
