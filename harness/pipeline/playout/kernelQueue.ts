// Bytes of a TCP connection that the kernel holds and the far side has not acknowledged. Node
// cannot make the kernel's send buffer small, so a sender that must not queue has to look at it.

import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** 0 where the system does not tell (anything but Linux): the kernel's buffer is then not counted. */
export async function kernelQueueBytes(socket: Socket): Promise<number> {
  // The ports are asked for before the wait: a socket that closes meanwhile forgets them.
  const { localPort, remotePort, localFamily } = socket;
  if (localPort === undefined) return 0;
  const table = localFamily === 'IPv6' ? '/proc/net/tcp6' : '/proc/net/tcp';
  const text = await readFile(table, 'latin1').catch(() => '');
  return queueInTable(text, localPort, remotePort ?? 0);
}

/** A line is `n: local:port remote:port state tx_queue:rx_queue …`, all numbers hexadecimal. */
export function queueInTable(table: string, localPort: number, remotePort: number): number {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  const line = new RegExp(`:${hex(localPort)} [0-9A-F]+:${hex(remotePort)} .. ([0-9A-F]+):`);
  return Number.parseInt(line.exec(table)?.[1] ?? '0', 16);
}
