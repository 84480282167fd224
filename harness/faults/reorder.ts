// Datagrams that later ones overtake, as they do where packets of one stream go by several paths.

import { count, mapping, shareAboveZero } from '../fields/fields.ts';
import type { OnLinks } from '../model/scenario.ts';
import { writing, type LinkKind } from './kind.ts';
import { carriesAgain, percent } from './words.ts';

export interface ReorderFault extends OnLinks {
  readonly kind: 'reorder';
  /** Share of the datagrams, 0..1. */
  readonly share: number;
  /** The number of later ones that overtake each. */
  readonly by: number;
}

declare module '../model/fault.ts' {
  interface LinkFaults {
    reorder: ReorderFault;
  }
}

const field = mapping('Let datagrams of a UDP link arrive in another order.', {
  share: shareAboveZero('Share of the datagrams that are overtaken.'),
  by: count('Later datagrams that overtake each of them.', 1, 100).default(1),
});

export const reorder: LinkKind<ReorderFault> = {
  kind: 'reorder',
  on: 'links',
  writings: {
    reorder: writing({ field, read: ({ share, by }) => ({ kind: 'reorder', share, by }) }),
  },
  injected: ({ share }, where) => `${percent(share)} of what passes ${where} is overtaken`,
  healed: carriesAgain,
  effect: ({ share, by }) => `${percent(share)} overtaken by ${by}`,
  verb: () => ({ verb: 'reordered packets on', told: true }),
  datagrams: 'only',
  toxics: ({ share, by }) => [{ type: 'reorder', attributes: { rate: share, distance: by } }],
  numbers: () => ({ passes: true }),
  // One that is held back while others are held back too arrives in its place among them.
  stream: ({ share }) => ({ kind: 'datagrams', lack: 'late', share: share * (1 - share) }),
};
