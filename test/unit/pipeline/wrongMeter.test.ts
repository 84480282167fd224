// Tests the counters of a contribution that is not the programme.

import { expect, test } from 'vitest';
import { createWrongMeter } from '../../../harness/pipeline/transcoder/wrongMeter.ts';

const clock = (counter: number, channel = 2) => ({ counter, channel, slate: false });
const bright = () => 0.5;
const dark = () => 0.02;

test('the programme leaves no count', () => {
  const meter = createWrongMeter(2);
  for (let counter = 0; counter < 50; counter++) meter.picture(0, clock(counter), dark);
  expect(meter.counts).toEqual({ black: 0, still: 0, other: 0, silentMs: 0 });
});

test('every black, standing and foreign picture is counted, however short it comes', () => {
  const meter = createWrongMeter(2);
  meter.picture(0, clock(1), bright);
  for (let i = 0; i < 2; i++) meter.picture(0, undefined, dark);
  meter.picture(0, undefined, bright);
  for (let i = 0; i < 3; i++) meter.picture(0, clock(4), bright);
  meter.picture(0, clock(5, 3), bright);
  expect(meter.counts).toEqual({ black: 2, still: 2, other: 1, silentMs: 0 });
});

test('the same picture of another input does not stand still', () => {
  const meter = createWrongMeter(2);
  meter.picture(0, clock(1), bright);
  meter.picture(1, clock(1), bright);
  expect(meter.counts.still).toBe(0);
});

test('silence is counted in pieces, wherever chunks end', () => {
  const loud = Buffer.alloc(9600);
  for (let at = 0; at < loud.length; at += 2) loud.writeInt16LE(at % 32 < 16 ? 3000 : -3000, at);
  const meter = createWrongMeter(2);
  meter.sound(loud);
  const quiet = Buffer.alloc(9600);
  meter.sound(quiet.subarray(0, 4801));
  meter.sound(quiet.subarray(4801));
  meter.sound(loud);
  expect(meter.counts.silentMs).toBe(100);
});
