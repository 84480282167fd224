// The group that a channel is sent to, and the address by which set-top boxes tune to it.

import type { MulticastStage } from './stages.ts';
import type { Address } from './world.ts';

/**
 * The group of a channel. One that the design does not name is of a block that is free for use within
 * an organisation (RFC 2365), and a port that it does not name is that of the sender: the system gives
 * it to one program of this machine, so that two runs do not hear each other.
 */
export function chooseGroup(
  { groups }: Pick<MulticastStage, 'groups'>,
  channel: { readonly name: string; readonly number: number },
  sender: Pick<Address, 'port'>,
): Address {
  const { host, port = sender.port } = groups[channel.name] ?? {
    host: `239.255.42.${channel.number}`,
  };
  return { host, port };
}

/**
 * `channel` is the number in the frame clock, by which a box knows that it sees the right one; `repair`
 * is the address of the repair server, where there is one.
 */
export const groupUrl = ({ host, port }: Address, channel: number, repair?: Address): string =>
  `udp://${host}:${port}?channel=${channel}${repair ? `&repair=${repair.host}:${repair.port}` : ''}`;
