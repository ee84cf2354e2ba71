// What a person does in the room page, and what a test can see and hear there. Works on Playwright's and Puppeteer's pages alike:
// only goto, click, evaluate and reload are used.

/** @typedef {{ kind: string, page: any, context: any, close: () => Promise<void> }} Browser */

/** The person's state in words. @param {any} page @returns {Promise<Record<string, string>>} */
export function roomState(page) {
    return page.evaluate(() => ({ ...(document.getElementById('room')?.dataset ?? {}) }));
}

/** @param {any} page @param {string} what a value of data-do */
export async function press(page, what) {
    await page.evaluate((/** @type {string} */ name) => {
        const buttons = [...document.querySelectorAll(`[data-do="${name}"]`)].filter((b) => b instanceof HTMLElement);
        const shown = buttons.find((b) => /** @type {HTMLElement} */ (b).offsetParent !== null) ?? buttons[0];
        if (!shown) throw new Error(`no button ${name}`);
        /** @type {HTMLElement} */ (shown).click();
    }, what);
}

/** Presses a button that belongs to one person. @param {any} page @param {string} what @param {string} person */
export async function pressFor(page, what, person) {
    await page.evaluate((/** @type {[string, string]} */ [name, id]) => {
        const button = document.querySelector(`li[data-person="${id}"] [data-do="${name}"], [data-do="${name}"][data-person="${id}"]`);
        if (!(button instanceof HTMLElement)) throw new Error(`no button ${name} for person ${id}`);
        button.click();
    }, [what, person]);
}

/** Pictures decoded so far in each video slot. @param {any} page @returns {Promise<Record<string, { frames: number, width: number, person: string }>>} */
export function pictures(page) {
    return page.evaluate(() => {
        /** @type {Record<string, any>} */
        const seen = {};
        for (const v of /** @type {NodeListOf<HTMLVideoElement>} */ (document.querySelectorAll('video[data-slot]'))) {
            seen[v.dataset.slot ?? ''] = {
                frames: v.getVideoPlaybackQuality().totalVideoFrames || /** @type {any} */ (v).mozPaintedFrames || 0,
                width: v.videoWidth,
                person: v.dataset.person ?? '',
            };
        }
        return seen;
    });
}

/** Two looks at one slot: do different pictures come? @param {any} page @param {string} slot @returns {Promise<boolean>} */
export function moves(page, slot) {
    return page.evaluate(async (/** @type {string} */ name) => {
        const v = /** @type {HTMLVideoElement | null} */ (document.querySelector(`video[data-slot="${name}"]`));
        if (!v || !v.videoWidth) return false;
        const canvas = document.createElement('canvas');
        canvas.width = 64;
        canvas.height = 36;
        const pen = canvas.getContext('2d', { willReadFrequently: true });
        if (!pen) return false;
        const look = () => {
            pen.drawImage(v, 0, 0, 64, 36);
            return pen.getImageData(0, 0, 64, 36).data;
        };
        const first = look();
        for (let i = 0; i < 20; i += 1) {
            await new Promise((resolve) => setTimeout(resolve, 150));
            const now = look();
            let differs = 0;
            for (let k = 0; k < now.length; k += 1) if (Math.abs(now[k] - first[k]) > 24) differs += 1;
            if (differs > 8) return true;
        }
        return false;
    }, slot);
}

/** How loud each tone is in what the page plays, in decibels above the middle of the spectrum, the best of two seconds. The
 * sound is recorded and decoded again: an AudioContext never starts in a Firefox without a sound card.
 * @param {any} page @param {number[]} tones @returns {Promise<number[]>} */
export function hears(page, tones) {
    return page.evaluate(async (/** @type {number[]} */ wanted) => {
        const SIZE = 8192;
        const LISTEN_MS = 2000;

        /** @param {MediaStream} stream @returns {Promise<Float32Array | null>} */
        const record = async (stream) => {
            const recorder = new MediaRecorder(new MediaStream(stream.getAudioTracks()));
            /** @type {Blob[]} */
            const parts = [];
            recorder.ondataavailable = (e) => parts.push(e.data);
            const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
            recorder.start();
            await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
            if (recorder.state !== 'inactive') recorder.stop();
            await stopped;
            const bytes = await new Blob(parts).arrayBuffer();
            if (!bytes.byteLength) return null;
            const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes).catch(() => null);
            return sound ? sound.getChannelData(0) : null;
        };
        /** The power at one frequency (Goertzel). @param {Float32Array} pcm @param {number} from @param {number} hz */
        const power = (pcm, from, hz) => {
            const k = 2 * Math.cos(2 * Math.PI * hz / 48000);
            let a = 0;
            let b = 0;
            for (let i = 0; i < SIZE; i += 1) {
                const x = pcm[from + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / SIZE)) + k * a - b;
                b = a;
                a = x;
            }
            return a * a + b * b - k * a * b;
        };
        const around = [];
        for (let hz = 310; hz < 3800; hz *= 1.09) around.push(hz);
        const best = wanted.map(() => -200);
        /** @type {MediaStream[]} */
        const streams = [];
        for (const el of /** @type {NodeListOf<HTMLAudioElement>} */ (document.querySelectorAll('audio[data-slot]'))) {
            if (el.srcObject instanceof MediaStream && el.srcObject.getAudioTracks().length && !el.paused && el.dataset.person !== '0') streams.push(el.srcObject);
        }
        for (const pcm of await Promise.all(streams.map(record))) {
            for (let from = 0; pcm && from + SIZE <= pcm.length; from += SIZE) {
                const middle = around.map((hz) => power(pcm, from, hz)).sort((x, y) => x - y)[around.length >> 1];
                wanted.forEach((hz, i) => {
                    const p = power(pcm, from, hz);
                    if (p > 1e-3) best[i] = Math.max(best[i], 10 * Math.log10(p / (middle + 1e-9)));
                });
            }
        }
        return best.map((v) => Math.round(v));
    }, tones);
}
