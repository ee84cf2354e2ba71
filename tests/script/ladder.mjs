// The rungs of the ladder, one rule a test. Spec: docs/protocol.md, "Ways".
import assert from 'node:assert/strict';
import { Ladder, wayOf } from '../../src/web/asset/js/ladder.js';
import { check } from '../browser/lib/tap.mjs';

const TURN = { user: 'u', password: 'p', udp: 3478, tcp: true, tls: true };
const PLACE = { host: 'seminar.test', port: '', isSecure: true };

/** @param {import('../../src/web/asset/js/ladder.js').Rung[]} rungs */
function ladder(rungs = ['udp', 'tcp', 'relay']) {
    const l = new Ladder(PLACE);
    l.set({ policy: 'open', rungs, turn: TURN });
    return l;
}

/** @param {Ladder} l */
const rung = (l) => l.rung;

/** @param {string} name @param {() => void} fn */
function rule(name, fn) {
    try {
        fn();
        check(true, `ladder: ${name}`);
    } catch (error) {
        check(false, `ladder: ${name}`, String(error));
    }
}

export function testLadder() {
    rule('UDP that fell silent: TCP is next', () => {
        const l = ladder();
        l.down('udp', 'udp');
        assert.equal(rung(l), 'tcp');
    });

    rule('what never connected had TCP too: the relay is next', () => {
        const l = ladder();
        l.down('udp', '');
        assert.equal(rung(l), 'relay');
    });

    rule('a browser that went to TCP by itself stands on TCP, and only from there goes to the relay', () => {
        const l = ladder();
        assert.equal(l.follow('udp', 'tcp'), 'tcp');
        assert.equal(rung(l), 'tcp');
        assert.equal(l.isTop, false);
        l.down('udp', 'udp'); // the other connection, late
        assert.equal(rung(l), 'tcp');
        l.down('tcp', 'tcp');
        assert.equal(rung(l), 'relay');
    });

    rule('and back to UDP by itself', () => {
        const l = ladder();
        l.follow('udp', 'tcp');
        l.follow('tcp', 'udp');
        assert.equal(l.isTop, true);
    });

    rule('a way that the policy does not have moves nothing', () => {
        const l = ladder(['tcp', 'relay']);
        assert.equal(l.follow('tcp', 'udp'), 'tcp');
        assert.equal(rung(l), 'tcp');
        l.down('tcp', '');
        assert.equal(l.follow('relay', 'tcp'), 'relay');
        assert.equal(rung(l), 'relay');
    });

    rule('two connections that fail on one rung go down one rung', () => {
        const l = ladder();
        l.down('udp', 'udp');
        l.down('udp', 'udp');
        assert.equal(rung(l), 'tcp');
    });

    rule('below the last rung is the first', () => {
        const l = ladder();
        l.down('udp', '');
        l.down('relay', 'relay');
        assert.equal(rung(l), 'udp');
    });

    rule('other rungs begin at the top, the same ones stay', () => {
        const l = ladder();
        l.down('udp', 'udp');
        assert.equal(l.set({ policy: 'open', rungs: ['udp', 'tcp', 'relay'], turn: TURN }), false);
        assert.equal(rung(l), 'tcp');
        assert.equal(l.set({ policy: 'https-only', rungs: ['relay'], turn: TURN }), true);
        assert.equal(rung(l), 'relay');
        assert.equal(l.isTop, true);
    });

    rule('no rung at all', () => {
        assert.equal(rung(ladder([])), null);
        assert.equal(rung(new Ladder(PLACE)), null);
    });

    rule('https-only asks for one turns: address and nothing else', () => {
        const l = new Ladder(PLACE);
        l.set({ policy: 'https-only', rungs: ['relay'], turn: { ...TURN, udp: 0, tcp: false } });
        const config = l.config();
        assert.equal(config.iceTransportPolicy, 'relay');
        assert.deepEqual(config.iceServers?.[0].urls, ['turns:seminar.test:443?transport=tcp']);
    });

    rule('how the bytes came: the selected pair says it', () => {
        const stats = [
            { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
            { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', bytesReceived: 7 },
            { id: 'Q', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'S', bytesReceived: 5 },
            { id: 'L', candidateType: 'host', protocol: 'tcp' },
            { id: 'R', candidateType: 'host', protocol: 'tcp' },
        ];
        assert.deepEqual(wayOf(stats), { bytes: 12, way: 'tcp' });
        assert.deepEqual(wayOf([{ ...stats[1], selected: true }, { ...stats[3], candidateType: 'relay' }, stats[4]]), { bytes: 7, way: 'relay' });
        assert.deepEqual(wayOf([stats[1]]), { bytes: 7, way: '' });
    });
}
