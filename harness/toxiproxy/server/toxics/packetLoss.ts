// Drops chunks with probability `loss_rate`; after a dropped one, with `loss_rate + correlation`,
// so that losses come in bursts. On TCP the bytes are simply missing: no retransmission happens.

import { passThrough } from './passThrough.ts';
import type { ToxicKind } from './stage.ts';

/** A chunk of the official server is one read of at most this many bytes. */
const CHUNK_BYTES_MAX = 32 * 1024;

export const packetLoss: ToxicKind = {
  type: 'packet_loss',
  structName: 'PacketLossToxic',
  attributes: { loss_rate: 'float64', correlation: 'float64' },
  protocols: ['tcp', 'udp'],
  create(given, { random, outlet, datagrams }) {
    let attributes = given;
    let lostPrevious = false;

    const isLost = () => {
      const { loss_rate: rate = 0, correlation = 0 } = attributes;
      const chance = within01(rate) + (lostPrevious ? within01(correlation) : 0);
      lostPrevious = random.next() < Math.min(1, chance);
      return lostPrevious;
    };

    return passThrough(outlet, {
      write: (chunk) => {
        const pieceBytes = datagrams ? Math.max(1, chunk.length) : CHUNK_BYTES_MAX;
        let hasRoom = true;
        for (let at = 0; at < Math.max(1, chunk.length); at += pieceBytes) {
          if (!isLost()) hasRoom = outlet.send(chunk.subarray(at, at + pieceBytes));
        }
        return hasRoom;
      },
      update: (changed) => {
        attributes = changed;
      },
    });
  },
};

const within01 = (value: number): number => Math.min(1, Math.max(0, value));
