// Reduces a report to the part that the index of runs keeps.

import type { IndexedRun } from '../model/indexedRun.ts';
import type { Report } from '../model/report.ts';
import { measureRun } from './suite.ts';

/** @throws TypeError for what is no report. */
export function indexRun(report: Report, dir: string, commit: string | undefined): IndexedRun {
  const { run, audience, verdict } = report;
  return {
    dir,
    scenario: run.scenario,
    variant: run.variant,
    design: run.design ?? '',
    engine: run.simulated?.engine ?? run.engine,
    compress: run.compress,
    seed: run.seed,
    viewers: audience.viewers,
    verdict,
    startedAt: new Date(run.startedAt).toISOString(),
    harness: run.harness,
    commit,
    figures: measureRun(report),
  };
}
