// Computes the share of the demand a path carries in a condition. A full path drops the excess.

import type { AccessPath, Direction, Directions } from '../model/access.ts';
import type { PathCondition } from './condition.ts';
import { roundShare } from './path.ts';

export interface Carried {
  /** Packets pass at all. */
  readonly passes: boolean;
  /** The traffic that can pass, each direction. */
  readonly capacityMbps: Directions;
  /** Share of the demand that is lost, each direction. */
  readonly lossShare: Directions;
}

export interface Carrying {
  readonly path: AccessPath;
  /** Undefined = nothing is the matter. */
  readonly condition: PathCondition | undefined;
  readonly membersNoticed: number;
  readonly demand: Directions;
}

const NOTHING_PASSES: Carried = {
  passes: false,
  capacityMbps: { in: 0, back: 0 },
  lossShare: { in: 1, back: 1 },
};

export function carried({ path, condition, membersNoticed, demand }: Carrying): Carried {
  if (condition && blocked(condition)) return NOTHING_PASSES;
  const spread = spreadDemand(path, condition?.membersDown ?? 0, membersNoticed);
  if (spread.lostShare === 1) return NOTHING_PASSES;
  const totalMbps = spread.mbps * (condition?.capacityShare ?? 1);
  const capacityMbps = split(path, totalMbps, demand);
  const passing = 1 - (condition?.lossShare ?? 0);
  const loss = (direction: Direction): number => {
    const offered = demand[direction] * (1 - spread.lostShare);
    const through = offered > 0 ? Math.min(1, capacityMbps[direction] / offered) : 1;
    return roundShare(1 - (1 - spread.lostShare) * through * passing);
  };
  return { passes: true, capacityMbps, lossShare: { in: loss('in'), back: loss('back') } };
}

const blocked = (condition: PathCondition): boolean =>
  condition.deadSilently ||
  condition.deadOpenly ||
  condition.testing ||
  condition.filter === 'drops-traffic';

/** Live capacity, and the share of packets still sent into dead tunnels. */
function spreadDemand(
  path: AccessPath,
  down: number,
  noticed: number,
): { readonly mbps: number; readonly lostShare: number } {
  switch (path.kind) {
    case 'connection':
    case 'internet':
      return { mbps: path.capacityMbps, lostShare: 0 };
    case 'lag':
      return { mbps: (path.members - down) * path.memberMbps, lostShare: 0 };
    case 'vpn': {
      const inUse = path.tunnels - noticed;
      const dead = Math.max(0, down - noticed);
      // Without ecmp the tunnel in use is taken to be the first to go: the worst case.
      if (!path.ecmp) return { mbps: path.tunnelMbps, lostShare: dead > 0 || inUse < 1 ? 1 : 0 };
      if (inUse < 1) return { mbps: 0, lostShare: 1 };
      return { mbps: (inUse - dead) * path.tunnelMbps, lostShare: dead / inUse };
    }
  }
}

/** A limit on the sum of both directions is shared in proportion to what each wants. */
function split(path: AccessPath, mbps: number, demand: Directions): Directions {
  if (path.kind !== 'vpn' || path.limit === 'per-direction') return { in: mbps, back: mbps };
  const wanted = demand.in + demand.back;
  const share = wanted > 0 ? demand.in / wanted : 0.5;
  return { in: mbps * share, back: mbps * (1 - share) };
}
