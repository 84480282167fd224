// The address that a set-top box tunes to: a group, and the number of its channel in the frame clock.

import { HarnessError } from '../../harness/model/errors.ts';
import type { Address } from '../../harness/model/world.ts';

export interface TunedChannel {
  readonly group: Address;
  readonly number: number;
  readonly url: string;
  /** The server that repairs, where there is one. */
  readonly repair?: Address;
}

/** @throws HarnessError INTERNAL for what is no address of a group. */
export function readChannel(url: string): TunedChannel {
  const { protocol, hostname, port, searchParams } = new URL(url);
  const number = Number(searchParams.get('channel'));
  const [host = '', at] = searchParams.get('repair')?.split(':') ?? [];
  const repair = at !== undefined && { repair: { host, port: Number(at) } };
  if (protocol === 'udp:' && port !== '' && number > 0)
    return { group: { host: hostname, port: Number(port) }, number, url, ...repair };
  throw new HarnessError('INTERNAL', `a set-top box cannot tune to ${url}`, { target: url });
}
