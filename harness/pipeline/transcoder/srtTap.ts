// Stands before the listener of an SRT contribution, and counts the datagrams that come by their numbers:
// what SRT hands on is whole, and shows nothing of what the link has lost.

import { createSocket, type Socket } from 'node:dgram';
import { numberMeter } from '../../model/rtp.ts';
import { readSrt } from '../../model/srt.ts';
import type { Address } from '../../model/world.ts';
import { bindDatagrams, datagramFaults } from '../datagrams.ts';
import type { StageStats } from '../contract.ts';

export interface SrtTap {
  /** The listener's own address. */
  readonly listener: Address;
  readonly stats: () => StageStats;
  readonly stop: () => void;
}

const HERE = '127.0.0.1';

/** @throws HarnessError PORT_TAKEN */
export async function tapSrt(listen: Address): Promise<SrtTap> {
  const outer = await bindDatagrams(listen);
  const listener = await freeAddress();
  const numbers = numberMeter();
  let datagramsIn = 0;
  let caller: { readonly at: Address; readonly inner: Socket } | undefined;
  /** The newest caller is the sender: one that comes back has another port. */
  const innerFor = (at: Address): Socket => {
    if (caller?.at.host === at.host && caller.at.port === at.port) return caller.inner;
    caller?.inner.close();
    const inner = createSocket('udp4');
    // Nobody listens just now: the datagram is lost, as on any network.
    inner.on('error', () => undefined);
    inner.on('message', (datagram) => outer.send(datagram, at.port, at.host));
    caller = { at, inner };
    return inner;
  };
  outer.on('message', (datagram, { address, port }) => {
    const packet = readSrt(datagram);
    if (packet) {
      datagramsIn += 1;
      numbers.take(packet);
    }
    innerFor({ host: address, port }).send(datagram, listener.port, listener.host);
  });
  return {
    listener,
    stats: () => ({ datagramsIn, ...datagramFaults(numbers.counts) }),
    stop: () => {
      outer.close();
      caller?.inner.close();
    },
  };
}

async function freeAddress(): Promise<Address> {
  const socket = await bindDatagrams({ host: HERE, port: 0 });
  const { port } = socket.address();
  socket.close();
  return { host: HERE, port };
}
