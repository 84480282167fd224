// A made-up fault on links: so many bytes pass on each connection, then it closes. Nothing in the
// product knows it; the compiler holds it against everything that knows faults.

import { count } from '../../../harness/fields/fields.ts';
import { writing, type LinkKind } from '../../../harness/faults/kind.ts';
import { carriesAgain } from '../../../harness/faults/words.ts';
import type { OnLinks } from '../../../harness/model/scenario.ts';

export interface LimitFault extends OnLinks {
  readonly kind: 'limit';
  readonly bytesMax: number;
}

declare module '../../../harness/model/fault.ts' {
  interface LinkFaults {
    limit: LimitFault;
  }
}

export const limit: LinkKind<LimitFault> = {
  kind: 'limit',
  on: 'links',
  writings: {
    limit: writing({
      field: count('Close each connection after so many bytes.', 1, 1_000_000_000),
      read: (bytesMax) => ({ kind: 'limit', bytesMax }),
    }),
  },
  injected: ({ bytesMax }, where) => `${where} closes after ${bytesMax} bytes`,
  healed: carriesAgain,
  effect: ({ bytesMax }) => `${bytesMax} bytes`,
  verb: () => ({ verb: 'limited', told: true }),
  sized: (fault, { share }) => ({ ...fault, bytesMax: Math.round(fault.bytesMax / share) }),
  toxics: ({ bytesMax }) => [{ type: 'limit_data', attributes: { bytes: bytesMax } }],
  numbers: () => ({ passes: false }),
  stream: () => ({ kind: 'silence' }),
  replies: 'silence',
};
