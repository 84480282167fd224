// A harness to be killed by a test: holds a chain, one stage of it paused when asked to, and
// writes the folder that its stages work in.

import { startBench, startChain } from '../pipeline/chain.ts';

const bench = await startBench();
await startChain(bench);
const paused = process.argv[2];
if (paused && paused !== 'none') bench.runtime.pause(paused);
process.stdout.write(`${bench.dir}\n`);
