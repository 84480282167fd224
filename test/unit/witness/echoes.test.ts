// The witness of a way to a repair server, by the datagrams that it sends back.

import { expect, it } from 'vitest';
import type { Echoes } from '../../../harness/model/answer.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';
import { provenBy, findQuestion } from '../../../harness/witness/catalogue.ts';
import type { Seen } from '../../../harness/witness/kind.ts';
import { witnessOnLink } from '../../../harness/witness/onLink.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('repaired-tv');
const link = design.links.find(({ name }) => name === 'access-repair')!;
const on = { links: [link.name], channels: ['one'], transport: 'udp' } as const;
const witnessOf = (fault: LinkFault) => witnessOnLink(fault, { link, channel: 'one', design });

const ALL: Echoes = { sent: 10, lost: 0, twice: 0, late: 0, kbps: 200 };
const NONE = { ms: undefined, echoes: { ...ALL, lost: 10, kbps: 0 } };

const proven = (fault: LinkFault, does: Seen['does'], ...came: Partial<Echoes>[]) =>
  provenBy(witnessOf(fault), {
    does,
    doneAtMs: 0,
    stats: [],
    before: { ms: 1 },
    answers: came.map((one) => ({ ms: 1, echoes: { ...ALL, ...one } })),
  }).proven;

const CUT: LinkFault = { ...on, kind: 'cut', effect: 'drop' };
const LOSS: LinkFault = { ...on, kind: 'loss', share: 0.2, roundTripMs: 20 };
const LIMIT: LinkFault = { ...on, kind: 'bandwidth', rateKbps: 300 };

it('a cut is proven by silence after answers, and its end by an answer', () => {
  const witness = witnessOf(CUT);
  expect(findQuestion(witness)).toEqual({ kind: 'echo', kbps: 200 });
  const seen = { doneAtMs: 0, stats: [], answers: [NONE], before: { ms: 1 } };
  expect(provenBy(witness, { ...seen, does: 'inject' }).proven).toBe(true);
  expect(provenBy(witness, { ...seen, does: 'inject', before: { ms: undefined } }).proven).toBe(
    false,
  );
  expect(provenBy(witness, { ...seen, does: 'heal' }).proven).toBe(false);
  expect(provenBy(witness, { ...seen, does: 'heal', answers: [NONE, { ms: 2 }] }).proven).toBe(
    true,
  );
});

it('loss is proven by a share that does not come back, and its end by enough that do', () => {
  expect(proven(LOSS, 'inject', { lost: 2 })).toBe(true);
  expect(proven(LOSS, 'inject', {}, {})).toBe(false);
  expect(proven(LOSS, 'heal', { lost: 3 }, {})).toBe(false);
  expect(proven(LOSS, 'heal', { lost: 3 }, {}, {}, {})).toBe(true);
});

it('a limit is proven by what comes back at a time of twice as much', () => {
  expect(findQuestion(witnessOf(LIMIT))).toEqual({ kind: 'echo', kbps: 600 });
  expect(proven(LIMIT, 'inject', { kbps: 310 })).toBe(true);
  expect(proven(LIMIT, 'inject', { kbps: 590 })).toBe(false);
  expect(proven(LIMIT, 'inject', { kbps: 0 })).toBe(false);
  expect(proven(LIMIT, 'heal', { kbps: 590 })).toBe(true);
  expect(proven(LIMIT, 'heal', { kbps: 310 })).toBe(false);
});
