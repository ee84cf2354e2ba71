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
                frames: v.getVideoPlaybackQuality ? v.getVideoPlaybackQuality().totalVideoFrames : 0,
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

/** How loud each tone is in what the page plays, in decibels above the spectrum's median, the best of two seconds.
 * @param {any} page @param {number[]} tones @returns {Promise<number[]>} */
export function hears(page, tones) {
    return page.evaluate(async (/** @type {number[]} */ hz) => {
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        analyser.fftSize = 8192;
        analyser.smoothingTimeConstant = 0;
        for (const el of /** @type {NodeListOf<HTMLAudioElement>} */ (document.querySelectorAll('audio[data-slot]'))) {
            const stream = el.srcObject;
            if (stream instanceof MediaStream && stream.getAudioTracks().length && !el.paused) {
                context.createMediaStreamSource(stream).connect(analyser);
            }
        }
        await context.resume();
        const best = hz.map(() => -200);
        const bins = new Float32Array(analyser.frequencyBinCount);
        for (let i = 0; i < 20; i += 1) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            analyser.getFloatFrequencyData(bins);
            const median = [...bins].sort((a, b) => a - b)[bins.length >> 1];
            if (!Number.isFinite(median)) continue;
            hz.forEach((f, k) => {
                const at = Math.round(f / (context.sampleRate / analyser.fftSize));
                const peak = Math.max(...bins.slice(at - 2, at + 3));
                if (peak > -80) best[k] = Math.max(best[k], peak - median);
            });
        }
        await context.close();
        return best.map((v) => Math.round(v));
    }, tones);
}
