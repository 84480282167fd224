// Joins the shards of a suite. What is missing or does not belong together is named and makes the
// suite inconclusive: a lost shard is never a smaller suite.

import { cp, lstat } from 'node:fs/promises';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { closeSuite, findMissing } from '../../measure/suite.ts';
import { HarnessError, errorMessage } from '../../model/errors.ts';
import type { Finding } from '../../model/report.ts';
import type { Suite, SuiteResult } from '../../model/suite.ts';
import type { SuiteReporter } from '../../../reports/suite.ts';
import { cannotWrite } from '../../run/recorder.ts';
import {
  findShardMistakes,
  findStrangers,
  shardFinding as finding,
  type DescribedShard,
} from '../shardMistakes.ts';
import { writeReports } from '../writeReports.ts';
import { readReport, readSuite, requireNoSuite, SUITE_FILE, writeSuite } from './suiteFolder.ts';

interface ReadShard {
  readonly dir: string;
  readonly suite: Suite;
}

export interface Merged {
  readonly suite: Suite;
  readonly files: readonly string[];
}

export interface Joining {
  /** Faults of shards that are known already. */
  readonly known?: readonly Finding[];
  /** The outputs to write; all when undefined. */
  readonly reporters: readonly SuiteReporter[] | undefined;
}

/**
 * Joins what is in the folders, or below them, into a new one with copies of all runs.
 * @throws HarnessError ARGUMENT_INVALID where there is no shard at all, CANNOT_WRITE.
 */
export async function mergeSuites(
  dirs: readonly string[],
  out: string,
  { known = [], reporters }: Joining,
): Promise<Merged> {
  requireNoSuite(out);
  const { shards, findings } = readShards(dirs);
  if (shards.length === 0)
    throw new HarnessError('ARGUMENT_INVALID', `no shard of a suite in ${dirs.join(', ')}`, {
      hint: `name folders that \`ecran-noir test --shard i/n --out DIR\` wrote, or one that holds them. ${findings.map(({ text }) => text).join('; ')}`,
    });
  const { suite, from } = joinShards(shards, [...known, ...findings]);
  for (const result of suite.results) await copyRuns(result, from.get(result.key)!, out);
  return { suite, files: await writeSuite(out, suite, reporters) };
}

const findSuites = (dir: string): readonly string[] =>
  globSync(`**/${SUITE_FILE}`, { cwd: dir }).map((file) => join(dir, dirname(file)));

export const holdsSuite = (dir: string): boolean => findSuites(dir).length > 0;

function readShards(dirs: readonly string[]): {
  readonly shards: readonly ReadShard[];
  readonly findings: readonly Finding[];
} {
  const shards: ReadShard[] = [];
  const findings: Finding[] = [];
  for (const dir of dirs) {
    const found = findSuites(dir);
    if (found.length === 0)
      findings.push(finding('shard-missing', `${dir} holds no ${SUITE_FILE}`));
    for (const folder of found)
      try {
        const { suite, gone } = withoutGone(folder, readSuite(folder));
        shards.push({ dir: folder, suite });
        findings.push(...gone);
      } catch (error) {
        findings.push(finding('shard-unreadable', errorMessage(error)));
      }
  }
  const index = ({ suite }: ReadShard) => suite.shard?.index ?? 0;
  return { shards: shards.toSorted((a, b) => index(a) - index(b)), findings };
}

/** A result whose run did not come along is kept, but nobody can look at it. */
function withoutGone(
  folder: string,
  suite: Suite,
): { readonly suite: Suite; readonly gone: readonly Finding[] } {
  const gone: Finding[] = [];
  const results = suite.results.map((result) => {
    const attempts = result.attempts.map(({ dir, ...attempt }) => {
      if (dir === undefined || existsSync(join(folder, dir, 'report.json')))
        return { ...attempt, dir };
      gone.push(finding('run-missing', `${folder} has no ${dir}, of which it has a result`));
      return attempt;
    });
    return { ...result, attempts };
  });
  return { suite: { ...suite, results }, gone };
}

/** Joins shards in their order; of two results for one key the first is kept. Pure. */
export function joinShards(
  shards: readonly ReadShard[],
  readFindings: readonly Finding[] = [],
): { readonly suite: Suite; readonly from: ReadonlyMap<string, string> } {
  const first = shards[0]!.suite;
  const results = new Map<string, SuiteResult>();
  const from = new Map<string, string>();
  const twice: Finding[] = [];
  for (const { dir, suite } of shards)
    for (const result of suite.results)
      if (results.has(result.key))
        twice.push(
          finding(
            'result-twice',
            `${result.key} has a result in ${from.get(result.key)} and in ${dir}`,
          ),
        );
      else {
        results.set(result.key, result);
        from.set(result.key, dir);
      }
  const planned = [...new Set(shards.flatMap(({ suite }) => suite.planned))].toSorted();
  const leftOut = shards
    .flatMap(({ suite }) => suite.leftOut)
    .filter(({ key }) => !results.has(key));
  const kept = [...results.values()];
  const missing = findMissing({ planned, results: kept, leftOut }).map((key) => ({
    key,
    reason: 'no shard has a result of it',
  }));
  const { choices, harness, commit } = first;
  const suite = closeSuite({
    choices,
    harness,
    commit,
    planned,
    results: kept,
    leftOut: [...leftOut, ...missing],
    findings: [
      ...readFindings,
      ...findStrangers(shards.map(described), 'shard-of-another-suite'),
      ...findShardMistakes(shards.map(described)),
      ...twice,
      ...shards.flatMap(({ suite: { findings } }) => findings),
    ],
  });
  return { suite, from };
}

const collectFacts = ({ commit, harness, choices, shard, planned }: Suite) =>
  [
    ['commit', commit ?? 'unknown'],
    ['version', harness],
    ['engine', choices.engine],
    ['compression', String(choices.compress)],
    ['seed', String(choices.seed ?? 'of each scenario')],
    ['viewers', String(choices.viewers ?? 'of each scenario')],
    ['number of shards', String(shard?.of ?? 1)],
    ['list of scenarios', planned.join(', ')],
  ] as const;

const described = ({ dir, suite }: ReadShard): DescribedShard => ({
  from: dir,
  shard: suite.shard,
  facts: collectFacts(suite),
});

/** Copies the runs of a result, without links and pipes, and writes their reports with the paths of the new place. */
async function copyRuns({ attempts }: SuiteResult, from: string, out: string): Promise<void> {
  for (const { dir } of attempts) {
    if (dir === undefined) continue;
    const [source, target] = [join(from, dir), join(out, dir)];
    try {
      await cp(source, target, {
        recursive: true,
        filter: async (path) => {
          const stats = await lstat(path);
          return stats.isFile() || stats.isDirectory();
        },
      });
    } catch (error) {
      throw cannotWrite(target, error);
    }
    await writeReports(target, readReport(target));
  }
}
