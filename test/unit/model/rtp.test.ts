// Numbered datagrams, and what is missing of them; packets of a transport stream and their counters.

import { describe, expect, it } from 'vitest';
import {
  numberMeter,
  splitPayloads,
  readRtp,
  rtpPacket,
  stepsBetween,
} from '../../../harness/model/rtp.ts';
import { continuityMeter, PACKET_BYTES } from '../../../harness/model/transportStream.ts';

const packet = (pid: number, counter: number, more: readonly number[] = []): number[] => {
  const head = [0x47, pid >> 8, pid & 0xff, (more.length > 0 ? 0x30 : 0x10) | counter, ...more];
  return [...head, ...Array<number>(PACKET_BYTES - head.length).fill(0xff)];
};

describe('a datagram', () => {
  it('comes back as it was sent', () => {
    const payload = Uint8Array.from(packet(256, 3));
    const sent = rtpPacket({ number: 65_535, source: 7, payload }, 1_000);
    expect([...sent.subarray(0, 12)]).toEqual([0x80, 33, 255, 255, 0, 1, 0x5f, 0x90, 0, 0, 0, 7]);
    expect(readRtp(sent)).toEqual({ number: 65_535, source: 7, payload });
  });

  it.each([
    ['too short', [0x80, 33, 0, 0]],
    ['plain packets', packet(256, 0)],
    ['another type of payload', [0x80, 96, ...packet(256, 0), ...packet(256, 1)]],
  ])('is none: %s', (_, bytes) => {
    expect(readRtp(Uint8Array.from(bytes))).toBeUndefined();
  });

  it('holds at most seven packets', () => {
    const packets = new Uint8Array(9 * PACKET_BYTES);
    expect(splitPayloads(packets).map(({ length }) => length / PACKET_BYTES)).toEqual([7, 2]);
  });
});

describe('the numbers of datagrams', () => {
  const counts = (numbers: readonly number[], source = 1) => {
    const meter = numberMeter();
    for (const number of numbers) meter.take({ number: number & 0xffff, source });
    return meter.counts;
  };

  it.each([
    ['in order, over the end of the numbers', [65_534, 65_535, 0, 1], [0, 0, 0]],
    ['two are missing', [1, 2, 5, 6], [2, 0, 0]],
    ['one comes twice', [1, 2, 2, 3], [0, 1, 0]],
    ['one is overtaken by one', [1, 3, 2, 4], [0, 0, 1]],
    ['one is overtaken and comes twice', [1, 3, 2, 2, 4], [0, 1, 1]],
    ['another encoder counts from elsewhere', [1, 2, 30_000, 30_001], [0, 0, 0]],
  ])('%s', (_, numbers, [lost, twice, late]) => {
    expect(counts(numbers)).toEqual({ lost, twice, late });
  });

  it('begin anew with another sender', () => {
    const meter = numberMeter();
    meter.take({ number: 5, source: 1 });
    meter.take({ number: 9, source: 2 });
    expect(meter.counts.lost).toBe(0);
  });

  it('go back as well as on', () => {
    expect([stepsBetween(65_535, 1), stepsBetween(1, 65_535)]).toEqual([2, -2]);
  });
});

describe('continuity errors', () => {
  const errors = (...packets: number[][]) => {
    const meter = continuityMeter();
    meter.take(Uint8Array.from(packets.flat()));
    return meter.errors;
  };
  it('are none where each follows the one before of its kind', () => {
    expect(errors(packet(1, 15), packet(2, 3), packet(1, 0), packet(2, 4))).toBe(0);
  });
  it('are none of a packet that comes twice, of padding, and of an announced jump', () => {
    const jump = packet(1, 9, [1, 0x80]);
    expect(errors(packet(1, 1), packet(1, 1), packet(0x1fff, 8), packet(0x1fff, 3), jump)).toBe(0);
  });
  it('are one for each hole', () => {
    expect(errors(packet(1, 1), packet(1, 3), packet(1, 4), packet(1, 9))).toBe(2);
  });
});
