// Suites without engines: entries that take as long as they say, and reports with a wished verdict.

import type { Verdict } from '../../harness/model/report.ts';
import type { Suite, SuiteResult } from '../../harness/model/suite.ts';
import { closeSuite } from '../../harness/measure/suite.ts';
import type { SuiteEntry } from '../../harness/rehearsal/suite/entries.ts';
import type { Plan } from '../../harness/model/plan.ts';
import { sampleReport } from './sampleReport.ts';

/** An entry of a plan that holds what a suite reads of one. */
export const madeUpEntry = (key: string, expectedMs = 1_000): SuiteEntry => ({
  key,
  file: `${key}.yaml`,
  expectedMs,
  plan: {
    seed: 1,
    scenario: { name: key, title: `Title of ${key}`, design: { name: 'single' } },
  } as unknown as Plan,
});

export const reportOf = (verdict: Verdict) =>
  sampleReport({
    verdict,
    expectations: [{ text: 'recovered == 100%', verdict, observed: '50%' }],
    findings: [],
  });

export const madeUpResult = (key: string, verdict: Verdict = 'pass'): SuiteResult => ({
  key,
  scenario: key,
  title: `Title of ${key}`,
  file: `${key}.yaml`,
  design: 'single',
  seed: 1,
  expectedMs: 1_000,
  verdict,
  attempts: [
    { verdict, lengthMs: 1_000, reasons: verdict === 'pass' ? [] : ['because'], figures: {} },
  ],
});

export const madeUpSuite = (
  results: readonly SuiteResult[],
  more: Partial<Omit<Suite, 'version' | 'verdict'>> = {},
): Suite =>
  closeSuite({
    choices: { engine: 'virtual-player', compress: 1 },
    harness: '1.2.3',
    commit: 'abc',
    planned: results.map(({ key }) => key),
    leftOut: [],
    findings: [],
    results,
    ...more,
  });
