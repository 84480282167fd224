// The side of a set-top box that asks the repair server of its sender: for a burst when it tunes, and for
// what is missing in the group.

import { createSocket } from 'node:dgram';
import { systemClock } from '../../harness/kernel/clock.ts';
import { requestFeedback } from '../../harness/model/rtcp.ts';
import { readRtp } from '../../harness/model/rtp.ts';
import type { Address } from '../../harness/model/world.ts';
import type { BoxConfig } from '../settings/box.ts';
import { createOrder, type Order } from './order.ts';

/** Datagrams of a group, those that came and those that were asked for, in their order. */
export interface Repair {
  readonly take: (datagram: Uint8Array) => void;
  readonly counts: Order['counts'];
  readonly leave: () => void;
}

export interface RepairOptions {
  readonly server: Address;
  readonly by: string;
  readonly config: Pick<BoxConfig, 'repairMs' | 'burst'>;
  /** Packets of a transport stream. */
  readonly onPackets: (packets: Uint8Array) => void;
}

const TICK_MS = 20;

export function startRepair({ server, by, config, onPackets }: RepairOptions): Repair {
  const socket = createSocket('udp4');
  let isConnected = false;
  const ask = (request: Uint8Array) => {
    if (isConnected) socket.send(request);
  };
  const order = createOrder({
    waitMs: config.repairMs,
    behindBurst: config.burst,
    startedAtMs: systemClock.epochMs(),
    onPayload: onPackets,
    onMissing: (numbers, source) => ask(requestFeedback({ kind: 'missing', numbers }, source)),
  });
  // A request that cannot be sent is lost, as on any network.
  socket.on('error', () => undefined);
  socket.on('message', (datagram) => {
    const packet = readRtp(datagram);
    if (packet) order.takeAsked(packet, systemClock.epochMs());
  });
  socket.on('connect', () => {
    isConnected = true;
    if (config.burst) ask(requestFeedback({ kind: 'burst' }, 0));
  });
  socket.bind(0, by, () => socket.connect(server.port, server.host));
  const timer = setInterval(() => order.tick(systemClock.epochMs()), TICK_MS);
  return {
    take: (datagram) => {
      const packet = readRtp(datagram);
      if (packet) order.take(packet, systemClock.epochMs());
    },
    counts: order.counts,
    leave: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}
