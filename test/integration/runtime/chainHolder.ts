// A harness to be killed by a test: holds a chain, one stage of it paused when asked to, and
// writes the folder that its stages work in.

import { startBench, startChain } from '../pipeline/chain.ts';

const bench = await startBench();
const { playout, origin } = await startChain(bench);
const paused = [playout, origin].find(({ instance }) => instance === process.argv[2]);
await paused?.faults?.pause();
process.stdout.write(`${bench.dir}\n`);
