// Datagrams that arrive twice, as they do where two paths of a network carry the same.

import { mapping, shareAboveZero } from '../fields/fields.ts';
import type { OnLinks } from '../model/scenario.ts';
import { writing, type LinkKind } from './kind.ts';
import { carriesAgain, percent } from './words.ts';

export interface DuplicateFault extends OnLinks {
  readonly kind: 'duplicate';
  /** Share of the datagrams, 0..1. */
  readonly share: number;
}

declare module '../model/fault.ts' {
  interface LinkFaults {
    duplicate: DuplicateFault;
  }
}

export const duplicate: LinkKind<DuplicateFault> = {
  kind: 'duplicate',
  on: 'links',
  writings: {
    duplicate: writing({
      field: mapping('Send datagrams of a UDP link twice.', {
        share: shareAboveZero('Share of the datagrams that come twice.'),
      }),
      read: ({ share }) => ({ kind: 'duplicate', share }),
    }),
  },
  injected: ({ share }, where) => `${percent(share)} of what passes ${where} comes twice`,
  healed: carriesAgain,
  effect: ({ share }) => `${percent(share)} twice`,
  verb: () => ({ verb: 'repeated packets on', told: true }),
  datagrams: 'only',
  toxics: ({ share }) => [{ type: 'duplicate', attributes: { rate: share } }],
  numbers: () => ({ passes: true }),
  stream: ({ share }) => ({ kind: 'datagrams', lack: 'twice', share }),
};
