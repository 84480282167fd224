import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createForceLog, lastingBeside, type InForce } from '../../../harness/faults/inForce.ts';
import {
  BACK_AFTER_MS,
  neverSeen,
  seenBehind,
  viewAction,
  withPatience,
  type MaskQuestion,
} from '../../../harness/witness/mask.ts';
import type { Witness } from '../../../harness/witness/catalogue.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';

const where = { links: ['connect-up'], channels: ['one'] };
const CUT: LinkFault = { kind: 'cut', effect: 'drop', ...where };
const latency = (delayMs: number): LinkFault => ({
  kind: 'latency',
  delayMs,
  jitterMs: 0,
  direction: 'forward',
  ...where,
});
const narrow = (rateKbps: number): LinkFault => ({ kind: 'bandwidth', rateKbps, ...where });

const COUNTER: Witness = {
  kind: 'counter',
  stage: 'transcoder.one',
  counter: 'bytesIn',
  quietMs: 1000,
  rateOverMs: 2000,
  withinMs: 8000,
};
const ANSWER: Witness = { kind: 'answer', stage: 'origin', patienceMs: 800, withinMs: 8000 };

const force = (id: string, fromMs: number, toMs?: number, fault: LinkFault = CUT): InForce => ({
  id,
  of: id,
  fault,
  fromMs,
  toMs,
});

const view = (onFlow: readonly InForce[], question: Partial<MaskQuestion> = {}) =>
  viewAction({
    does: 'inject',
    fault: CUT,
    id: 'own',
    witness: COUNTER,
    doneAtMs: 1000,
    onFlow,
    ...question,
  });

describe('what a witness can see of a fault', () => {
  test('is the fault itself where it is alone', () => {
    const seen = { sinceMs: 1000, never: false, behind: [] };
    expect(view([force('own', 1000)])).toMatchObject(seen);
    expect(view([force('own', 1000, 1200)])).toMatchObject(seen);
    expect(view([force('before', 0, 900), force('own', 1000)])).toMatchObject(seen);
  });

  test('is nothing while another cut lasts', () => {
    const seen = view([force('other', 0), force('own', 1000)]);
    expect(seen).toMatchObject({ sinceMs: undefined, never: false, behind: ['other'] });
  });

  test('is the fault again when the other has ended and the sender had time to be back', () => {
    const seen = view([force('other', 0, 5000), force('own', 1000)]);
    expect(seen).toMatchObject({ sinceMs: 5000 + BACK_AFTER_MS, never: false });
  });

  test('never is a fault that ended inside the other', () => {
    const seen = view([force('other', 0), force('own', 1000, 2000)]);
    expect(seen).toMatchObject({ never: true, hidden: true });
    expect(neverSeen(seen)).toEqual({
      proven: false,
      maskedBy: ['other'],
      observed: 'masked by other',
    });
  });

  test('is unproven where it lost bytes behind a cut that would have kept them', () => {
    const hold = force('other', 0, undefined, { ...CUT, effect: 'hold' });
    const seen = view([hold, force('own', 1000, 2000)]);
    expect(seen).toMatchObject({ never: true, hidden: false });
    expect(neverSeen(seen)).not.toHaveProperty('maskedBy');
    const held = { fault: { ...CUT, effect: 'hold' } as LinkFault };
    expect(view([hold, force('own', 1000, 2000)], held).hidden).toBe(true);
  });

  test('never is one that ended too soon after the other', () => {
    expect(view([force('other', 0, 5000), force('own', 1000, 6000)]).never).toBe(true);
    expect(view([force('other', 0, 5000), force('own', 1000, 9500)]).never).toBe(false);
  });

  test('waits for the last of several that follow each other', () => {
    const onFlow = [force('a', 0, 3000), force('own', 1000), force('b', 2500, 7000)];
    expect(view(onFlow)).toMatchObject({ sinceMs: 7000 + BACK_AFTER_MS, behind: ['a', 'b'] });
  });

  test('does not depend on what comes after it ended', () => {
    expect(view([force('own', 1000, 3000), force('later', 3500)])).toMatchObject({ behind: [] });
  });
});

describe('what a witness can see of a heal', () => {
  const heal = (onFlow: readonly InForce[]) => view(onFlow, { does: 'heal', doneAtMs: 4000 });

  test('is that bytes come again once every other cut is over', () => {
    expect(heal([force('own', 1000, 4000), force('other', 2000)])).toMatchObject({
      sinceMs: undefined,
      never: false,
    });
    expect(heal([force('own', 1000, 4000), force('other', 2000, 9000)])).toMatchObject({
      sinceMs: 9000,
      never: false,
    });
  });

  test('says in the proof what had stood before it', () => {
    const seen = heal([force('own', 1000, 4000), force('other', 2000, 9000)]);
    const proof = { proven: true, observed: 'bytesIn grew again within 0.3 s' };
    expect(seenBehind(seen, proof).observed).toBe(
      'bytesIn grew again within 0.3 s, once other had ended',
    );
  });
});

describe('what stands in the way of what', () => {
  test.each([
    ['a cut of a limit', narrow(400), CUT, true],
    ['a narrower limit of a wider one', narrow(400), narrow(200), true],
    ['a wider limit not of a narrower one', narrow(200), narrow(400), false],
    ['a delay not of a cut', CUT, latency(200), false],
    ['a limit not of a cut', CUT, narrow(200), false],
  ])('%s', (_, fault, other, isInTheWay) => {
    const { behind, hidden } = view([force('other', 0, undefined, other)], { fault });
    expect(behind).toEqual(isInTheWay ? ['other'] : []);
    if (isInTheWay) expect(hidden).toBe(true);
  });

  test('two delays are not told apart, and viewers feel both: that is unproven', () => {
    const other = force('other', 0, undefined, latency(100));
    const seen = view([other, force('own', 1000, 2000)], { fault: latency(200), witness: ANSWER });
    expect(seen).toMatchObject({ never: true, hidden: false });
    expect(neverSeen(seen)).toEqual({
      proven: false,
      observed: 'not told apart from other, in force too',
    });
  });

  test('what only answers miss does not hide the bytes that come in', () => {
    const backward: LinkFault = { ...CUT, direction: 'backward' };
    expect(view([force('other', 0, undefined, backward)]).behind).toEqual([]);
    expect(view([force('other', 0, undefined, backward)], { witness: ANSWER }).behind).toEqual([
      'other',
    ]);
  });

  test('an answer is waited for longer while other delays last', () => {
    const onFlow = [
      force('slow', 0, undefined, latency(1000)),
      force('over', 0, 500, latency(9000)),
      force('own', 1000, undefined, latency(4000)),
    ];
    expect(withPatience(ANSWER, { id: 'own', onFlow })).toMatchObject({
      patienceMs: 2800,
      withinMs: 10_000,
    });
    expect(withPatience(COUNTER, { id: 'own', onFlow })).toBe(COUNTER);
  });
});

describe('the log of what is in force', () => {
  test('ends only what it began', () => {
    const log = createForceLog();
    log.begin('up', { id: 'a', of: 'a', fault: CUT, fromMs: 1 });
    log.begin('up', { id: 'b', of: 'b', fault: CUT, fromMs: 2 });
    log.end('up', 'a', 3);
    expect(log.on('up').map(({ id, toMs }) => [id, toMs])).toEqual([
      ['a', 3],
      ['b', undefined],
    ]);
    expect(lastingBeside(log.on('up'), 'c').map(({ id }) => id)).toEqual(['b']);
    expect(lastingBeside(log.on('up'), 'b')).toEqual([]);
    expect(log.on('down')).toEqual([]);
  });
});

test('whatever else is there, a witness never judges a moment in which a cut hid the fault', () => {
  const span = fc.tuple(fc.nat(5000), fc.option(fc.nat(5000), { nil: undefined }));
  fc.assert(
    fc.property(
      fc.array(span, { maxLength: 6 }),
      fc.constantFrom('inject', 'heal'),
      (spans, does) => {
        const others = spans.map(([fromMs, forMs], i) =>
          force(`o${i}`, fromMs, forMs === undefined ? undefined : fromMs + forMs),
        );
        const { sinceMs } = view([...others, force('own', 1000)], {
          does: does,
        });
        for (const { fromMs, toMs = Infinity } of others)
          if (sinceMs !== undefined && toMs > 1000 && fromMs < Infinity)
            expect(toMs).toBeLessThanOrEqual(sinceMs);
      },
    ),
  );
});
