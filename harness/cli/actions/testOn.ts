// `test --on CLUSTER --shards n`: the suite in shards on other machines, with one verdict.

import pc from 'picocolors';
import { hideBin } from 'yargs/helpers';
import { CLUSTERS, type ClusterName } from '../../cluster/catalogue.ts';
import type { ShardJob, ShardState } from '../../cluster/cluster.ts';
import { systemClock } from '../../kernel/clock.ts';
import { HarnessError, errorMessage } from '../../model/errors.ts';
import type { Suite } from '../../model/suite.ts';
import { playElsewhere, shardsIn } from '../../rehearsal/suite/elsewhere.ts';
import { VERDICT_MEANING } from '../../../reports/legend.ts';
import { finishSuite } from '../finishSuite.ts';
import { catchInterrupt } from '../interrupt.ts';
import { shardWords } from '../shardWords.ts';
import { print, say } from '../terminal.ts';
import { collectFacts, freshSuiteFolder, planEntries, type TestArguments } from './test.ts';

/** The needs of one scenario that is played for real, and of one in virtual time. */
const NEEDS = {
  run: { cpus: 2, memoryMb: 4096 },
  'virtual-player': { cpus: 1, memoryMb: 1024 },
} as const;

export async function testOn(on: ClusterName, argv: TestArguments): Promise<void> {
  const dir = freshSuiteFolder(argv);
  const entries = await planEntries(argv);
  const cluster = CLUSTERS[on];
  requireImage(on, argv.image);
  const job = makeJob(argv, dir);
  if (argv.print) return print(cluster.describe(job).trimEnd());
  using interrupt = catchInterrupt('removing the shards, joining what came back');
  const tell = argv.quiet ? () => {} : say;
  const merged = await playElsewhere(
    {
      cluster,
      job,
      entries,
      facts: await collectFacts(argv),
      dir,
      limitMs: argv.timeLimit,
      collectAt: argv.collectAt,
      onSubmitted: (name) => tell(`${entries.length} scenarios in ${job.shards} shards: ${name}`),
      onChange: (state, suite) => tell(describeShard(state, job.shards, suite)),
      onLeftover: (name, error) => say(`note: could not remove ${name}: ${errorMessage(error)}`),
    },
    interrupt.signal,
  );
  finishSuite({ ...merged, json: argv.json });
}

function requireImage(on: ClusterName, image: string | undefined): void {
  const { playsInImage } = CLUSTERS[on];
  if (playsInImage === (image !== undefined)) return;
  throw new HarnessError(
    'ARGUMENT_INVALID',
    playsInImage ? `--on ${on} needs --image` : `--on ${on} takes no --image`,
    {
      target: '--image',
      hint: playsInImage
        ? 'name an image that has ecran-noir and the scenarios in it (docs/clusters.md)'
        : `${on} plays with the installation of this machine`,
    },
  );
}

function makeJob(argv: TestArguments, dir: string): ShardJob {
  const { engine, parallel = 1, shards = 1 } = argv;
  const { cpus, memoryMb } = NEEDS[engine];
  const words = shardWords(hideBin(process.argv));
  return {
    name: `ecran-noir-${Math.floor(systemClock.epochMs()).toString(36)}`,
    shards,
    // A shard sees all the processors of its machine, and was given a few of them.
    words: argv.parallel === undefined ? [...words, '--parallel', '1'] : words,
    cpus: cpus * parallel,
    memoryMb: memoryMb * parallel,
    dir: shardsIn(dir),
    image: argv.image ?? '',
    collector: { url: argv.collectAt ?? 'http://THIS-MACHINE', token: '' },
  };
}

function describeShard({ index, phase, node, reason }: ShardState, of: number, suite?: Suite) {
  const place = `[${index}/${of}]`;
  const at = node === undefined ? '' : ` on ${node}`;
  const why = reason === undefined ? '' : ` (${reason})`;
  if (!suite) return `${place} ${phase}${at}${why}`;
  const { mark } = VERDICT_MEANING[suite.verdict];
  return `${place} ${mark} ${pc.bold(suite.verdict)}${at}, ${suite.results.length} played`;
}
