// Faults on paths of an access: how they are written and what a part of one is. Routing makes faults
// on links of them.

import { z } from 'zod';
import { choice, count, share } from '../fields/fields.ts';
import type { PathFault, PathHappening } from '../model/scenario.ts';
import type { Step } from './kind.ts';

export const pathFields = {
  state: choice(
    'The thing done to the paths: down (timers must notice), dark (loss of light), withdrawn (routes taken back), tested (a failover test), or a filter that shows when the path is needed.',
    ['down', 'dark', 'withdrawn', 'tested', 'advertises-nothing', 'drops-traffic'],
  ).optional(),
  members: count(
    'The number of ports of a lag or tunnels of a vpn that go down; all when not said.',
    1,
    50,
  ).optional(),
  degraded: z
    .strictObject({
      loss: share('Share of packets lost, while routing notices nothing.').prefault('0%'),
      capacity: share('Share of the capacity that is left.').prefault('100%'),
    })
    .refine(({ loss, capacity }) => loss > 0 || capacity < 1, {
      error: 'expected a loss above 0%, or a capacity below 100%',
    })
    .refine(({ loss, capacity }) => loss < 1 && capacity > 0, {
      error:
        'expected a loss below 100% and a capacity above 0%: what passes nothing is state: down',
    })
    .optional()
    .describe('A grey failure of the paths: BGP and BFD stay up.'),
};
type PathFile = z.output<z.ZodObject<typeof pathFields>>;

/** The keys of a fault on paths of an access; exactly one of these. */
export const PATH_KEYS = ['state', 'degraded'] as const;

/** Undefined when none of the keys is there, which has been reported. */
export function readHappening({ degraded, state, members }: PathFile): PathHappening | undefined {
  if (degraded)
    return { kind: 'degraded', lossShare: degraded.loss, capacityShare: degraded.capacity };
  switch (state) {
    case 'advertises-nothing':
    case 'drops-traffic':
      return { kind: 'filtered', filter: state };
    case 'dark':
    case 'withdrawn':
    case 'tested':
      return { kind: state };
    case 'down':
      return members === undefined ? { kind: 'down' } : { kind: 'down', members };
    case undefined:
      return undefined;
  }
}

/** A part of the size of a grey failure; nothing else on a path has a size. */
export function sizedPath(fault: PathFault, { share }: Step): PathFault {
  if (fault.happens.kind !== 'degraded') return fault;
  const { lossShare, capacityShare } = fault.happens;
  return {
    ...fault,
    happens: {
      kind: 'degraded',
      lossShare: lossShare * share,
      capacityShare: 1 - (1 - capacityShare) * share,
    },
  };
}
