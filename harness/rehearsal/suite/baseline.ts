// Holds the runs of a suite against earlier ones, from the index of runs.

import { existsSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { indexRun } from '../../measure/indexedRun.ts';
import { HarnessError } from '../../model/errors.ts';
import type { IndexedRun } from '../../model/indexedRun.ts';
import type { Finding, Verdict } from '../../model/report.ts';
import type { Change } from '../../model/runDiff.ts';
import type { SuiteResult } from '../../model/suite.ts';
import { findBaseline, holdAgainst } from '../../store/baseline.ts';
import { readRunIndex } from '../../store/runIndex.ts';
import { resolveCommit } from './git.ts';
import { readReport } from './suiteFolder.ts';

export const LAST_GOOD = 'last-good';

export interface BaselineWishes {
  /** The folder of earlier runs. */
  readonly root: string;
  /** The commit that they must be of; undefined for the newest that passed. */
  readonly commit: string | undefined;
  /** A regression fails the suite, and one that nobody can tell makes it inconclusive. */
  readonly failing: boolean;
}

/** Reads what --baseline asks for, before anything is played. Throws ARGUMENT_INVALID. */
export async function readBaselineWishes(
  ref: string,
  root: string,
  failing: boolean,
): Promise<BaselineWishes> {
  if (!existsSync(root))
    throw new HarnessError('ARGUMENT_INVALID', `${root}: no earlier run is there`, {
      target: '--runs',
      hint: 'name the folder of earlier runs with --runs DIR',
    });
  const commit = ref === LAST_GOOD ? undefined : await resolveCommit(ref, '--baseline');
  return { root, commit, failing };
}

/** A finding a result; notes where nothing is to fail. */
export function holdSuite(
  dir: string,
  results: readonly SuiteResult[],
  { root, commit, failing }: BaselineWishes,
): readonly Finding[] {
  const below = relative(root, dir).split(sep).join('/');
  const runs = readRunIndex(root).runs.filter((run) => !run.dir.startsWith(`${below}/`));
  return results.map(({ key, attempts }) => {
    const folder = attempts.at(-1)?.dir;
    const held =
      folder === undefined ? NOT_PLAYED : holdRun(join(dir, folder), { root, commit, runs });
    return {
      rule: RULES[held.change],
      verdict: failing ? VERDICTS[held.change] : 'pass',
      text: `${key}: ${held.text}`,
    };
  });
}

const NOT_PLAYED = { change: 'unknown', text: 'it was not played' } as const;

function holdRun(
  dir: string,
  { root, commit, runs }: { root: string; commit: string | undefined; runs: readonly IndexedRun[] },
) {
  const report = readReport(dir);
  const { mtimeMs: writtenEpochMs } = statSync(join(dir, 'report.json'));
  const run = indexRun(report, { dir, writtenEpochMs });
  const found = findBaseline(runs, run, commit);
  const baseline = found && { run: found, report: readReport(join(root, found.dir)) };
  return holdAgainst({ run, report, baseline, runs });
}

const RULES: Readonly<Record<Change, string>> = {
  worse: 'regression',
  better: 'no-regression',
  same: 'no-regression',
  unknown: 'regression-unknown',
};

const VERDICTS: Readonly<Record<Change, Verdict>> = {
  worse: 'fail',
  better: 'pass',
  same: 'pass',
  unknown: 'inconclusive',
};
