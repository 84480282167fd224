// The witness of lost, repeated and overtaken datagrams, by what their receiver counts.

import { describe, expect, it } from 'vitest';
import { countersOf } from '../../../harness/model/counters.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import { datagrams } from '../../../harness/witness/datagrams.ts';
import type { Proof, Seen } from '../../../harness/witness/kind.ts';

const witness = { kind: 'datagrams', stage: 's', lack: 'lost', share: 0.02 } as const;
const DONE_MS = 10_000;

/** A report each second of 80 datagrams, of which so many are lost. */
const reports = (lost: (second: number) => number): StatsRecord[] => {
  const counted = { datagramsIn: 0, datagramsLost: 0 };
  return Array.from({ length: 20 }, (_, second): StatsRecord => {
    counted.datagramsIn += 80 - lost(second);
    counted.datagramsLost += lost(second);
    return { type: 'stats', stage: 's', atMs: second * 1000, counters: countersOf(counted) };
  });
};

const proof = (does: Seen['does'], lost: (second: number) => number): Proof =>
  datagrams.judge(
    { ...witness, noneForMs: 4000, withinMs: 8000 },
    { does, doneAtMs: DONE_MS, stats: reports(lost), answers: [] },
  );

describe('loss is proven', () => {
  it('where it begins', () => {
    const { proven, observed } = proof('inject', (second) => (second > 10 ? 2 : 0));
    expect({ proven, observed }).toEqual({
      proven: true,
      observed: '18 of 720 datagrams were lost',
    });
  });
  it('where it ends', () => {
    expect(proof('heal', (second) => (second <= 10 ? 2 : 0)).proven).toBe(true);
  });
});

describe('loss is not proven', () => {
  it.each<[string, Seen['does'], (second: number) => number]>([
    ['where none is lost', 'inject', () => 0],
    ['where as much was lost before', 'inject', () => 2],
    ['where it goes on', 'heal', () => 2],
  ])('%s', (_, does, lost) => {
    expect(proof(does, lost).proven).toBe(false);
  });
  it('where nothing was reported since', () => {
    const stats = reports(() => 2).filter(({ atMs }) => atMs <= DONE_MS);
    const seen: Seen = { does: 'inject', doneAtMs: DONE_MS, stats, answers: [] };
    const asked = { ...witness, noneForMs: 4000, withinMs: 8000 };
    expect(datagrams.judge(asked, seen).observed).toMatch(/reported nothing since/);
  });
});
