// A suite whose shards play on other machines: submitted, watched, brought back and joined as those
// that somebody brought. A shard that is lost becomes one that left out all it had.

import { createReadStream, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { listIndexes, type ShardJob, type ShardState } from '../../cluster/cluster.ts';
import { shortened } from '../../fields/visible.ts';
import { closeSuite } from '../../measure/suite.ts';
import type { RunRecord } from '../../model/history.ts';
import type { Finding } from '../../model/report.ts';
import type { Suite } from '../../model/suite.ts';
import { renderSuiteJson, type SuiteReporter } from '../../../reports/suite.ts';
import { JOURNAL, writeRunFile } from '../runFolder.ts';
import { shardFinding } from '../shardMistakes.ts';
import {
  playShards,
  removeShards,
  shardFolder,
  type Lost,
  type ShardsElsewhere,
  type WatchedShards,
} from '../shardsElsewhere.ts';
import type { SuiteEntry } from './entries.ts';
import { mergeSuites, type Merged } from './merge.ts';
import { dealShard } from './shards.ts';
import { readSuite, SUITE_FILE } from './suiteFolder.ts';

export interface PlayingElsewhere extends ShardsElsewhere {
  /** All of the suite. */
  readonly entries: readonly SuiteEntry[];
  /** The facts of the suite as this machine knows them. */
  readonly facts: Pick<Suite, 'choices' | 'harness' | 'commit'>;
  /** The folder of the suite. */
  readonly dir: string;
  readonly reporters: readonly SuiteReporter[] | undefined;
  readonly onChange: (state: ShardState, suite: Suite | undefined) => void;
}

/** The folder of the shards of a suite until they are joined; absolute. */
export const shardsIn = (dir: string): string => resolve(dir, 'shards');

/** @throws HarnessError for what cannot be submitted; what is lost later is in the suite. */
export async function playElsewhere(
  playing: PlayingElsewhere,
  signal: AbortSignal,
): Promise<Merged> {
  const { job, dir } = playing;
  const lost = await playShards(watched(playing), signal);
  const known = await closeShards(playing, lost);
  const merged = await mergeSuites([job.dir], dir, { known, reporters: playing.reporters });
  await removeShards(job, lost);
  return merged;
}

function watched({ onChange, ...playing }: PlayingElsewhere): WatchedShards {
  const { job } = playing;
  const isHere = (index: number) => existsSync(join(shardFolder(job, index), SUITE_FILE));
  return {
    ...playing,
    isHere,
    onChange: (state) =>
      onChange(state, isHere(state.index) ? readShard(job, state.index) : undefined),
  };
}

/** Undefined where it cannot be read: `mergeSuites` says why. */
function readShard(job: ShardJob, index: number): Suite | undefined {
  try {
    return readSuite(shardFolder(job, index));
  } catch {
    return undefined;
  }
}

/** Finds what is wrong with the shards, and writes those that are lost. */
async function closeShards(playing: PlayingElsewhere, lost: Lost): Promise<readonly Finding[]> {
  const { job, entries, facts } = playing;
  const planned = entries.map(({ key }) => key);
  const here = new Map(listIndexes(job).map((index) => [index, readShard(job, index)] as const));
  const findings: Finding[] = [];
  const find = (rule: string, text: string) => findings.push(shardFinding(rule, text));
  const { choices, harness, commit } = [...here.values()].find((suite) => suite) ?? facts;
  for (const [index, suite] of here) {
    const reason = lost.get(index);
    const text = `shard ${index} of ${job.shards} was lost: ${reason}`;
    // One that played all it had to lost nothing.
    if (reason !== undefined && (!suite || suite.verdict === 'inconclusive'))
      find('shard-lost', text);
    if (suite && suite.planned.join() !== planned.join())
      find('shard-of-another-suite', sayStrange(index, suite.planned, planned));
    for (const key of suite ? await listOthers(shardFolder(job, index), suite, entries) : [])
      find('shard-of-another-suite', `shard ${index} played ${key} by another plan than is here`);
    if (suite || existsSync(join(shardFolder(job, index), SUITE_FILE))) continue;
    const shard = { index, of: job.shards };
    const leftOut = dealShard(entries, shard).map(({ key }) => ({ key, reason: text }));
    const own = { choices, harness, commit, planned, shard };
    const empty = closeSuite({ ...own, results: [], leftOut, findings: [] });
    await writeRunFile(join(shardFolder(job, index), SUITE_FILE), renderSuiteJson(empty));
  }
  return findings;
}

const sayStrange = (index: number, theirs: readonly string[], ours: readonly string[]): string =>
  `shard ${index} was dealt out of ${shortened(theirs.join(', '))}, here the suite is ${shortened(ours.join(', '))}`;

/** The keys of what was played from another file, or by another version, than this machine has. */
async function listOthers(
  folder: string,
  { results }: Suite,
  entries: readonly SuiteEntry[],
): Promise<readonly string[]> {
  const others: string[] = [];
  for (const { key, attempts } of results) {
    const entry = entries.find((one) => one.key === key);
    for (const { dir } of attempts) {
      if (!entry || dir === undefined) continue;
      const plan = await readPlan(join(folder, dir));
      if (!isDeepStrictEqual(plan, JSON.parse(JSON.stringify(entry.plan)))) others.push(key);
    }
  }
  return [...new Set(others)];
}

/** Undefined where the run has no record. */
async function readPlan(dir: string): Promise<unknown> {
  const file = createReadStream(join(dir, JOURNAL));
  try {
    for await (const line of createInterface(file)) return (JSON.parse(line) as RunRecord).plan;
  } catch {
    // It has none that can be read.
  } finally {
    file.destroy();
  }
  return undefined;
}
