// Runs as the index has them, one a night.

import type { IndexedRun } from '../../harness/model/indexedRun.ts';

export const indexedRun = (night: number, more: Partial<IndexedRun> = {}): IndexedRun => ({
  dir: `night-${night}`,
  scenario: 'night',
  design: 'single',
  engine: 'run',
  compress: 60,
  seed: 1,
  viewers: 6,
  verdict: 'pass',
  startedAt: new Date(Date.UTC(2025, 0, 1 + night)).toISOString(),
  harness: '1.0.0',
  figures: { blackScreenP50: { low: 1_000, high: 1_000 } },
  ...more,
});

export const blackOf = (ms: number, night: number, more: Partial<IndexedRun> = {}): IndexedRun =>
  indexedRun(night, { figures: { blackScreenP50: { low: ms, high: ms } }, ...more });
