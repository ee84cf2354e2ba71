// All browser tests, one after the other: node tests/browser/run.mjs --server PROGRAM [name]
// A name is that of a play, or "room" for those with sound and picture, where clocks are read and the machine must be ours alone,
// "paper" for the others, or "long" for what ./test --long alone plays.
import { playClip } from './clip.mjs';
import { playConvene } from './convene.mjs';
import { finish } from './lib/tap.mjs';
import { playEditor } from './editor.mjs';
import { playHttps } from './https.mjs';
import { playInterpret } from './interpret.mjs';
import { playLayers } from './layers.mjs';
import { playMishap } from './mishap.mjs';
import { playOffline } from './offline.mjs';
import { playPseudo } from './pseudo.mjs';
import { playReader } from './reader.mjs';
import { playRenew } from './renew.mjs';
import { playSeminar } from './seminar.mjs';
import { playTeach } from './teach.mjs';
import { playThin } from './thin.mjs';
import { playTransport } from './transport.mjs';

const args = process.argv.slice(2);
const at = args.indexOf('--server');
const program = at >= 0 ? args[at + 1] : 'build/gcc/src/app/kengesh';
const only = args.filter((_, i) => i !== at && i !== at + 1)[0];

/** @type {Record<string, Array<[string, (program: string) => Promise<void>]>>} */
const groups = {
    room: [
        ['seminar', playSeminar],
        ['interpret', playInterpret],
        ['mishap', playMishap],
        ['layers', playLayers],
        ['renew', playRenew],
        ['thin', playThin],
        ['transport', playTransport],
    ],
    paper: [
        ['convene', playConvene],
        ['https', playHttps],
        ['reader', playReader],
        ['offline', playOffline],
        ['editor', playEditor],
        ['clip', playClip],
        ['teach', playTeach],
    ],
    long: [['pseudo', playPseudo]],
};
const tests = Object.entries(groups).flatMap(([group, plays]) => plays.filter(([name]) => !only || only === group || only === name));
if (!tests.length) throw new Error(`no play ${only}`);

let failed = 0;
for (const [name, run] of tests) {
    const began = Date.now();
    try {
        await run(program);
    } catch (error) {
        failed = 1;
        console.log(`not ok - ${name}: ${error instanceof Error ? error.stack : error}`);
    }
    console.log(`# ${name}: ${Math.round((Date.now() - began) / 1000)} s`);
}
process.exit(finish() || failed);
