// Tests that a sender lets whole packets through, within its limit.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queueInTable } from '../../../harness/pipeline/playout/kernelQueue.ts';
import { PACKET_BYTES } from '../../../harness/model/transportStream.ts';
import { packetDropper } from '../../../harness/pipeline/playout/packetDropper.ts';

test('lets everything through while there is room', () => {
  const dropper = packetDropper(100_000);
  expect(dropper.admit(Buffer.alloc(PACKET_BYTES * 7), 0)).toHaveLength(PACKET_BYTES * 7);
  expect(dropper.bytesDropped).toBe(0);
});

test('drops whole packets when the queue is full', () => {
  const dropper = packetDropper(PACKET_BYTES * 4);
  expect(dropper.admit(Buffer.alloc(PACKET_BYTES * 7), PACKET_BYTES * 2)).toHaveLength(
    PACKET_BYTES * 2,
  );
  expect(dropper.bytesDropped).toBe(PACKET_BYTES * 5);
  expect(dropper.admit(Buffer.alloc(PACKET_BYTES), Infinity)).toHaveLength(0);
});

test('a sender with the smallest of limits still sends on an idle link', () => {
  expect(packetDropper(0).admit(Buffer.alloc(PACKET_BYTES), 0)).toHaveLength(PACKET_BYTES);
});

test('cuts any stream at packet borders and accounts for every byte', () => {
  const chunk = fc.record({ bytes: fc.integer({ min: 0, max: 900 }), queued: fc.nat(3_000) });
  fc.assert(
    fc.property(fc.array(chunk), fc.nat(2_000), (chunks, limit) => {
      const dropper = packetDropper(limit);
      let given = 0;
      let sent = 0;
      for (const { bytes, queued } of chunks) {
        given += bytes;
        const packets = dropper.admit(Buffer.alloc(bytes), queued);
        expect(packets.length % PACKET_BYTES).toBe(0);
        if (packets.length > PACKET_BYTES)
          expect(queued + packets.length).toBeLessThanOrEqual(limit);
        sent += packets.length;
      }
      const rest = given - sent - dropper.bytesDropped;
      expect(rest).toBeGreaterThanOrEqual(0);
      expect(rest).toBeLessThan(PACKET_BYTES);
    }),
  );
});

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:A0B0 0100007F:1F90 01 0001E240:00000010 01:00000014 00000000     0        0 2 2
   2: 0100007F:1F90 0100007F:A0B0 01 00000000:00001000 00:00000000 00000000     0        0 3 2
`;

test('finds what the kernel still holds of a connection', () => {
  expect(queueInTable(TABLE, 0xa0b0, 0x1f90)).toBe(123_456);
  expect(queueInTable(TABLE, 0x1f90, 0xa0b0)).toBe(0);
});

test('takes a connection that is not in the table, or no table, for an empty queue', () => {
  expect(queueInTable(TABLE, 1, 2)).toBe(0);
  expect(queueInTable('', 0xa0b0, 0x1f90)).toBe(0);
});
