import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import { createInputMeter } from '../../../harness/pipeline/transcoder/inputMeter.ts';

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
