// Publishing: one audio and one video line that stay; microphone and camera are switched on and off by replacing tracks, so there
// is never a second offer.
import { Link } from './link.js';

/** Speech over a thin line: the browser's own guess for a microphone is twice as much. */
const AUDIO_BPS = 32000;
const VIDEO_BPS = 900000;

export class Publish {
    /** @param {string} url @param {import('./link.js').LinkEvents} events */
    constructor(url, events) {
        /** @type {Record<'audio' | 'video', MediaStreamTrack | null>} */
        this.track = { audio: null, video: null };
        /** @type {Record<'audio' | 'video', RTCRtpSender | null>} */
        this.sender = { audio: null, video: null };
        this.link = new Link(url, (pc) => this.prepare(pc), events);
        this.isOpen = false;
    }

    /** @param {RTCPeerConnection} pc */
    prepare(pc) {
        this.sender.audio = this.addLine(pc, 'audio', AUDIO_BPS);
        this.sender.video = this.addLine(pc, 'video', VIDEO_BPS);
    }

    /** @param {RTCPeerConnection} pc @param {'audio' | 'video'} kind @param {number} bps @returns {RTCRtpSender} */
    addLine(pc, kind, bps) {
        const line = pc.addTransceiver(kind, { direction: 'sendonly', sendEncodings: [{ maxBitrate: bps }] });
        if (this.track[kind]) line.sender.replaceTrack(this.track[kind]).catch(() => undefined);
        if (kind === 'video') preferVp8(line);
        return line.sender;
    }

    /** @param {string} token */
    start(token) {
        this.isOpen = true;
        this.link.start(token);
    }

    stop() {
        this.isOpen = false;
        this.link.stop();
        for (const kind of /** @type {const} */ (['audio', 'video'])) this.put(kind, null);
    }

    /** The track is ours from now on and is stopped when another takes its place.
     * @param {'audio' | 'video'} kind @param {MediaStreamTrack | null} track */
    put(kind, track) {
        if (this.track[kind] && this.track[kind] !== track) this.track[kind]?.stop();
        this.track[kind] = track;
        this.sender[kind]?.replaceTrack(track).catch(() => undefined);
    }
}

/** The server forwards VP8; a browser that cannot order its codecs offers it anyway. @param {RTCRtpTransceiver} line */
function preferVp8(line) {
    const codecs = RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? [];
    const first = codecs.filter((c) => c.mimeType === 'video/VP8');
    const rest = codecs.filter((c) => c.mimeType === 'video/rtx');
    if (first.length === 0 || !line.setCodecPreferences) return;
    try {
        line.setCodecPreferences([...first, ...rest]);
    } catch {
        // Some versions refuse the receiver's list for a sending line; the offer then has them all.
    }
}
