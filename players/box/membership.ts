// Membership of a multicast group. On Linux a group belongs to the machine: a socket that is bound
// to its address hears it as long as any program is a member, so that leaving is closing the socket.

import { createSocket } from 'node:dgram';
import type { Address } from '../../harness/model/world.ts';

export interface Membership {
  readonly leave: () => void;
}

export interface MembershipOptions {
  readonly group: Address;
  /** Address of the interface that the group comes in by. */
  readonly by: string;
  readonly onDatagram: (datagram: Uint8Array) => void;
  readonly onFailed: (why: string) => void;
}

/** Holds what comes within a second or two while this program is late. */
const RECEIVE_BYTES = 2 * 1024 * 1024;

export function joinGroup({ group, by, onDatagram, onFailed }: MembershipOptions): Membership {
  // Several boxes of one machine have the same address.
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  let isOpen = true;
  const close = () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  socket.on('message', onDatagram);
  socket.on('error', ({ message }) => {
    close();
    onFailed(message);
  });
  // Bound to the group: at any address of this machine it would hear every group of its port.
  socket.bind(group.port, group.host, () => {
    socket.setRecvBufferSize(RECEIVE_BYTES);
    socket.addMembership(group.host, by);
  });
  return { leave: close };
}
