// WHIP and WHEP from the browser's side: one offer, one answer. RFC 9725; docs/protocol.md.

export class Refused extends Error {
    /** @param {number} status */
    constructor(status) {
        super(`refused with ${status}`);
        this.status = status;
    }
}

/** The offer goes out without waiting for candidates: the server is ICE-lite and learns our address from the first check.
 * @param {RTCPeerConnection} pc @param {string} url @param {string} token @returns {Promise<string>} the session's address */
export async function negotiate(pc, url, token) {
    if (!pc.localDescription) await pc.setLocalDescription(); // it may have been made beforehand
    const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
        body: pc.localDescription?.sdp ?? '',
        credentials: 'omit',
    });
    if (answer.status !== 201) throw new Refused(answer.status);
    await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    return new URL(answer.headers.get('Location') ?? '', url).href;
}

/** The page may be closing, hence keepalive. A session that is gone already is no failure.
 * @param {string} session @param {string} token */
export function close(session, token) {
    fetch(session, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` }, keepalive: true, credentials: 'omit' }).catch(() => undefined);
}
