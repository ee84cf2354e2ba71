// The offer that is made while the server is away: used once it is back, not for the relay, not when the page has left.
import { check } from '../browser/lib/tap.mjs';
import { Ladder } from '../../src/web/asset/js/ladder.js';
import { Link } from '../../src/web/asset/js/link.js';

/** As much of a peer connection as a link touches. */
class FakePeer {
    /** @type {FakePeer[]} */
    static all = [];
    /** So many more than a browser has. */
    static tooMany = 0;

    constructor() {
        if (FakePeer.tooMany > 0) {
            FakePeer.tooMany -= 1;
            throw new DOMException('Cannot create so many PeerConnections', 'UnknownError');
        }
        this.signalingState = 'stable';
        this.connectionState = 'new';
        /** @type {{ sdp: string } | null} */
        this.localDescription = null;
        this.offers = 0;
        FakePeer.all.push(this);
    }

    async setLocalDescription() {
        this.offers += 1;
        this.localDescription = { sdp: 'v=0' };
        this.signalingState = 'have-local-offer';
    }

    async setRemoteDescription() {
        this.signalingState = 'stable';
    }

    close() {
        this.signalingState = 'closed';
    }
}

export async function testSpare() {
    const all = FakePeer.all;
    Object.assign(globalThis, { window: globalThis, RTCPeerConnection: FakePeer,
        fetch: async () => new Response('v=0', { status: 201, headers: { Location: '/s/a/whep/1' } }) });
    const ladder = new Ladder({ host: 'a', port: '', isSecure: true });
    const turn = { user: '', password: '', udp: 0, tcp: true, tls: true };
    ladder.set({ policy: 'open', rungs: ['udp', 'tcp', 'relay'], turn });
    /** @type {any[]} */
    const used = [];
    const link = new Link('http://a/s/a/whep', (pc) => () => { used.push(pc); }, { ladder, onState: () => undefined, canTry: () => false });
    link.ready();
    check(all.length === 0, 'nobody listens: no offer is made beforehand');
    link.start('token');
    await new Promise((resolve) => setTimeout(resolve, 20));
    link.ready();
    link.ready();
    await new Promise((resolve) => setTimeout(resolve, 20));
    check(all.length === 2 && all[1].offers === 1 && used.length === 1, 'the server is away: one offer is made, and not used yet', [all.length, used.length]);
    link.start('token');
    await new Promise((resolve) => setTimeout(resolve, 20));
    check(all.length === 2 && all[1].offers === 1 && used[1] === all[1] && all[0].signalingState === 'closed', 'it is back: that very offer goes out, the old connection is closed');
    link.ready();
    ladder.at = 2;
    link.start('token');
    check(all[2].signalingState === 'closed' && used[2] === all[3], 'on another rung a new offer is made, and the other thrown away');
    link.ready();
    check(all.length === 4, 'on the relay none is made beforehand');
    ladder.at = 0;
    link.ready();
    link.stop();
    link.ready();
    check(all.length === 5 && all[4].signalingState === 'closed' && link.pc === null, 'who leaves keeps none');
    await tooMany(ladder);
}

/** A browser that has no connection to give just now. @param {Ladder} ladder */
async function tooMany(ladder) {
    /** @type {string[]} */
    const states = [];
    const link = new Link('http://a/s/a/whep', () => () => undefined, { ladder, onState: (s) => states.push(s), canTry: () => true });
    FakePeer.tooMany = 2;
    link.start('token');
    check(link.pc === null && states.join() === 'failed', 'the browser gives no connection: that is said', states);
    await new Promise((resolve) => setTimeout(resolve, 600));
    check(link.pc !== null && states[states.length - 1] === 'connecting' && FakePeer.tooMany === 0, 'and it is asked again, and again', states);
    FakePeer.tooMany = 1;
    link.ready();
    check(link.spare === null && FakePeer.tooMany === 0, 'none is made beforehand then, and nothing breaks');
    link.stop();
}
