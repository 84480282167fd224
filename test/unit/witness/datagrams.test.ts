// The witness of lost, repeated and overtaken datagrams, by what their receiver counts.

import { describe, expect, it } from 'vitest';
import { listCounters } from '../../../harness/model/counters.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import { datagrams } from '../../../harness/witness/datagrams.ts';
import type { Proof, Seen } from '../../../harness/witness/kind.ts';
import { witnessOnLink } from '../../../harness/witness/onLink.ts';
import { readDesign } from '../../support/designs.ts';

const witness = { kind: 'datagrams', stage: 's', lack: 'lost', share: 0.02 } as const;
const DONE_MS = 10_000;

/** A report each second of 80 datagrams, of which so many are lost. */
const reports = (lost: (second: number) => number): StatsRecord[] => {
  const counted = { datagramsIn: 0, datagramsLost: 0 };
  return Array.from({ length: 20 }, (_, second): StatsRecord => {
    counted.datagramsIn += 80 - lost(second);
    counted.datagramsLost += lost(second);
    return { type: 'stats', stage: 's', atMs: second * 1000, counters: listCounters(counted) };
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

describe('loss on a contribution over SRT', () => {
  const design = readDesign('single-access-tv');
  const srt = { transport: 'udp', protocol: 'srt' } as const;
  const link = { name: 'connect-up', from: 'playout', to: 'transcoder', ...srt };
  const on = { links: [link.name], channels: ['one'], transport: 'udp' } as const;
  const fault = { ...on, kind: 'loss', share: 0.03, roundTripMs: 20 } as const;
  const place = { link, channel: 'one', design };

  it('is counted where its datagrams arrive', () => {
    const counts = { kind: 'datagrams', stage: 'transcoder.one', lack: 'lost', share: 0.03 };
    expect(witnessOnLink(fault, place)).toMatchObject(counts);
  });
  it('has no witness against the way of the picture', () => {
    expect(witnessOnLink({ ...fault, direction: 'backward' }, place).kind).toBe('none');
  });
});
