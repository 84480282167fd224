// Sockets for datagrams.

import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { numberMeter } from '../model/rtp.ts';
import type { Address } from '../model/world.ts';
import { portTaken } from './listen.ts';

/** Holds what a burst of several seconds brings while this program is late. */
const RECEIVE_BYTES = 4 * 1024 * 1024;

/** Binds; PORT_TAKEN when a fixed port is in use. */
export function bindDatagrams({ host, port }: Address): Promise<Socket> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portTaken({ host, port }) : error),
    );
    socket.bind(port, host, () => {
      socket.setRecvBufferSize(RECEIVE_BYTES);
      // A datagram that cannot be sent is lost, as on any network.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Tells of numbered datagrams which did not come, which came twice, and which came late. */
export const datagramFaults = ({
  lost,
  twice,
  late,
}: ReturnType<typeof numberMeter>['counts']) => ({
  datagramsLost: lost,
  datagramsTwice: twice,
  datagramsLate: late,
});

/** Asks for the number of a name once: a socket would at each datagram. */
export async function resolveHost({ host, port }: Address): Promise<Address> {
  const { address } = await lookup(host, { family: 4 });
  return { host: address, port };
}
