// Counts what a set-top box receives, over all of its channels.

import { systemClock } from '../../harness/kernel/clock.ts';
import type { ViewerRecord } from '../../harness/model/history.ts';
import { tablesMeter } from '../../harness/model/programTables.ts';
import { numberMeter, readRtp } from '../../harness/model/rtp.ts';
import type { Repair } from './repair.ts';
import { continuityMeter, PACKET_BYTES, SYNC_BYTE } from '../../harness/model/transportStream.ts';

export interface Reception {
  /** Counts anew from the first datagram of a channel on; gives the packets of each. */
  readonly tuned: (
    repair?: Pick<Repair, 'counts'>,
  ) => (datagram: Uint8Array) => Uint8Array | undefined;
  readonly counts: () => NonNullable<ViewerRecord['reception']>;
  /** The time since a packet was missing. */
  readonly sinceErrorMs: () => number;
}

export function createReception(): Reception {
  let datagrams = 0;
  let errorAtMs = -Infinity;
  let before = { continuityErrors: 0, tableErrors: 0, lost: 0, repaired: 0 };
  let service: string | undefined;
  let now = () => before;
  return {
    tuned: (repair) => {
      const past = (before = now());
      const [continuity, tables, numbers] = [continuityMeter(), tablesMeter(), numberMeter()];
      now = () => {
        const { lost, repaired } = repair?.counts ?? { lost: numbers.counts.lost, repaired: 0 };
        return {
          continuityErrors: past.continuityErrors + continuity.errors,
          tableErrors: past.tableErrors + tables.errors,
          lost: past.lost + lost,
          repaired: past.repaired + repaired,
        };
      };
      return (datagram) => {
        const packet = readRtp(datagram);
        if (packet) numbers.take(packet);
        const packets = packet?.payload ?? datagram;
        if (packets[0] !== SYNC_BYTE || packets.length % PACKET_BYTES !== 0) return undefined;
        datagrams += 1;
        const errors = continuity.errors;
        continuity.take(packets);
        tables.take(packets, systemClock.epochMs());
        service = tables.service ?? service;
        if (continuity.errors > errors) errorAtMs = systemClock.epochMs();
        return packets;
      };
    },
    sinceErrorMs: () => systemClock.epochMs() - errorAtMs,
    counts: () => ({ datagrams, ...now(), ...(service !== undefined && { service }) }),
  };
}
