// Publishing: one audio and one video line that stay; microphone and camera are switched on and off by replacing tracks, so there
// is never a second offer. The camera is sent in several sizes (simulcast): each viewer gets the one that fits its page and its line.
import { isLarge } from './devices.js';
import { Link } from './link.js';

/** Speech over a thin line: the browser's own guess for a microphone is twice as much. */
const AUDIO_BPS = 32000;

/** Smallest first: q is a quarter of the camera's height, h a half. The small one is what a line of 200 kbit/s carries.
 * @type {{ rid: string, scaleResolutionDownBy: number, maxBitrate: number }[]} */
const SIZES = isLarge
    ? [
        { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 120000 },
        { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 400000 },
        { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1200000 },
    ]
    : [
        { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 120000 },
        { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 500000 },
    ];
/** Three temporal layers: a line that gets worse loses frames first, not the picture. */
const LAYERED = SIZES.map((s) => ({ ...s, scalabilityMode: 'L1T3' }));

export class Publish {
    /** @param {string} url @param {import('./link.js').LinkEvents} events */
    constructor(url, events) {
        /** @type {Record<'audio' | 'video', MediaStreamTrack | null>} */
        this.track = { audio: null, video: null };
        /** @type {Record<'audio' | 'video', RTCRtpSender | null>} */
        this.sender = { audio: null, video: null };
        this.link = new Link(url, (pc) => this.prepare(pc), events);
        this.isOpen = false;
        /** Lines of the largest picture of us that anybody shows, as the server says. */
        this.height = 720;
    }

    /** @param {RTCPeerConnection} pc @returns {() => void} */
    prepare(pc) {
        const audio = addLine(pc, 'audio', [[{ maxBitrate: AUDIO_BPS }]]);
        const video = addLine(pc, 'video', [LAYERED, SIZES, [{ maxBitrate: 900000 }]]);
        preferVp8(video);
        return () => {
            this.sender = { audio: audio.sender, video: video.sender };
            for (const kind of /** @type {const} */ (['audio', 'video'])) {
                if (this.track[kind]) this.sender[kind]?.replaceTrack(this.track[kind]).catch(() => undefined);
            }
        };
    }

    /** What nobody looks at is not sent, but for the smallest size. @param {number} height */
    wish(height) {
        this.height = height;
        this.fit().catch(() => undefined); // the server copes with more than it wished for
    }

    async fit() {
        const sender = this.sender.video;
        const lines = this.track.video?.getSettings().height;
        if (!sender || !lines || this.link.pc?.connectionState !== 'connected') return;
        const parameters = sender.getParameters();
        const isOn = shown(parameters.encodings, lines, this.height);
        if (parameters.encodings.every((e, i) => e.active === isOn[i])) return;
        parameters.encodings.forEach((e, i) => { e.active = isOn[i]; });
        await sender.setParameters(parameters);
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
        this.sender[kind]?.replaceTrack(track).then(() => this.fit()).catch(() => undefined);
    }
}

/** Which encodings are worth sending: up to the first that is at least three quarters of what is shown (as the server's own rule,
 * media/layer.c). @param {RTCRtpEncodingParameters[]} encodings smallest first @param {number} lines of the camera
 * @param {number} height @returns {boolean[]} */
export function shown(encodings, lines, height) {
    let isEnough = false;
    return encodings.map((e, i) => {
        const isOn = i === 0 || !isEnough;
        isEnough = isEnough || (4 * lines) / (e.scaleResolutionDownBy ?? 1) >= 3 * height;
        return isOn;
    });
}

/** The first list of encodings that the browser takes: an unknown scalability mode is an error in some, and ignored in others.
 * @param {RTCPeerConnection} pc @param {'audio' | 'video'} kind @param {RTCRtpEncodingParameters[][]} lists @returns {RTCRtpTransceiver} */
function addLine(pc, kind, lists) {
    for (const sendEncodings of lists) {
        try {
            return pc.addTransceiver(kind, { direction: 'sendonly', sendEncodings });
        } catch {
            // the next list asks for less
        }
    }
    return pc.addTransceiver(kind, { direction: 'sendonly' });
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
