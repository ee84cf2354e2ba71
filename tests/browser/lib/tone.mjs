// One voice per person: a tone that swells four times a second, so that a browser's noise suppression takes it for speech
// rather than for hum, and a listener's spectrum shows who is heard.
import { writeFileSync } from 'node:fs';

const RATE = 48000;

/** Writes a mono 16-bit WAV. @param {string} path @param {number} hz @param {number} seconds */
export function writeTone(path, hz, seconds = 4) {
    const n = RATE * seconds;
    const wav = Buffer.alloc(44 + n * 2);
    wav.write('RIFF', 0);
    wav.writeUInt32LE(36 + n * 2, 4);
    wav.write('WAVEfmt ', 8);
    wav.writeUInt32LE(16, 16);
    wav.writeUInt16LE(1, 20);
    wav.writeUInt16LE(1, 22);
    wav.writeUInt32LE(RATE, 24);
    wav.writeUInt32LE(RATE * 2, 28);
    wav.writeUInt16LE(2, 32);
    wav.writeUInt16LE(16, 34);
    wav.write('data', 36);
    wav.writeUInt32LE(n * 2, 40);
    for (let i = 0; i < n; i += 1) {
        const t = i / RATE;
        const swell = 0.5 - 0.5 * Math.cos(2 * Math.PI * 4 * t);
        wav.writeInt16LE(Math.round(20000 * swell * Math.sin(2 * Math.PI * hz * t)), 44 + i * 2);
    }
    writeFileSync(path, wav);
}
