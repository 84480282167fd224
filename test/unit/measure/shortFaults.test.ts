// Short faults at every place of a chain, in virtual time: the run waits until what came of them has
// been on the screen, the judge reports what was lost, and a run that ends before that is no pass.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { HAPPENINGS } from '../../support/chain.ts';
import { playChain, type PlayOptions } from '../../support/chainRun.ts';

const LENGTHS_MS = [400, 1000, 2000, 3000, 5000, 8000];
const AT_MS = 30_000;

/** A picture that stands for 120 ms is not called frozen, and a loss has two ends. */
const TOLERANCE_MS = 200;
const { expectation } = parseExpectation('max(programmeLoss) <= 200ms');
const EXPECTATIONS = expectation ? [expectation] : [];

const TABLE = HAPPENINGS.flatMap((what) =>
  LENGTHS_MS.map((forMs) => ({ ...what, forMs, atMs: AT_MS, segmentsBehind: 3 })),
);

const anyFault: fc.Arbitrary<PlayOptions> = fc
  .record({
    what: fc.constantFrom(...HAPPENINGS),
    forMs: fc.constantFrom(...LENGTHS_MS),
    phaseMs: fc.integer({ min: 0, max: 2000 }),
    segmentsBehind: fc.constantFrom(2, 3, 4),
    jumps: fc.boolean(),
  })
  .map(({ what, phaseMs, ...options }) => ({ ...what, ...options, atMs: AT_MS + phaseMs }));

function expectTruth(options: PlayOptions): void {
  const { history, lostMs } = playChain({ ...options, expectations: EXPECTATIONS });
  const { verdict, viewers, findings } = judge(history);
  expect(Math.abs(viewers[0]!.programmeLossMs - lostMs)).toBeLessThanOrEqual(TOLERANCE_MS);
  expect(viewers[0]!.recovered).toBe(true);
  expect(findings.filter((finding) => finding.verdict !== 'pass')).toEqual([]);
  if (lostMs > 2 * TOLERANCE_MS) expect(verdict).toBe('fail');
  if (lostMs === 0) expect(verdict).toBe('pass');
}

describe('a short fault', () => {
  it.each(TABLE)('$kind of $place for $forMs ms is reported as what was lost', expectTruth);

  it('is reported as what was lost wherever segments begin and however far behind viewers are', () => {
    fc.assert(fc.property(anyFault, expectTruth), { numRuns: 25 });
  });

  it('at the source is on the screen as long as it lasted', () => {
    for (const forMs of LENGTHS_MS)
      expect(
        playChain({ kind: 'black', place: 'playout', atMs: AT_MS, forMs, segmentsBehind: 3 })
          .lostMs,
      ).toBe(forMs);
  });
});

describe('a run that ends before a short fault has been on the screen', () => {
  it('never passes while anything that viewers lose is not in the record', () => {
    fc.assert(
      fc.property(anyFault, fc.double({ min: 0, max: 1, noNaN: true }), (options, share) => {
        const { endedAt, healedMs, endMs, lostMs } = playChain({
          ...options,
          expectations: EXPECTATIONS,
        });
        const { verdict } = judge(endedAt(healedMs + share * (endMs - healedMs)));
        if (verdict === 'pass') expect(lostMs).toBeLessThanOrEqual(2 * TOLERANCE_MS);
      }),
      { numRuns: 30 },
    );
  });

  it('says that viewers have not met the fault yet, and how long they would have needed', () => {
    const { history } = playChain({
      kind: 'black',
      place: 'playout',
      atMs: AT_MS,
      forMs: 3000,
      segmentsBehind: 3,
      recoverWithinMs: 5000,
      expectations: EXPECTATIONS,
    });
    const { verdict, findings, viewers, audience } = judge(history);
    expect(verdict).toBe('inconclusive');
    expect(findings).toMatchObject([{ rule: 'recovery-unseen', verdict: 'inconclusive' }]);
    const watching = viewers.filter(({ control }) => !control);
    expect(watching.map(({ recovery }) => recovery)).toContain('unseen');
    expect(audience.recoveryUnseen + audience.recovered).toBe(audience.viewers);
  });
});
