// A transport stream without a clock at a sender.

import { expect, it } from 'vitest';
import { watchClock } from '../../../harness/pipeline/multicast/clockWatch.ts';
import { PACKET_BYTES, SYNC_BYTE } from '../../../harness/model/transportStream.ts';

const packetOf = (...head: readonly number[]): Uint8Array => {
  const packet = new Uint8Array(PACKET_BYTES);
  packet.set([SYNC_BYTE, ...head]);
  return packet;
};
const CLOCK = packetOf(0x01, 0, 0x30, 7, 0x10);
const RANDOM_ACCESS_ALONE = packetOf(0x41, 0, 0x30, 1, 0x40);
const PLAIN = packetOf(0x01, 0, 0x10);

it.each([PLAIN, RANDOM_ACCESS_ALONE])('a stream without a clock is refused once', (packet) => {
  const errors: string[] = [];
  const take = watchClock(({ message }) => errors.push(message));
  for (let i = 0; i < 499; i++) take(packet);
  expect(errors).toEqual([]);
  for (let i = 0; i < 1_000; i++) take(packet);
  expect(errors).toEqual(['the transport stream that arrives carries no clock (PCR)']);
});

it('one with a clock now and then is not', () => {
  const errors: unknown[] = [];
  const take = watchClock((error) => errors.push(error));
  for (let i = 0; i < 2_000; i++) take(i % 400 === 0 ? CLOCK : PLAIN);
  expect(errors).toEqual([]);
});
