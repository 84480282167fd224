// Cutting a link. Toxiproxy has no "cut", it has toxics with side effects; each effect is mapped
// to the one whose side effects are the wanted ones:
//
//   hold    bandwidth 0    bytes wait in the proxy without loss and flush at the heal
//   drop    timeout 0      bytes are acknowledged and lost; connections close at the heal
//   refuse  disabled       connections are closed, new ones refused
//   reset   reset_peer 0   open connections are reset at their next byte, new ones at once
//
// Datagrams are lost, or nobody listens: a UDP link has no connections to hold or to reset.

import { choice } from '../fields/fields.ts';
import { readTransport, type OnLinks } from '../model/scenario.ts';
import { writing, type Asked, type LinkKind, type Mistake, type Toxic } from './kind.ts';
import { carriesAgain } from './words.ts';

/** The effect of a cut link on bytes. */
export type CutEffect = 'hold' | 'drop' | 'refuse' | 'reset';

export interface CutFault extends OnLinks {
  readonly kind: 'cut';
  readonly effect: CutEffect;
}

declare module '../model/fault.ts' {
  interface LinkFaults {
    cut: CutFault;
  }
}

const DROP: Toxic = { type: 'timeout', attributes: { timeout: 0 } };

const EFFECTS: Readonly<Record<CutEffect, { readonly says: string; readonly toxic?: Toxic }>> = {
  hold: { says: 'bytes wait', toxic: { type: 'bandwidth', attributes: { rate: 0 } } },
  drop: { says: 'bytes are lost', toxic: DROP },
  refuse: { says: 'connections are closed and refused' },
  reset: {
    says: 'connections are reset',
    toxic: { type: 'reset_peer', attributes: { timeout: 0 } },
  },
};

export const cut: LinkKind<CutFault> = {
  kind: 'cut',
  on: 'links',
  writings: {
    cut: writing({
      field: choice(
        'Cut the link. hold keeps bytes back, drop loses them, refuse closes the door, reset breaks connections.',
        ['hold', 'drop', 'refuse', 'reset'],
      ),
      read: (effect) => ({ kind: 'cut', effect }),
      check: (asked) => [...checkDirection(asked), ...checkDatagrams(asked)],
    }),
  },
  injected: ({ effect }, where) => `nothing passes ${where}: ${EFFECTS[effect].says}`,
  healed: carriesAgain,
  effect: ({ effect }) => effect,
  verb: () => ({ verb: 'cut', told: true }),
  nature: () => 'cut',
  // A proxy is switched off once: the first to end would end it for both.
  goesWith: (one, other) => one.effect !== 'refuse' || other.effect !== 'refuse',
  toxics: ({ effect }) => (EFFECTS[effect].toxic ? [EFFECTS[effect].toxic] : 'off'),
  datagrams: {
    // A path that is down holds what TCP will send again; of datagrams nothing is.
    toxics: ({ effect }) => (effect === 'refuse' ? 'off' : [DROP]),
    stream: () => ({ kind: 'silence' }),
  },
  numbers: () => ({ passes: false }),
  stream: () => ({ kind: 'silence' }),
  replies: 'silence',
  // One that loses bytes or connections does make a difference behind one that only holds them:
  // they do not come later.
  hides: ({ effect }, other) =>
    other.kind !== 'cut' || other.effect === 'hold' || effect !== 'hold',
};

/** Closing the door has no direction. */
function checkDirection({ value, written }: Asked<CutEffect>): Mistake[] {
  if (written['direction'] === undefined || (value !== 'refuse' && value !== 'reset')) return [];
  const message = `cut: ${value} works on whole connections: leave direction out, or hold or drop`;
  return [{ at: ['direction'], message, on: 'key' }];
}

function checkDatagrams({ value, links }: Asked<CutEffect>): Mistake[] {
  if (value !== 'hold' && value !== 'reset') return [];
  return links
    .filter((link) => readTransport(link) === 'udp')
    .map(({ name }) => ({
      at: ['cut'],
      message: `${name} is a UDP link, which has nothing to ${value}: expected drop or refuse`,
    }));
}
