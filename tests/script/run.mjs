// The room's scripts that need no page, in Node alone: node tests/script/run.mjs
import { finish } from '../browser/lib/tap.mjs';
import { testTimes } from './times.mjs';

testTimes();
process.exit(finish());
