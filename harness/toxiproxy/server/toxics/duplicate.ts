// Sends a datagram twice, with chance `rate`. UDP only.

import { passThrough } from './passThrough.ts';
import type { ToxicKind } from './stage.ts';

export const duplicate: ToxicKind = {
  type: 'duplicate',
  structName: 'DuplicateToxic',
  attributes: { rate: 'float64' },
  protocols: ['udp'],
  create(given, { random, outlet }) {
    let attributes = given;
    return passThrough(outlet, {
      write: (chunk) => {
        if (random.next() < (attributes['rate'] ?? 0)) outlet.send(chunk);
        return outlet.send(chunk);
      },
      update: (changed) => {
        attributes = changed;
      },
    });
  },
};
