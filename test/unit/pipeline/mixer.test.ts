// Tests the output of a transcoder, frame by frame. In the strips below one letter is one frame of
// 40 ms: p programme, r repeat, b black, s slate, - nothing; in the input p is an arrival, . is
// none.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createMixer,
  GAP_MS_MAX,
  type MixerOptions,
} from '../../../harness/pipeline/transcoder/mixer.ts';
import {
  DEPTH_FRAMES_MAX,
  PRIME_FRAMES,
} from '../../../harness/pipeline/transcoder/jitterBuffer.ts';

const FRAME_MS = 40;
const OPTIONS: MixerOptions = {
  inputLoss: { repeatMs: 400, blackMs: 400, then: 'slate' },
  failBackMs: 0,
  inputLossAction: 'emit',
};
const LETTER = { programme: 'p', repeat: 'r', black: 'b', slate: 's', paused: '-' } as const;
const START = 'p'.repeat(20);

/** Plays an input strip; digits are so many arrivals in one frame's time. */
function play(input: string, options: Partial<MixerOptions> = {}) {
  const mixer = createMixer<number>({ ...OPTIONS, ...options });
  const shown: number[] = [];
  let next = 0;
  let strip = '';
  [...input].forEach((letter, frame) => {
    const atMs = frame * FRAME_MS;
    const arrivals = letter === 'p' ? 1 : letter === '.' ? 0 : Number(letter);
    for (let i = 0; i < arrivals; i++) mixer.picture(next++, atMs);
    const output = mixer.tick(atMs);
    strip += LETTER[output.kind];
    shown.push('picture' in output ? output.picture : -1);
  });
  return { strip, shown, mixer };
}

/** The strip with runs shortened: `p20 r10`. */
const runs = (strip: string): string =>
  (strip.match(/(.)\1*/g) ?? []).map((run) => `${run[0]}${run.length}`).join(' ');

describe('mixer', () => {
  test('puts nothing out before the first programme', () => {
    expect(runs(play('.'.repeat(30)).strip)).toBe('-30');
  });

  test('shows every picture once and in order while the input is good', () => {
    const { shown } = play('p'.repeat(100));
    expect(shown.slice(PRIME_FRAMES - 1)).toEqual([...Array(101 - PRIME_FRAMES).keys()]);
  });

  test('fills a loss with repeat, then black, then slate, each for its time', () => {
    const { strip } = play(START + '.'.repeat(40));
    expect(runs(strip)).toBe(`-${PRIME_FRAMES - 1} p20 r10 b10 s17`);
  });

  test('repeats the very picture that was shown last', () => {
    const { strip, shown } = play(START + '.'.repeat(10));
    const repeated = shown.filter((_, i) => strip[i] === 'r');
    expect(new Set(repeated)).toEqual(new Set([19]));
  });

  test('stays black when the design says so', () => {
    const inputLoss = { repeatMs: 40, blackMs: 40, then: 'black' } as const;
    expect(runs(play(START + '.'.repeat(40), { inputLoss }).strip)).toMatch(/ r1 b\d+$/);
  });

  test('goes on at once after a gap too short to be a loss', () => {
    const gap = '.'.repeat(PRIME_FRAMES - 1 + GAP_MS_MAX / FRAME_MS - 1);
    const { strip } = play(`${START}${gap}${'p'.repeat(20)}`, { failBackMs: 5_000 });
    expect(runs(strip)).toMatch(/^-3 p20 r4 p\d+$/);
  });

  test('shows the programme again after the input was good for the fail-back time', () => {
    const { strip } = play(`${START}${'.'.repeat(30)}${'p'.repeat(60)}`, { failBackMs: 1_000 });
    const backAt = strip.lastIndexOf('s') + 1;
    expect(backAt).toBe(20 + 30 + 1_000 / FRAME_MS);
    expect(strip.slice(backAt)).toMatch(/^p+$/);
  });

  test('does not return for an input that keeps breaking off', () => {
    const flapping = `${'p'.repeat(10)}${'.'.repeat(10)}`.repeat(5);
    const { strip } = play(`${START}${'.'.repeat(30)}${flapping}`, { failBackMs: 600 });
    expect(strip.slice(50)).not.toContain('p');
  });

  test('drops the oldest of a burst and keeps no delay afterwards', () => {
    const { shown, mixer } = play(`${START}${'.'.repeat(20)}9999${'p'.repeat(300)}`);
    const delay = 20 + 36 + 300 - 1 - (shown.at(-1) ?? 0);
    expect(delay).toBeLessThanOrEqual(PRIME_FRAMES);
    expect(mixer.framesDropped).toBeGreaterThan(0);
  });

  test('publishes nothing during a loss when the action is pause', () => {
    const { strip } = play(`${START}${'.'.repeat(30)}${'p'.repeat(20)}`, {
      inputLossAction: 'pause',
    });
    expect(runs(strip)).toMatch(/^-3 p20 r5 -\d+ p\d+$/);
  });

  test('puts in a black of exactly the frames asked for and is not late afterwards', () => {
    const input = 'p'.repeat(100);
    const own = createMixer<number>(OPTIONS);
    let strip = '';
    const shown: number[] = [];
    [...input].forEach((_, frame) => {
      own.picture(frame, frame * FRAME_MS);
      if (frame === 50) own.force('black', 25);
      const output = own.tick(frame * FRAME_MS);
      strip += LETTER[output.kind];
      shown.push('picture' in output ? output.picture : -1);
    });
    expect(runs(strip)).toBe('-3 p47 b25 p25');
    expect(shown.at(-1)).toBe(100 - PRIME_FRAMES);
    expect(own.framesDropped).toBe(0);
  });

  test('freezes on the picture shown last', () => {
    const own = createMixer<number>(OPTIONS);
    const shown: number[] = [];
    for (let frame = 0; frame < 40; frame++) {
      own.picture(frame, frame * FRAME_MS);
      if (frame === 20) own.force('freeze', 10);
      const output = own.tick(frame * FRAME_MS);
      if (output.kind === 'repeat') shown.push(output.picture);
    }
    expect(shown).toEqual(Array(10).fill(20 - PRIME_FRAMES));
  });

  test('never shows an older picture after a newer one and never is later than its buffer', () => {
    const input = fc.array(fc.constantFrom(0, 0, 1, 1, 1, 1, 2, 9), { maxLength: 400 });
    fc.assert(
      fc.property(input, fc.integer({ min: 0, max: 1_000 }), (arrivals, failBackMs) => {
        const mixer = createMixer<number>({ ...OPTIONS, failBackMs });
        let newest = -1;
        let last = -1;
        arrivals.forEach((count, frame) => {
          for (let i = 0; i < count; i++) mixer.picture(++newest, frame * FRAME_MS);
          const output = mixer.tick(frame * FRAME_MS);
          if (output.kind !== 'programme') return;
          expect(output.picture).toBeGreaterThan(last);
          expect(newest - output.picture).toBeLessThan(DEPTH_FRAMES_MAX);
          last = output.picture;
        });
      }),
    );
  });
});
