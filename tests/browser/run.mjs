// All browser tests, one after the other: node tests/browser/run.mjs --server PROGRAM [name]
import { playConvene } from './convene.mjs';
import { finish } from './lib/tap.mjs';
import { playEditor } from './editor.mjs';
import { playHttps } from './https.mjs';
import { playInterpret } from './interpret.mjs';
import { playLayers } from './layers.mjs';
import { playOffline } from './offline.mjs';
import { playReader } from './reader.mjs';
import { playSeminar } from './seminar.mjs';
import { playTeach } from './teach.mjs';
import { playTransport } from './transport.mjs';

const args = process.argv.slice(2);
const at = args.indexOf('--server');
const program = at >= 0 ? args[at + 1] : 'build/gcc/src/app/kengesh';
const only = args.filter((_, i) => i !== at && i !== at + 1)[0];

/** @type {Array<[string, (program: string) => Promise<void>]>} */
const tests = [
    ['convene', playConvene],
    ['seminar', playSeminar],
    ['interpret', playInterpret],
    ['https', playHttps],
    ['layers', playLayers],
    ['transport', playTransport],
    ['reader', playReader],
    ['offline', playOffline],
    ['editor', playEditor],
    ['teach', playTeach],
];

let failed = 0;
for (const [name, run] of tests) {
    if (only && name !== only) continue;
    try {
        await run(program);
    } catch (error) {
        failed = 1;
        console.log(`not ok - ${name}: ${error instanceof Error ? error.stack : error}`);
    }
}
process.exit(finish() || failed);
