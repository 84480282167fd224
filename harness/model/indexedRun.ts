// A run as the index of runs keeps it: what tells it apart, its verdict, and one number a figure.

import type { Verdict } from './report.ts';
import type { RunFigures } from './suite.ts';

export interface IndexedRun {
  /** The folder of the run, from that of the index; with forward slashes. */
  readonly dir: string;
  readonly scenario: string;
  /** Absent where the file was played as it stands. */
  readonly variant?: string;
  /** Empty in reports from before they named it. */
  readonly design: string;
  /** The player in its browsers, where that is not the one in the file. */
  readonly player?: string;
  /** `run`, or the engine that simulated it. */
  readonly engine: string;
  readonly compress: number;
  readonly seed: number;
  readonly viewers: number;
  readonly verdict: Verdict;
  /** ISO 8601, UTC; of a simulation the time when its report was written. */
  readonly startedAt: string;
  readonly harness: string;
  /** Known for runs of a suite. */
  readonly commit?: string;
  readonly figures: RunFigures;
}

type Circumstances = Pick<
  IndexedRun,
  'scenario' | 'variant' | 'design' | 'player' | 'engine' | 'compress' | 'viewers'
>;

/** Runs of one series may be held against each other. */
export function nameSeries(run: Circumstances): string {
  const { scenario, variant, design, player, engine, compress, viewers } = run;
  const name = variant === undefined ? scenario : `${scenario}+${variant}`;
  const bent = compress === 1 ? '' : ` x${compress}`;
  const watched = `${viewers} viewers${player === undefined ? '' : ` by ${player}`}`;
  return `${name} on ${design || 'an unknown design'}, ${engine}${bent}, ${watched}`;
}
