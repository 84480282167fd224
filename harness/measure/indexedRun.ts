// Reduces a report to the part that the index of runs keeps.

import type { IndexedRun } from '../model/indexedRun.ts';
import type { Report } from '../model/report.ts';
import { measureRun } from './suite.ts';

export interface Found extends Pick<IndexedRun, 'dir' | 'commit'> {
  /** The time of its file: virtual time does not tell one night from the next. */
  readonly writtenEpochMs: number;
}

/** @throws TypeError for what is no report. */
export function indexRun(report: Report, { dir, commit, writtenEpochMs }: Found): IndexedRun {
  const { run, audience, verdict } = report;
  return {
    dir,
    scenario: run.scenario,
    variant: run.variant,
    design: run.design ?? '',
    player: run.otherPlayer,
    engine: run.simulated?.engine ?? run.engine,
    compress: run.compress,
    seed: run.seed,
    viewers: audience.viewers,
    verdict,
    startedAt: new Date(run.engine === 'run' ? run.startedAt : writtenEpochMs).toISOString(),
    harness: run.harness,
    commit,
    figures: measureRun(report),
  };
}
