// Tests what a transcoder sees and hears of a wrong programme, as proof.

import type { ContentFault } from '../../../harness/faults/content.ts';
import { describe, expect, test } from 'vitest';
import { provenBy, witnessName } from '../../../harness/witness/catalogue.ts';
import { witnessOnStage } from '../../../harness/witness/onStage.ts';
import type { StageStats } from '../../../harness/pipeline/contract.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('single-access');
const DONE_MS = 1000;

type Seen = Pick<StageStats, 'wrongIn' | 'ageInMs'>;
type Shows = 'black' | 'frozen' | 'silent' | 'wrong-channel';

function ask(does: 'inject' | 'heal', shows: Shows, seen: readonly Seen[]) {
  const fault: ContentFault = {
    kind: 'content',
    shows,
    stages: ['playout'],
    channels: ['two'],
    links: [],
  };
  const witness = witnessOnStage(fault, { instance: 'playout.two', channel: 'two', design });
  expect(witnessName(witness)).toBe('what transcoder.two sees and hears');
  const stats = seen.map((what, i) =>
    counted({ stage: 'transcoder.two', atMs: 125 + i * 250, ...what }),
  );
  return provenBy(witness, { does, stats, answers: [], doneAtMs: DONE_MS, begunAtMs: DONE_MS });
}

describe('what is counted picture by picture', () => {
  const NONE = { black: 0, still: 0, other: 0, silentMs: 0 };
  const COUNT = {
    black: 'black',
    frozen: 'still',
    'wrong-channel': 'other',
    silent: 'silentMs',
  } as const;
  /** One report each 250 ms; the fourth is the last before it was done. */
  const counted = (shows: Shows, ...counts: readonly number[]): Seen[] =>
    counts.map((count) => ({ wrongIn: { ...NONE, [COUNT[shows]]: count }, ageInMs: 300 }));

  test.each([
    ['black', 2, '2 pictures without a frame clock and black came since'],
    ['frozen', 1, '1 picture with the frame clock of the one before came since'],
    ['wrong-channel', 2, '2 pictures of another channel came since'],
    ['silent', 60, '60 ms of silence came since'],
  ] as const)('%s of 80 ms is proven by what came', (shows, count, observed) => {
    const short = counted(shows, 0, 0, 0, 0, 0, count, count, count);
    expect(ask('inject', shows, short)).toEqual({ proven: true, observed });
    expect(ask('inject', shows, counted(shows, 0, 0, 0, 0, 0, 0)).proven).toBe(false);
  });

  test('is no proof where as much came just before, or a hiccup of the sound', () => {
    expect(ask('inject', 'black', counted('black', 0, 1, 3, 4, 6, 8)).proven).toBe(false);
    expect(ask('inject', 'silent', counted('silent', 0, 0, 0, 0, 0, 20)).proven).toBe(false);
  });

  test('is no proof where nothing was counted', () => {
    expect(ask('inject', 'silent', []).proven).toBe(false);
    expect(ask('heal', 'wrong-channel', []).proven).toBe(false);
  });

  test('is over when pictures made since arrive and nothing wrong beside them', () => {
    const black = (...counts: readonly number[]) => counted('black', ...counts);
    // Reports at 1.125 s and 1.375 s: the pictures of the first were made before it was healed.
    expect(ask('heal', 'black', black(0, 0, 2, 8, 8)).proven).toBe(false);
    expect(ask('heal', 'black', black(0, 0, 2, 8, 8, 8)).proven).toBe(true);
    expect(ask('heal', 'black', black(0, 0, 2, 8, 8, 14)).proven).toBe(false);
    const standing = counted('frozen', 0, 6, 12, 18, 24, 30).map((seen, i) => ({
      ...seen,
      ageInMs: 300 + i * 250,
    }));
    expect(ask('heal', 'frozen', standing).proven).toBe(false);
  });
});
