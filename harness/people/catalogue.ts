// The behaviours that a scenario can name, one line each.

import type { Behaviour } from './behaviour.ts';
import { leaves } from './leaves.ts';
import { reboots } from './reboots.ts';
import { reloads } from './reloads.ts';
import { zaps } from './zaps.ts';

export type Behaviours = Readonly<Record<string, Behaviour>>;

export const BEHAVIOURS = {
  stay: {},
  reloads,
  zaps,
  reboots,
  leaves,
} as const satisfies Behaviours;

export const findBehaviour = (
  { behaviour = 'stay' }: { readonly behaviour?: string },
  behaviours: Behaviours = BEHAVIOURS,
): Behaviour => behaviours[behaviour] ?? BEHAVIOURS.stay;
