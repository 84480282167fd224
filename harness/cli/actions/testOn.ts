// `test --on CLUSTER --shards n`: the suite in shards on other machines, with one verdict.

import pc from 'picocolors';
import { hideBin } from 'yargs/helpers';
import { CLUSTERS, type ClusterName } from '../../cluster/catalogue.ts';
import type { ShardJob, ShardState } from '../../cluster/cluster.ts';
import type { Suite } from '../../model/suite.ts';
import { playElsewhere, shardsIn } from '../../rehearsal/suite/elsewhere.ts';
import { counted } from '../../../reports/duration.ts';
import { VERDICT_MEANING } from '../../../reports/legend.ts';
import { finishSuite } from '../finishSuite.ts';
import { catchInterrupt } from '../interrupt.ts';
import { makeJob, playingOn, requireImage, sayShard } from '../onCluster.ts';
import { shardWords } from '../shardWords.ts';
import { print, say } from '../terminal.ts';
import type { TestArguments } from '../commands/test.ts';
import { collectFacts, freshSuiteFolder, planEntries } from './test.ts';

/** The needs of one scenario that is played for real, and of one in virtual time. */
const NEEDS = {
  run: { cpus: 2, memoryMb: 4096 },
  'virtual-player': { cpus: 1, memoryMb: 1024 },
  agents: { cpus: 1, memoryMb: 1024 },
} as const;

export async function testOn(on: ClusterName, argv: TestArguments): Promise<void> {
  const dir = freshSuiteFolder(argv);
  const entries = await planEntries(argv);
  requireImage(on, argv.image);
  const job = jobFor(argv, dir);
  if (argv.print) return print(CLUSTERS[on].describe(job).trimEnd());
  using interrupt = catchInterrupt('removing the shards, joining what came back');
  const tell = argv.quiet ? () => {} : say;
  const merged = await playElsewhere(
    {
      ...playingOn(argv, { on, job, what: counted(entries.length, 'scenario'), tell }),
      entries,
      facts: await collectFacts(argv),
      dir,
      reporters: argv.reporters,
      onChange: (state, suite) => tell(describeShard(state, job.shards, suite)),
    },
    interrupt.signal,
  );
  finishSuite({ ...merged, json: argv.json });
}

function jobFor(argv: TestArguments, dir: string): ShardJob {
  const { engine, parallel = 1 } = argv;
  const { cpus, memoryMb } = NEEDS[engine];
  const words = [...shardWords(hideBin(process.argv)), '--quiet'];
  return makeJob(argv, {
    // A shard sees all the processors of its machine, and was given a few of them.
    words: argv.parallel === undefined ? [...words, '--parallel', '1'] : words,
    cpus: cpus * parallel,
    memoryMb: memoryMb * parallel,
    dir: shardsIn(dir),
  });
}

function describeShard(state: ShardState, of: number, suite?: Suite) {
  if (!suite) return sayShard(state, of);
  const { mark } = VERDICT_MEANING[suite.verdict];
  const at = state.node === undefined ? '' : ` on ${state.node}`;
  return `[${state.index}/${of}] ${mark} ${pc.bold(suite.verdict)}${at}, ${suite.results.length} played`;
}
