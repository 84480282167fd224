// A suite held against the runs in a folder.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Verdict } from '../../../../harness/model/report.ts';
import type { SuiteResult } from '../../../../harness/model/suite.ts';
import { holdSuite, readBaselineWishes } from '../../../../harness/rehearsal/suite/baseline.ts';
import { renderJson } from '../../../../reports/json.ts';
import { madeUpResult, reportOf } from '../../../support/madeUpSuite.ts';
import { folderForEach } from '../../../support/folders.ts';

let root: string;
folderForEach((path) => (root = path));

function addRun(dir: string, verdict: Verdict): void {
  mkdirSync(join(root, dir), { recursive: true });
  writeFileSync(join(root, dir, 'report.json'), renderJson(reportOf(verdict)));
}

function played(key: string, verdict: Verdict): SuiteResult {
  addRun(`now/runs/${key}`, verdict);
  const result = madeUpResult(key, verdict);
  return { ...result, attempts: [{ ...result.attempts[0]!, dir: `runs/${key}` }] };
}

const held = (results: readonly SuiteResult[], failing = true) =>
  holdSuite(join(root, 'now'), results, { root, commit: undefined, failing }).map(
    ({ rule, verdict }) => `${rule}: ${verdict}`,
  );

it('fails for what became worse, and for nothing where that is not asked for', () => {
  addRun('earlier/1', 'pass');
  const results = [played('a', 'fail'), played('b', 'pass')];
  expect(held(results)).toEqual(['regression: fail', 'no-regression: pass']);
  expect(held(results, false)).toEqual(['regression: pass', 'no-regression: pass']);
});

it('does not take its own runs for earlier ones, and proves nothing without any', () => {
  expect(held([played('a', 'pass'), played('b', 'pass')])).toEqual([
    'regression-unknown: inconclusive',
    'regression-unknown: inconclusive',
  ]);
});

it('takes no run that failed for a baseline, and none that was not played for well', () => {
  addRun('earlier/1', 'fail');
  expect(held([played('a', 'pass'), madeUpResult('b', 'inconclusive')])).toEqual([
    'regression-unknown: inconclusive',
    'regression-unknown: inconclusive',
  ]);
});

it('is refused before anything is played where there is no folder of earlier runs', async () => {
  const asked = readBaselineWishes('last-good', join(root, 'nowhere'), true);
  await expect(asked).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
});
