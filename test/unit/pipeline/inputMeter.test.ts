import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import {
  createInputMeter,
  createLoudness,
} from '../../../harness/pipeline/transcoder/inputMeter.ts';

/** A square wave of this level, as signed 16 bit samples. */
function square(level: number, samples: number): Buffer {
  const sound = Buffer.alloc(samples * 2);
  for (let i = 0; i < samples; i++)
    sound.writeInt16LE(Math.round((Math.floor(i / 8) % 2 ? -level : level) * 32_767), i * 2);
  return sound;
}

describe('loudness', () => {
  test('is the root mean square of what came, and nothing when nothing came', () => {
    const loudness = createLoudness();
    expect(loudness.read()).toBeUndefined();
    loudness.push(square(0.25, 4800));
    expect(loudness.read()).toBeCloseTo(0.25, 3);
    loudness.push(Buffer.alloc(4800));
    expect(loudness.read()).toBe(0);
    expect(loudness.read()).toBeUndefined();
  });

  test('does not depend on where chunks end', () => {
    const sound = square(0.5, 2000);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 301 }), { maxLength: 40 }), (sizes) => {
        const loudness = createLoudness();
        let at = 0;
        for (const size of [...sizes, sound.length]) {
          loudness.push(sound.subarray(at, at + size));
          at = Math.min(sound.length, at + size);
        }
        expect(loudness.read()).toBeCloseTo(0.5, 3);
      }),
    );
  });
});

describe('pictures', () => {
  const made = (agoMs: number, channel = 1) => ({
    counter: counterAt(systemClock.epochMs() - agoMs, 25),
    ...{ channel, slate: false },
  });

  test('have a median age, for each input where there are several', () => {
    const one = createInputMeter(25, []);
    for (const agoMs of [400, 4000, 400]) one.picture(0, made(agoMs));
    const { ageInMs = 0 } = one.read();
    expect(ageInMs).toBeGreaterThanOrEqual(400);
    expect(ageInMs).toBeLessThan(4000);
    expect(one.read()).toEqual({});
    const two = createInputMeter(25, ['a', 'b']);
    two.picture(1, made(4000));
    two.picture(0, undefined);
    expect(Object.keys(two.read().ageInMsBy ?? {})).toEqual(['b']);
  });

  test('are later than the first of all by what came between', () => {
    const meter = createInputMeter(25, ['a', 'b']);
    const now = systemClock.epochMs();
    meter.arrival(1, now);
    expect(meter.read().lagInMsBy).toEqual({ b: 0 });
    // Stamped five seconds before it should be now.
    for (let i = 0; i < 3; i++) meter.arrival(1, systemClock.epochMs() - 5000);
    const { b = 0 } = meter.read().lagInMsBy ?? {};
    expect(b).toBeGreaterThanOrEqual(5000);
    expect(b).toBeLessThan(6000);
    expect(meter.read().lagInMsBy).toEqual({});
  });

  test('say whose programme they are until others say otherwise', () => {
    const meter = createInputMeter(25, []);
    meter.channel(2);
    expect([meter.read().channelIn, meter.read().channelIn]).toEqual([2, 2]);
    meter.channel(1);
    expect(meter.read().channelIn).toBe(1);
  });
});
