import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import { createInputMeter } from '../../../harness/pipeline/transcoder/inputMeter.ts';

describe('pictures', () => {
  const clock = virtualClock(1_800_000_000_000);
  const made = (agoMs: number, channel = 1) => ({
    counter: counterAt(clock.epochMs() - agoMs, 25),
    channel,
    slate: false,
  });

  test('have a median age, for each input where there are several', () => {
    const one = createInputMeter(25, [], clock);
    for (const agoMs of [400, 4000, 400]) one.picture(0, made(agoMs));
    expect(one.read()).toEqual({ ageInMs: 400 });
    expect(one.read()).toEqual({});
    const two = createInputMeter(25, ['a', 'b'], clock);
    two.picture(1, made(4000));
    two.picture(0, undefined);
    expect(two.read().ageInMsBy).toEqual({ b: 4000 });
  });

  test('are later than the first of all by what came between', () => {
    const meter = createInputMeter(25, ['a', 'b'], clock);
    meter.arrival(1, clock.epochMs());
    expect(meter.read().lagInMsBy).toEqual({ b: 0 });
    // Stamped five seconds before it should be now.
    for (let i = 0; i < 3; i++) meter.arrival(1, clock.epochMs() - 5000);
    expect(meter.read().lagInMsBy).toEqual({ b: 5000 });
    expect(meter.read().lagInMsBy).toEqual({});
  });

  test('say whose programme they are until others say otherwise', () => {
    const meter = createInputMeter(25, [], clock);
    meter.channel(2);
    expect([meter.read().channelIn, meter.read().channelIn]).toEqual([2, 2]);
    meter.channel(1);
    expect(meter.read().channelIn).toBe(1);
  });
});
