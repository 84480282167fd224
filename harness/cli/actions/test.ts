// `test FILES…`: many scenarios, one verdict, one folder.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { closeSuite } from '../../measure/suite.ts';
import { systemClock } from '../../kernel/clock.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Suite } from '../../model/suite.ts';
import { lanesOn } from '../../rehearsal/lanes.ts';
import { toStamp } from '../../rehearsal/runFolder.ts';
import { holdSuite, readBaselineWishes } from '../../rehearsal/suite/baseline.ts';
import { SUITE_ENGINES } from '../../rehearsal/suite/engines.ts';
import { planSuite, type SuiteEntry } from '../../rehearsal/suite/entries.ts';
import { findScenarioFiles } from '../../rehearsal/suite/files.ts';
import { listChangedFiles, readCommit } from '../../rehearsal/suite/git.ts';
import { playSuite } from '../../rehearsal/suite/play.ts';
import { dealShard, parseShard } from '../../rehearsal/suite/shards.ts';
import { requireNoSuite, SUITE_FILE, writeSuite } from '../../rehearsal/suite/suiteFolder.ts';
import { harnessVersion } from '../../rehearsal/version.ts';
import { readRunIndex } from '../../store/runIndex.ts';
import { counted } from '../../../reports/duration.ts';
import { announce } from '../announce.ts';
import { deliverShard } from '../onCluster.ts';
import { finishSuite } from '../finishSuite.ts';
import { catchInterrupt } from '../interrupt.ts';
import { liveScreen } from '../liveScreen.ts';
import { stripOldRuns } from '../stripOldRuns.ts';
import { suiteProgress } from '../suiteProgress.ts';
import { say } from '../terminal.ts';
import type { TestArguments } from '../commands/test.ts';

export async function testScenarios(argv: TestArguments): Promise<void> {
  const { retries, within: withinMs, failFast } = argv;
  const shard = argv.shard === undefined ? undefined : parseShard(argv.shard);
  const dir = freshSuiteFolder(argv);
  const baseline = await baselineFor(argv);
  const entries = await planEntries(argv);
  const own = (shard ? dealShard(entries, shard) : entries).toSorted(shortestFirst);
  const lanes = argv.parallel ?? (argv.engine === 'run' ? lanesOn(availableParallelism()) : 1);
  using interrupt = catchInterrupt();
  const engine = SUITE_ENGINES[argv.engine];
  const play = await engine.open(argv, liveScreen({ quiet: true }), interrupt.signal);
  announceSuite(own, lanes, argv.quiet);
  const played = await playSuite(
    {
      entries: own,
      play,
      dir,
      retries: engine.repeatable ? 0 : retries,
      withinMs,
      failFast,
      lanes,
      nowMs: () => systemClock.epochMs(),
      ...suiteProgress(own, { lanes, quiet: argv.quiet, compress: argv.compress }),
    },
    interrupt.signal,
  );
  const suite = closeSuite({
    ...played,
    ...(await collectFacts(argv)),
    ...(shard && { shard }),
    planned: entries.map(({ key }) => key),
    findings: baseline ? holdSuite(dir, played.results, baseline) : [],
  });
  const files = await writeSuite(dir, suite, argv.reporters);
  if (shard && argv.deliver !== undefined) await deliverShard(dir, SUITE_FILE, shard, argv.deliver);
  finishSuite({ suite, files, json: argv.json });
  if (argv.keep !== undefined) keepNewest(argv.runs, argv.keep, argv.quiet);
}

const baselineFor = async ({ baseline, runs, failOn }: TestArguments) =>
  baseline === undefined
    ? undefined
    : await readBaselineWishes(baseline, runs, failOn !== undefined);

function keepNewest(root: string, keep: number, quiet: boolean): void {
  const { runs } = readRunIndex(root);
  stripOldRuns({ root, runs, keep, dryRun: false }, quiet ? () => {} : say);
}

/** Throws ARGUMENT_INVALID where a suite is there already. */
export function freshSuiteFolder({ out }: TestArguments): string {
  const dir = out ?? join('runs', `suite-${toStamp(new Date(systemClock.epochMs()))}`);
  requireNoSuite(dir);
  return dir;
}

/** The facts that all shards of a suite have in common. */
export const collectFacts = async (
  argv: TestArguments,
): Promise<Pick<Suite, 'choices' | 'harness' | 'commit'>> => {
  const { engine, compress, seed, viewers } = argv;
  const choices = { engine, compress, seed, viewers };
  return { choices, harness: harnessVersion(), commit: await readCommit() };
};

/** Much is known early, and a limit of time leaves out as few as it can. */
const shortestFirst = (a: SuiteEntry, b: SuiteEntry): number =>
  a.expectedMs - b.expectedMs || (a.key < b.key ? -1 : 1);

export async function planEntries(argv: TestArguments): Promise<readonly SuiteEntry[]> {
  const { onlyChanged, tag = [], designs = [], players = [] } = argv;
  const changed = onlyChanged === undefined ? undefined : await listChangedFiles(onlyChanged);
  const files = findScenarioFiles(argv.files);
  const engine = SUITE_ENGINES[argv.engine];
  const entries = await planSuite(files, { ...argv, tags: tag, designs, players, changed }, engine);
  if (entries.length > 0 || changed) return entries;
  throw new HarnessError('ARGUMENT_INVALID', `none of ${files.length} scenarios is chosen`, {
    hint: 'look at --tag and --grep; `ecran-noir list scenarios` says what there is',
  });
}

function announceSuite(entries: readonly SuiteEntry[], lanes: number, quiet: boolean): void {
  if (quiet || entries.length === 0) return;
  const totalMs = entries.reduce((sum, { expectedMs }) => sum + expectedMs, 0) / lanes;
  const verb = entries.length === 1 ? 'takes' : 'take';
  announce(counted(entries.length, 'scenario'), { leastMs: totalMs, mostMs: totalMs }, verb);
}
