// One moment of the model as a state with a sentence for the reader.

import type { AccessPath, Directions, LinkState } from '../model/access.ts';
import type { Carried } from './capacity.ts';
import type { PathCondition } from './condition.ts';

export interface Moment {
  /** The path packets are sent to, undefined = no route. */
  readonly inForce:
    | {
        readonly path: AccessPath;
        readonly condition: PathCondition;
        /** The routers no longer trust it. */
        readonly known: boolean;
        readonly carried: Carried;
        readonly demand: Directions;
      }
    | undefined;
  /** The path whose route is being programmed. */
  readonly next: AccessPath | undefined;
}

export function describe({ inForce, next }: Moment): Omit<LinkState, 'fromMs' | 'toMs'> {
  const nothing = { capacityMbps: { in: 0, back: 0 }, lossShare: { in: 1, back: 1 } };
  if (!inForce)
    return {
      state: next ? 'dropping' : 'partitioned',
      path: undefined,
      ...nothing,
      latencyMs: 0,
      why: next ? `route to ${next.name} is being programmed` : 'no path is left',
    };
  const { path, condition, known, carried } = inForce;
  const common = { path: path.name, latencyMs: path.latencyMs };
  if (!carried.passes) {
    const open = known || condition.filter === 'drops-traffic';
    const why = blockedWhy(path, condition, next);
    return { ...common, ...nothing, state: open ? 'dropping' : 'holding', why };
  }
  const { capacityMbps, lossShare } = carried;
  const lossy = lossShare.in > 0 || lossShare.back > 0;
  const why = lossy ? lossWhy(path, condition, carried, inForce.demand) : `over ${path.name}`;
  return { ...common, capacityMbps, lossShare, state: lossy ? 'degraded' : 'up', why };
}

function blockedWhy(
  { name }: AccessPath,
  condition: PathCondition,
  next: AccessPath | undefined,
): string {
  const then = next ? `; route to ${next.name} is being programmed` : '';
  if (condition.deadOpenly) return `${name} is down, its interface shows it${then}`;
  if (condition.deadSilently) return `${name} is down${then || '; its session has not noticed'}`;
  if (condition.testing) return `sessions of ${name} are down for a failover test${then}`;
  if (condition.filter === 'drops-traffic')
    return `${name} advertises routes but passes nothing${then}`;
  return `the tunnel in use of ${name} is down, its session has not noticed${then}`;
}

function lossWhy(
  { name }: AccessPath,
  condition: PathCondition,
  { capacityMbps }: Carried,
  demand: Directions,
): string {
  const reasons = [
    ...(condition.lossShare > 0
      ? [`${name} loses ${percent(condition.lossShare)} of packets`]
      : []),
    ...(['in', 'back'] as const)
      .filter((direction) => demand[direction] > capacityMbps[direction])
      .map(
        (direction) =>
          `${name} carries ${Math.floor(capacityMbps[direction])} of ${demand[direction]} Mbit/s ${direction}`,
      ),
  ];
  return reasons.join('; ') || `a tunnel of ${name} is dead and still used`;
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
