// Deals a suite out to machines, so that all of them end at about the same time. Every machine deals
// for itself and gets the same answer.

import { z } from 'zod';
import { HarnessError } from '../../model/errors.ts';
import type { Shard } from '../../model/suite.ts';
import type { SuiteEntry } from './entries.ts';

/** The least that a machine can play by itself. */
type Dealt = Pick<SuiteEntry, 'key' | 'expectedMs'>;

/** The entries of one shard: the longest first, each to the shard that has least to do. */
export function dealShard<T extends Dealt>(entries: readonly T[], { index, of }: Shard): T[] {
  const shards = Array.from({ length: of }, () => ({ ms: 0, own: [] as T[] }));
  const longestFirst = entries.toSorted(
    (a, b) => b.expectedMs - a.expectedMs || (a.key < b.key ? -1 : 1),
  );
  for (const entry of longestFirst) {
    const least = shards.reduce((best, each) => (each.ms < best.ms ? each : best));
    least.ms += entry.expectedMs;
    least.own.push(entry);
  }
  return shards[index - 1]?.own ?? [];
}

const SHARDS_MAX = 1_000;
const number = z.int().min(1).max(SHARDS_MAX);
/** Checks the shard in a file from another machine. */
export const shardShape = z
  .looseObject({ index: number, of: number })
  .refine(({ index, of }) => index <= of, 'there is no such shard');

/** Reads `2/4`. Throws ARGUMENT_INVALID. */
export function parseShard(text: string): Shard {
  const [, index = 0, of = 0] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  if (index >= 1 && index <= of && of <= SHARDS_MAX) return { index, of };
  throw new HarnessError('ARGUMENT_INVALID', `--shard ${text}: there is no such shard`, {
    target: '--shard',
    hint: `write the number of the shard, from 1, and how many there are: --shard 1/4 to 4/4, at most ${SHARDS_MAX}`,
  });
}
