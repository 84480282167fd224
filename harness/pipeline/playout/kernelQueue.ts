// Bytes of a TCP connection that the kernel holds and the far side has not acknowledged. Node
// cannot make the kernel's send buffer small, so a sender that must not queue has to look at it.

import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** 0 where the system does not tell (anything but Linux): the kernel's buffer is then not counted. */
export async function kernelQueueBytes(socket: Socket): Promise<number> {
  if (socket.localPort === undefined) return 0;
  const table = socket.localFamily === 'IPv6' ? '/proc/net/tcp6' : '/proc/net/tcp';
  const text = await readFile(table, 'latin1').catch(() => '');
  return queueInTable(text, socket.localPort, socket.remotePort ?? 0);
}

/** Column 5 of /proc/net/tcp is tx_queue:rx_queue, all numbers hexadecimal. */
export function queueInTable(table: string, localPort: number, remotePort: number): number {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of table.split('\n')) {
    const [, local, remote, , queues] = line.trim().split(/\s+/);
    if (!local?.endsWith(`:${hex(localPort)}`) || !remote?.endsWith(`:${hex(remotePort)}`))
      continue;
    return Number.parseInt(queues?.split(':')[0] ?? '0', 16) || 0;
  }
  return 0;
}
