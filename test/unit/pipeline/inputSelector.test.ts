// Tests which input is shown. A strip has a letter for every 100 ms of an input: p a picture, b a black
// one, . none; the answer has the index of the input that is shown.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputFailover } from '../../../harness/model/scenario.ts';
import { GAP_MS_MAX } from '../../../harness/pipeline/transcoder/mixer.ts';
import { createInputSelector } from '../../../harness/pipeline/transcoder/inputSelector.ts';

const STEP_MS = 100;
const OPTIONS: InputFailover = {
  lossMs: 1_000,
  blackMs: 1_000,
  blackLevel: 0.1,
  prefer: 'primary',
  clearMs: 2_000,
};

function shown(strips: readonly string[], options: Partial<InputFailover> = {}): string {
  const selector = createInputSelector(strips.length, { ...OPTIONS, ...options });
  const steps = Math.max(...strips.map((strip) => strip.length));
  let answer = '';
  for (let step = 0; step < steps; step++) {
    strips.forEach((strip, input) => {
      const letter = strip[step] ?? '.';
      if (letter !== '.') selector.picture(input, letter === 'b' ? 0.02 : 0.4, step * STEP_MS);
    });
    selector.tick(step * STEP_MS);
    answer += selector.active;
  }
  return answer.replace(/(.)\1*/g, (run) => `${run[0]}x${run.length} `).trim();
}
const p = (count: number) => 'p'.repeat(count);
const none = (count: number) => '.'.repeat(count);
const black = (count: number) => 'b'.repeat(count);

describe('an input selector', () => {
  test('stays with the primary input while both are good', () => {
    expect(shown([p(50), p(50)])).toBe('0x50');
  });

  test('shows the second once the first was silent for the threshold, not before', () => {
    expect(shown([p(10) + none(30), p(40)])).toBe('0x19 1x21');
    expect(shown([p(10) + none(9) + p(21), p(40)])).toBe('0x40');
  });

  test('goes back when the primary was good for the clear time', () => {
    expect(shown([p(10) + none(20) + p(40), p(70)])).toBe('0x19 1x31 0x20');
  });

  test('begins the clear time anew with every loss, not with jitter', () => {
    const flapping = p(10) + none(20) + p(15) + none(12) + p(33);
    expect(shown([flapping, p(90)])).toBe('0x19 1x58 0x13');
    const jittering = p(10) + none(20) + p(15) + none(5) + p(10);
    expect(shown([jittering, p(60)])).toBe('0x19 1x31 0x10');
  });

  test('stays where it is when inputs are equal', () => {
    expect(shown([p(10) + none(20) + p(40), p(70)], { prefer: 'equal' })).toBe('0x19 1x51');
    expect(shown([p(60), p(20) + none(40)], { prefer: 'equal' })).toBe('0x60');
  });

  test('takes black for a loss where it is told to, after its own threshold', () => {
    expect(shown([p(10) + black(30), p(40)])).toBe('0x20 1x20');
    expect(shown([p(10) + black(30), p(40)], { blackMs: undefined })).toBe('0x40');
  });

  test('does not go back to an input that is black', () => {
    // Two seconds after its last black picture.
    expect(shown([p(10) + none(20) + black(40) + p(30), p(100)])).toBe('0x19 1x70 0x11');
  });

  test('stays when there is nothing better to show', () => {
    expect(shown([p(10) + none(30), none(40)])).toBe('0x40');
    expect(shown([p(10) + none(30), p(5) + none(35)])).toBe('0x40');
    expect(shown([p(10) + none(40), p(10) + none(25) + p(15)])).toBe('0x35 1x15');
  });

  test('waits for a primary that comes late, no longer than for a loss', () => {
    expect(shown([none(8) + p(20), p(28)])).toBe('0x28');
    expect(shown([none(20), p(20)])).toBe('0x10 1x10');
  });

  test('never moves to an input that is not there, whatever happens', () => {
    const strip = fc.array(fc.constantFrom('p', 'p', 'p', '.', 'b'), { minLength: 60 });
    fc.assert(
      fc.property(strip, strip, (first, second) => {
        const strips = [first.join(''), second.join('')];
        const selector = createInputSelector(2, { ...OPTIONS, blackMs: undefined });
        const lastAt = [-Infinity, -Infinity];
        first.forEach((_, step) => {
          const atMs = step * STEP_MS;
          strips.forEach((letters, input) => {
            if ((letters[step] ?? '.') === '.') return;
            selector.picture(input, 0.4, atMs);
            lastAt[input] = atMs;
          });
          if (selector.tick(atMs)) {
            expect(atMs - (lastAt[selector.active] ?? 0)).toBeLessThanOrEqual(GAP_MS_MAX);
          }
        });
      }),
    );
  });
});
