// Who has seen or heard too little proves nothing, neither that a fault is there nor that it is over.

import { describe, expect, test } from 'vitest';
import { provenBy, witnessName, type Witness } from '../../../harness/witness/catalogue.ts';
import { noWitness } from '../../../harness/witness/none.ts';
import { counted } from '../../support/counted.ts';

const at = { stage: 'transcoder.one', withinMs: 8000 };
const asked = { ...at, patienceMs: 2000 };
const bytes = {
  ...at,
  kind: 'counter',
  counter: 'bytesIn',
  quietMs: 1000,
  rateOverMs: 2000,
} as const;

/** Each kind of witness, by reports and by answers. */
const BY_REPORTS: readonly Witness[] = [
  bytes,
  { ...bytes, limitKbps: 400 },
  { ...at, kind: 'gap' },
  { ...at, kind: 'pieces' },
  { ...at, kind: 'age', of: 'pictures', delayMs: 200 },
  { ...at, kind: 'age', of: 'replies', delayMs: 20 },
  { ...at, kind: 'limits', cpus: 0.1, quietMs: 4000 },
  { ...at, kind: 'limits', memoryMb: 64, quietMs: 4000 },
  { ...at, kind: 'sight', shows: 'black' },
  { ...at, kind: 'format', change: { kind: 'jump', byMs: 60_000 } },
  { ...at, kind: 'format', change: { kind: 'size', width: 640, height: 360 } },
];
const BY_ANSWERS: readonly Witness[] = [
  { ...asked, kind: 'answer' },
  { ...asked, kind: 'answer', addedMs: 200 },
  { ...asked, kind: 'dates', channel: 'one', byMs: 60_000 },
  { ...asked, kind: 'store' },
  noWitness('nobody looks'),
];
const ACTIONS = ['inject', 'heal'] as const;
const named = (witnesses: readonly Witness[]) =>
  witnesses.map(
    (witness) => [`${witnessName(witness)} ${JSON.stringify(witness)}`, witness] as const,
  );

describe('a witness proves nothing', () => {
  test.each(named([...BY_REPORTS, ...BY_ANSWERS]))(
    'without a report and an answer: %s',
    (_, witness) => {
      for (const does of ACTIONS) {
        const proof = provenBy(witness, { does, doneAtMs: 600, stats: [], answers: [] });
        expect(proof).toMatchObject({ proven: false, observed: expect.stringMatching(/./) });
      }
    },
  );

  test.each(named(BY_REPORTS))(
    'from one report before it and one that says nothing: %s',
    (_, witness) => {
      const stats = [
        counted({ stage: 'transcoder.one', atMs: 500, bytesIn: 1000 }),
        counted({ stage: 'transcoder.one', atMs: 750 }),
      ];
      for (const does of ACTIONS)
        expect(provenBy(witness, { does, doneAtMs: 600, stats, answers: [] }).proven).toBe(false);
    },
  );

  test('from reports over less time than a rate is taken over', () => {
    const stats = [0, 250, 500, 750, 1000].map((atMs) =>
      counted({ stage: 'transcoder.one', atMs, bytesIn: atMs * 100 }),
    );
    for (const does of ACTIONS) {
      const seen = { does, doneAtMs: 600, stats, answers: [] };
      expect(provenBy({ ...bytes, limitKbps: 400 }, seen)).toEqual({
        proven: false,
        observed: 'not enough reports for a rate',
      });
    }
  });

  test('that it is over, from fewer reports without a gap than two seconds of them', () => {
    const stats = [250, 500, 750].map((atMs) =>
      counted({ stage: 'transcoder.one', atMs, quietInMs: 30 }),
    );
    const heal = { does: 'heal', doneAtMs: 0, stats, answers: [] } as const;
    expect(provenBy({ ...at, kind: 'gap' }, heal).observed).toBe('not enough reports for a gap');
    expect(provenBy({ ...at, kind: 'gap' }, heal).proven).toBe(false);
  });
});
