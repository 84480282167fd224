// A run as the index of runs keeps it: what tells it apart, its verdict, and one number a figure.

import type { Report, Verdict } from './report.ts';
import type { RunFigures } from './suite.ts';

type Kept = 'scenario' | 'variant' | 'compress' | 'seed' | 'startedAt' | 'harness';

export interface IndexedRun extends Pick<Report['run'], Kept> {
  /** The folder of the run, from that of the index; with forward slashes. */
  readonly dir: string;
  /** Empty in reports from before they named it. */
  readonly design: string;
  /** The player in its browsers, where that is not the one in the file. */
  readonly player?: string;
  /** `run`, or the engine that simulated it. */
  readonly engine: string;
  readonly viewers: number;
  readonly verdict: Verdict;
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
