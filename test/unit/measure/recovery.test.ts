// The programme again: made after the last action on the way, and held for long enough. Every screen is
// six seconds behind the source, the last action was done at 2 s, and 3 s must be held.

import { describe, expect, it } from 'vitest';
import { classify } from '../../../harness/measure/classify.ts';
import {
  findRecovery,
  recoveryFindings,
  recoveryState,
  type HealedWhen,
  type Recovery,
} from '../../../harness/measure/recovery.ts';
import type { EndRecord } from '../../../harness/model/history.ts';
import { collectTracks } from '../../support/collected.ts';
import { strip } from '../../support/strip.ts';

function recoveryOf(letters: string, healed: Partial<HealedWhen> = {}) {
  const history = strip(letters, 1000);
  const [track] = collectTracks(history);
  const screen = classify(track!, { frameMs: 40, endMs: letters.length * 1000 })!;
  const { startedAtEpochMs } = history.run;
  const when = { startedAtEpochMs, fps: 25, madeAfterMs: 2000, holdMs: 3000, leftAsPlanned: false };
  const recovery = findRecovery(screen, track!.frames, { ...when, ...healed });
  return { recovery, state: recoveryState(recovery, screen) };
}

const unseen = (watchedMs: number, behindMs: number): Recovery => ({
  is: 'unseen',
  watchedMs,
  behindMs,
});

describe('a viewer at the end', () => {
  it.each([
    ['holds what was made after the heal', 'p'.repeat(20), { is: 'back' }, 'recovered'],
    ['held it and lost it again', `${'p'.repeat(20)}sss`, { is: 'lost' }, 'not-recovered'],
    ['shows all that was made before it', 'p'.repeat(8), unseen(6000, 6000), 'unseen'],
    ['has not held it for long enough', 'p'.repeat(10), unseen(8000, 6000), 'unseen'],
    ['was shown filler that was made before', 'ppppbbbb', unseen(6000, 6000), 'unseen'],
    ['was shown a slate that was made before', 'ppppllll', unseen(6000, 6000), 'unseen'],
    ['has nothing to play', 'ppppssss', { is: 'lost' }, 'not-recovered'],
    [
      'is black for longer than it is behind',
      `pppp${'b'.repeat(8)}`,
      { is: 'lost' },
      'not-recovered',
    ],
    ['is not seen any more', `${'p'.repeat(8)}${'.'.repeat(12)}`, { is: 'lost' }, 'unseen'],
    ['was lost, and is not seen any more', `ppppss${'.'.repeat(12)}`, { is: 'lost' }, 'unseen'],
    ['was back, and is not seen any more', `${'p'.repeat(20)}...`, { is: 'back' }, 'recovered'],
  ] as const)('who %s', (_, letters, recovery, state) => {
    expect(recoveryOf(letters)).toEqual({ recovery, state });
  });

  it('is back when it held for just so long, and not a frame less', () => {
    const is = (holdMs: number) => recoveryOf('p'.repeat(12), { holdMs }).recovery.is;
    expect([3920, 3960, 4000].map(is)).toEqual(['back', 'back', 'unseen']);
  });

  it('is asked for the programme alone where nothing was done on its way', () => {
    expect(recoveryOf('ppp', { madeAfterMs: undefined }).recovery).toEqual({ is: 'back' });
    expect(recoveryOf('pps', { madeAfterMs: undefined }).recovery).toEqual({ is: 'lost' });
  });

  it('who left as planned is asked nothing', () => {
    const gone = { recovery: { is: 'gone' }, state: 'left' };
    for (const letters of ['ppp', 'pss', 'p'.repeat(20)])
      expect(recoveryOf(letters, { leftAsPlanned: true })).toEqual(gone);
  });
});

describe('a run whose end came too soon', () => {
  const { history } = { history: strip('ppp', 1000) };
  const ended = (reason: EndRecord['reason']) => ({ type: 'end', atMs: 9000, reason }) as const;
  const found = (end: EndRecord | undefined, ...recoveries: readonly Recovery[]) =>
    recoveryFindings({
      history,
      end,
      audience: recoveries.map((recovery, i) => ({ result: { id: `v${i + 1}` }, recovery })),
    });

  it('says how soon, for the viewer who was watched least and the one furthest behind', () => {
    const all = [unseen(6000, 4000), { is: 'back' } as const, unseen(5000, 7000)];
    expect(found(ended('complete'), ...all)).toEqual([
      {
        rule: 'recovery-unseen',
        verdict: 'inconclusive',
        text: 'the run ended 5s after the last heal, before v1, v3 had shown programme made after it for 1s; up to 7s behind live, they may not have met the fault yet, or not its end',
        hint: 'Viewers need more than 8s after the last heal: set recover.within to that and some seconds.',
      },
    ]);
  });

  it('says nothing where everybody was seen, and of a run that was not played to its end', () => {
    expect(found(ended('complete'), { is: 'back' }, { is: 'lost' }, { is: 'gone' })).toEqual([]);
    expect(found(ended('interrupted'), unseen(6000, 4000))).toEqual([]);
    expect(found(undefined, unseen(6000, 4000))).toEqual([]);
  });
});
