// Strips runs that are older than the newest few of each series, and says what each freed.

import { join } from 'node:path';
import type { IndexedRun } from '../model/indexedRun.ts';
import { cannotWrite } from '../run/recorder.ts';
import { findOldRuns, stripRun } from '../store/retention.ts';

export interface StripOldRuns {
  readonly root: string;
  readonly runs: readonly IndexedRun[];
  readonly keep: number;
  readonly dryRun: boolean;
}

/** @throws HarnessError CANNOT_WRITE for what cannot be removed. */
export function stripOldRuns(
  { root, runs, keep, dryRun }: StripOldRuns,
  tell: (text: string) => void,
): void {
  const old = findOldRuns(root, runs, keep);
  for (const one of old) {
    try {
      if (!dryRun) stripRun(root, one);
    } catch (error) {
      throw cannotWrite(join(root, one.dir), error);
    }
    tell(`${dryRun ? 'would strip' : 'stripped'} ${one.dir}: ${megabytes(one.bytes)} MB`);
  }
  const total = old.reduce((sum, { bytes }) => sum + bytes, 0);
  tell(`${old.length} ${old.length === 1 ? 'run' : 'runs'}, ${megabytes(total)} MB; reports stay`);
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
