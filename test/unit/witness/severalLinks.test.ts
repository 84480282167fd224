// Who can say that one of several links to, or from, a stage is cut.

import { describe, expect, test } from 'vitest';
import { provenBy, witnessName } from '../../../harness/witness/catalogue.ts';
import { witnessOnLink } from '../../../harness/witness/onLink.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';
import { counted } from '../../support/counted.ts';
import { designText, readDesign } from '../../support/designs.ts';

const CUT: LinkFault = { kind: 'cut', effect: 'drop', links: [], channels: ['one'] };

function witness(name: string, link: string, fault: LinkFault = CUT) {
  const design = readDesign(name);
  const found = design.links.find((one) => one.name === link);
  if (!found) throw new Error(`no link ${link}`);
  return witnessOnLink(fault, { link: found, channel: 'one', design });
}

test('a transcoder hears back from one inserter, whatever else it publishes to', () => {
  const { text, file } = designText('inserting-head-end');
  const more = text
    .replace('links:', `  sender: { role: multicast, zone: z, operator: o, country: FR }\nlinks:`)
    .concat('  publish: { from: transcoder, to: origin }\n')
    .concat('  access-tv: { from: inserter, to: sender, transport: udp }\n');
  const design = parseDesign(more, file);
  const link = design.links.find(({ name }) => name === 'connect-down')!;
  const deaf: LinkFault = { ...CUT, direction: 'backward' };
  const heard = witnessOnLink(deaf, { link, channel: 'one', design });
  expect(witnessName(heard)).toBe('repliesIn of transcoder.one');
});

test('a sender with a way to its repair server beside its input counts one input', () => {
  const cut = witness('repaired-tv', 'access-tv');
  expect(witnessName(cut)).toBe('bytesIn of street-sender.one');
});

describe('one of two inputs', () => {
  const stats = (a: readonly number[], b: readonly number[]): StatsRecord[] =>
    a.map((bytes, i) =>
      counted({
        stage: 'transcoder.one',
        atMs: i * 250,
        bytesIn: bytes + (b[i] ?? 0),
        bytesInBy: { 'connect-up-a': bytes, 'connect-up-b': b[i] ?? 0 },
      }),
    );
  const still = [100, 200, 300, 300, 300, 300, 300, 300];
  const growing = [100, 200, 300, 400, 500, 600, 700, 800];
  const proven = (a: readonly number[], b: readonly number[]) =>
    provenBy(witness('second-input-slate', 'connect-up-a'), {
      does: 'inject',
      doneAtMs: 600,
      stats: stats(a, b),
      answers: [],
    }).proven;

  test('is proven cut by its own bytes, whatever comes by the other', () => {
    expect(proven(still, growing)).toBe(true);
    expect(proven(growing, still)).toBe(false);
  });

  test('is named in the record', () => {
    const cut = witness('second-input-slate', 'connect-up-b');
    expect(witnessName(cut)).toBe('bytesIn of transcoder.one over connect-up-b');
  });

  test('is proven late by the age of its own pictures', () => {
    const late: LinkFault = { ...CUT, kind: 'latency', delayMs: 500, jitterMs: 0 };
    const own = witness('second-input-slate', 'connect-up-a', late);
    expect(own).toMatchObject({ kind: 'age', link: 'connect-up-a' });
    const ages = (atMs: number, a: number, b: number) =>
      counted({
        stage: 'transcoder.one',
        atMs,
        lagInMsBy: { 'connect-up-a': a, 'connect-up-b': b },
      });
    const before = Array.from({ length: 8 }, (_, i) => ages(i * 250, 60, 60));
    const lateNow = (a: number, b: number) =>
      provenBy(own, {
        does: 'inject',
        doneAtMs: 2000,
        stats: [...before, ages(2500, a, b)],
        answers: [],
      }).proven;
    expect(lateNow(560, 60)).toBe(true);
    expect(lateNow(60, 560)).toBe(false);
  });

  test('is heard back from by itself', () => {
    const deaf: LinkFault = { ...CUT, direction: 'backward' };
    expect(witness('second-input-slate', 'connect-up-b', deaf)).toMatchObject({
      kind: 'counter',
      counter: 'repliesIn',
      link: 'connect-up-b',
    });
  });
});

describe('one of two origins', () => {
  test('is asked itself, on the way from the transcoder and on the way to the edge', () => {
    for (const link of ['connect-down-b', 'fetch-b'])
      expect(witness('dual-origin', link)).toMatchObject({ kind: 'answer', stage: 'origin-b' });
  });

  test('is asked, too, where the way to it is narrow', () => {
    const narrow: LinkFault = { ...CUT, kind: 'bandwidth', rateKbps: 400 };
    for (const link of ['connect-down-b', 'fetch-b'])
      expect(witness('dual-origin', link, narrow)).toMatchObject({
        kind: 'answer',
        stage: 'origin-b',
      });
  });
});
