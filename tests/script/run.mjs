// The room's scripts that need no page, in Node alone: node tests/script/run.mjs
import { finish } from '../browser/lib/tap.mjs';
import { testChat } from './chat.mjs';
import { testClimb } from './climb.mjs';
import { testControl } from './control.mjs';
import { testKeys } from './keys.mjs';
import { testNews } from './news.mjs';
import { testLadder } from './ladder.mjs';
import { testOldest } from './oldest.mjs';
import { testSpare } from './spare.mjs';
import { testTexts } from './texts.mjs';
import { testTimes } from './times.mjs';
import { testUsage } from './usage.mjs';

testChat();
testKeys();
testNews();
await testSpare();
testTexts();
testTimes();
testLadder();
testOldest();
await testUsage();
await testClimb();
await testControl();
process.exit(finish());
