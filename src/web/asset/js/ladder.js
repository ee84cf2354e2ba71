// By which way media goes: the rungs that the seminar's policy allows, the one we stand on, and what a peer connection needs
// for it. Both connections of a page share one. No DOM and no clock here: tests run it in Node. Spec: docs/protocol.md, "Ways".

/** @typedef {'udp' | 'tcp' | 'relay'} Rung */
/** How media really goes: '' while it does not. @typedef {'' | 'udp' | 'tcp' | 'relay'} Way */
/** @typedef {{ policy: string, rungs: Rung[], turn: { user: string, password: string, udp: number, tcp: boolean, tls: boolean } }} Network */
/** @typedef {{ host: string, port: string, isSecure: boolean }} Place of the page */

/** Nobody's address: what the answer names when media goes through the relay. */
const RELAYED = '192.0.2.1';

export class Ladder {
    /** @param {Place} place */
    constructor(place) {
        this.place = place;
        /** @type {Network | null} */
        this.network = null;
        this.at = 0;
        /** @type {string[]} of the server's media */
        this.addresses = [];
    }

    /** What `welcome` says. True: the rungs are others than before, whatever is connected must begin anew.
     * @param {Network} network @returns {boolean} */
    set(network) {
        const before = this.network?.rungs.join() ?? network.rungs.join();
        this.network = network;
        if (before === network.rungs.join()) return false;
        this.at = 0;
        return true;
    }

    /** @returns {Rung | null} null: the policy leaves no way here */
    get rung() {
        return this.network?.rungs[this.at] ?? null;
    }

    get isTop() {
        return this.at === 0;
    }

    top() {
        this.at = 0;
    }

    /** The rung did not carry: it never connected (way is ''), or what was connected fell silent. TCP was tried together with
     * UDP, so what did not connect at all goes on to the relay. Below the last rung the first is tried again.
     * @param {Rung} from the rung that failed: the other connection may have stepped down already @param {Way} way */
    down(from, way) {
        const rungs = this.network?.rungs ?? [];
        if (this.rung !== from) return;
        const isTcpTried = from === 'udp' && way === '' && rungs[this.at + 1] === 'tcp';
        this.at += isTcpTried ? 2 : 1;
        if (this.at >= rungs.length) this.at = 0;
    }

    /** On the first rung the browser has both UDP and TCP, and goes from one to the other by itself: the ladder follows.
     * @param {Rung} from the rung asked for @param {Way} way what carries now @returns {Rung} the rung that connection stands on now */
    follow(from, way) {
        const at = this.network?.rungs.indexOf(/** @type {Rung} */ (way)) ?? -1;
        if (from === 'relay' || at < 0) return from;
        this.at = at;
        return /** @type {Rung} */ (way);
    }

    /** @returns {RTCConfiguration} */
    config() {
        if (this.rung !== 'relay' || !this.network) return {};
        return this.relayed(this.urls(this.network.turn));
    }

    /** Where media goes, from the candidates of an answer: that need not be where pages come from. @param {string} sdp */
    learn(sdp) {
        const found = [...sdp.matchAll(/^a=candidate:\S+ \d+ \S+ \d+ (\S+) /gm)].map((m) => m[1]).filter((a) => a !== RELAYED);
        if (found.length) this.addresses = [...new Set(found)].slice(0, 4);
    }

    /** Asks our own TURN end by the way of the first rung, whether that way passes. Null: there is none to be asked by it.
     * @returns {RTCConfiguration | null} */
    question() {
        const { rungs, turn } = this.network ?? { rungs: [], turn: { udp: 0, tcp: false } };
        const { host, port, isSecure } = this.place;
        const hosts = this.addresses.length ? this.addresses : [host];
        if (rungs[0] === 'udp' && turn.udp) return this.relayed(hosts.map((a) => `turn:${a.includes(':') ? `[${a}]` : a}:${turn.udp}?transport=udp`));
        if (rungs[0] === 'tcp' && turn.tcp) return this.relayed([`turn:${host}:${port || (isSecure ? 443 : 80)}?transport=tcp`]);
        return null;
    }

    /** @param {string[]} urls @returns {RTCConfiguration} */
    relayed(urls) {
        const { user = '', password = '' } = this.network?.turn ?? {};
        return { iceTransportPolicy: 'relay', iceServers: [{ urls, username: user, credential: password }] };
    }

    /** Where the page came from there is TURN too. A page that came by TLS asks for nothing less unless the policy is open.
     * @param {Network['turn']} turn @returns {string[]} */
    urls(turn) {
        const { host, port, isSecure } = this.place;
        const at = `${host}:${port || (isSecure ? 443 : 80)}`;
        const urls = [];
        if (turn.tls && isSecure) urls.push(`turns:${at}?transport=tcp`);
        if (turn.tcp) urls.push(`turn:${at}?transport=tcp`);
        if (turn.udp) urls.push(`turn:${host}:${turn.udp}?transport=udp`);
        return urls;
    }
}

/** Bytes that came, and how they came, from RTCPeerConnection.getStats: the pair in use says it (Firefox marks it `selected`).
 * @param {Iterable<any>} stats @returns {{ bytes: number, way: Way }} */
export function wayOf(stats) {
    /** @type {Map<string, any>} */
    const byId = new Map();
    let chosen = '';
    let bytes = 0;
    for (const s of stats) {
        byId.set(s.id, s);
        if (s.type === 'transport' && s.selectedCandidatePairId) chosen = s.selectedCandidatePairId;
        if (s.type === 'candidate-pair') {
            bytes += s.bytesReceived ?? 0;
            if (s.selected) chosen = s.id;
        }
    }
    const pair = byId.get(chosen);
    const own = byId.get(pair?.localCandidateId);
    const other = byId.get(pair?.remoteCandidateId);
    if (!own || !other) return { bytes, way: '' };
    if (own.candidateType === 'relay') return { bytes, way: 'relay' };
    return { bytes, way: (other.protocol ?? own.protocol) === 'tcp' ? 'tcp' : 'udp' };
}
