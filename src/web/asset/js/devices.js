// Microphone and camera: asking, choosing, the level meter.

/** What a headset needs: an interpreter must not be taken for echo or noise while the floor is loud. */
const BOOTH = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
/** A machine that encodes three sizes of its camera without the fan: no phone, no old laptop. */
export const isLarge = (navigator.hardwareConcurrency ?? 2) >= 8 && !matchMedia('(pointer: coarse)').matches;
const VIDEO = isLarge
    ? { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } }
    : { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 30 } };

/** @param {'audio' | 'video'} kind @param {string} device id, or '' for any @param {boolean} isBooth @returns {Promise<MediaStreamTrack | null>} null: refused or absent */
export async function open(kind, device, isBooth) {
    const wish = { ...(kind === 'video' ? VIDEO : isBooth ? BOOTH : AUDIO), ...(device ? { deviceId: { exact: device } } : {}) };
    try {
        const stream = await navigator.mediaDevices.getUserMedia({ [kind]: wish });
        return stream.getTracks()[0] ?? null;
    } catch (e) {
        // The chosen one was unplugged: any other is better than none.
        const isGone = device !== '' && ['OverconstrainedError', 'NotFoundError'].includes(/** @type {Error} */ (e).name);
        return isGone ? open(kind, '', isBooth) : null;
    }
}

/** @param {'audioinput' | 'videoinput'} kind @returns {Promise<MediaDeviceInfo[]>} */
export async function list(kind) {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    return all.filter((d) => d.kind === kind);
}

export class Meter {
    /** @param {MediaStreamTrack} track @param {(percent: number) => void} onLevel */
    constructor(track, onLevel) {
        this.context = new AudioContext();
        const analyser = this.context.createAnalyser();
        const samples = new Float32Array(analyser.fftSize);
        this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        this.timer = window.setInterval(() => {
            analyser.getFloatTimeDomainData(samples);
            const power = samples.reduce((sum, v) => sum + v * v, 0) / samples.length;
            // -60 dB is a quiet room, 0 dB is the end of the scale.
            onLevel(Math.max(0, Math.min(100, Math.round(100 + (1000 * Math.log10(power + 1e-9)) / 60))));
        }, 100);
    }

    stop() {
        clearInterval(this.timer);
        this.context.close().catch(() => undefined);
    }
}
