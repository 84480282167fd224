import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import type { Report, Span } from '../../../harness/model/report.ts';
import { ndjson, printSpans, strip } from '../../support/strip.ts';

const STEP_MS = 100;

const run = (letters: string, [min, max]: readonly [number, number]) =>
  fc
    .tuple(fc.constantFrom(...letters), fc.integer({ min, max }))
    .map(([letter, length]) => letter.repeat(length));

/** Anything that can be written as a strip. */
const anyStrip = fc
  .array(run('pbfslodrx.-', [1, 20]), { minLength: 1, maxLength: 14 })
  .map((runs) => runs.join(''))
  .filter((letters) => !letters.startsWith('-'));

/** Runs long enough that each can be told from its neighbours. */
const clearStrip = fc
  .array(run('pbfslrd-', [4, 12]), { minLength: 1, maxLength: 10 })
  .map((runs) => runs.join(''))
  .filter((letters) => !letters.startsWith('-'));

const spansOf = (report: Report): readonly Span[] => {
  const lane = report.lanes.find(({ kind }) => kind === 'viewer');
  return lane?.kind === 'viewer' ? lane.spans : [];
};

describe('for any strip of pictures', () => {
  it('spans cover the session without gap or overlap, in whole milliseconds', () => {
    fc.assert(
      fc.property(anyStrip, (letters) => {
        const report = judge(strip(letters, STEP_MS));
        const [viewer] = report.viewers;
        let atMs = viewer!.joinMs;
        for (const { fromMs, toMs } of spansOf(report)) {
          expect(fromMs).toBe(atMs);
          expect(toMs).toBeGreaterThan(fromMs);
          expect(Number.isInteger(toMs)).toBe(true);
          atMs = toMs;
        }
        expect(atMs).toBe(viewer!.leaveMs);
      }),
    );
  });

  it('the ledger sums to the session, and black screen to its interruptions', () => {
    fc.assert(
      fc.property(anyStrip, (letters) => {
        const [viewer] = judge(strip(letters, STEP_MS)).viewers;
        const total = Object.values(viewer!.ledger).reduce((sum, ms) => sum + ms, 0);
        expect(total).toBe(viewer!.sessionMs);
        const black = viewer!.interruptions.reduce((sum, i) => sum + i.blackScreenMs, 0);
        expect(black).toBe(viewer!.blackScreenMs);
      }),
    );
  });

  it('interruptions are in order, apart, and inside the session', () => {
    fc.assert(
      fc.property(anyStrip, (letters) => {
        const [viewer] = judge(strip(letters, STEP_MS)).viewers;
        let atMs = viewer!.joinMs;
        for (const { fromMs, toMs, spans } of viewer!.interruptions) {
          expect(fromMs).toBeGreaterThanOrEqual(atMs);
          expect([spans[0]!.fromMs, spans.at(-1)!.toMs]).toEqual([fromMs, toMs]);
          atMs = toMs;
        }
        expect(atMs).toBeLessThanOrEqual(viewer!.leaveMs);
      }),
    );
  });

  it('reads back the letters it was written in', () => {
    fc.assert(
      fc.property(clearStrip, (letters) => {
        // The first frame of a freeze is still new: steps are longer than that.
        const stepMs = 200;
        const report = judge(strip(letters, stepMs));
        expect(printSpans(spansOf(report), stepMs)).toBe(asSeen(letters));
      }),
    );
  });

  it('is judged the same twice, byte for byte', () => {
    fc.assert(
      fc.property(anyStrip, (letters) => {
        const text = ndjson(strip(letters, STEP_MS));
        const first = JSON.stringify(judge(parseHistory(text)));
        expect(JSON.stringify(judge(parseHistory(text)))).toBe(first);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a viewer who never recovers', () => {
  it('is counted to the end, however the picture was lost', () => {
    const lost = fc.tuple(run('bfsd', [5, 30]), run('bfsd', [5, 30])).map(([a, b]) => a + b);
    fc.assert(
      fc.property(run('p', [5, 20]), lost, (before, after) => {
        const [viewer] = judge(strip(before + after, STEP_MS)).viewers;
        expect(viewer).toMatchObject({ recovered: false, timeToRecoverMs: undefined });
        expect(viewer!.interruptions).toHaveLength(1);
        const [interruption] = viewer!.interruptions;
        expect(interruption).toMatchObject({ recovered: false, toMs: viewer!.leaveMs });
        expect(viewer!.blackScreenMs).toBeGreaterThanOrEqual((after.length - 1) * STEP_MS);
      }),
    );
  });
});

describe('jitter of presentation below the tolerance', () => {
  it('moves no boundary by more than two frames and adds no span', () => {
    const jitter = fc.array(fc.integer({ min: -19, max: 19 }), { minLength: 20, maxLength: 60 });
    const loss = run('bfsl', [5, 20]);
    fc.assert(
      fc.property(jitter, loss, (amounts, lost) => {
        const letters = `${'p'.repeat(12)}${lost}${'p'.repeat(12)}`;
        const jitterMs = (n: number) => (n === 0 ? 0 : amounts[n % amounts.length]!);
        const still = spansOf(judge(strip(letters, STEP_MS)));
        const moved = spansOf(judge(strip(letters, { stepMs: STEP_MS, jitterMs })));
        expect(moved.map((span) => span.class)).toEqual(still.map((span) => span.class));
        for (const [i, span] of moved.entries()) {
          expect(Math.abs(span.fromMs - still[i]!.fromMs)).toBeLessThanOrEqual(80);
        }
      }),
    );
  });
});

describe('a record that breaks off', () => {
  const whole = ndjson(strip('rrppppppbbbbbbssssssddddrrrrpppppp', STEP_MS));
  const [firstLine] = whole.split('\n');

  it('is judged inconclusive wherever it breaks off', () => {
    fc.assert(
      fc.property(fc.integer({ min: firstLine!.length, max: whole.length - 3 }), (length) => {
        const history = parseHistory(whole.slice(0, length));
        const report = judge(history);
        expect(history.truncated).toBe(true);
        expect(report.verdict).toBe('inconclusive');
        expect(report.run.ended).toBe('crashed');
      }),
    );
  });

  it('sums its ledger to what was recorded of the session', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.split('\n').length }), (lines) => {
        const text = whole
          .split('\n')
          .slice(0, lines + 1)
          .join('\n');
        for (const { ledger, sessionMs } of judge(parseHistory(text)).viewers) {
          expect(Object.values(ledger).reduce((sum, ms) => sum + ms, 0)).toBe(sessionMs);
        }
      }),
    );
  });
});

/** Without a picture in this load, a starved player is one that is still starting. */
function asSeen(letters: string): string {
  let picture = false;
  return [...letters]
    .map((letter) => {
      if (letter === 'r' || letter === '-') picture = false;
      else if ('pbfl'.includes(letter)) picture = true;
      return letter === 's' && !picture ? 'r' : letter;
    })
    .join('')
    .replace(/-+$/, '');
}
