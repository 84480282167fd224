// Every kind of link fault by its name, and how one is put on a proxied flow and taken off again.
// What is done to stages is in stage.ts.

import { HarnessError } from '../model/errors.ts';
import { isOnStages, type Fault, type LinkFault } from '../model/scenario.ts';
import type { StartedProxy } from '../model/world.ts';
import type { FaultActor } from './actor.ts';
import type { InForce } from './inForce.ts';
import { bandwidth } from './bandwidth.ts';
import { cut } from './cut.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { slice } from './slice.ts';

type Actors = {
  readonly [K in LinkFault['kind']]: FaultActor<Extract<LinkFault, { kind: K }>>;
};

const ACTORS: Actors = { cut, latency, bandwidth, loss, slice };

/**
 * Puts a fault on one flow. `id` is the occurrence (model/plan.ts): inject and heal must be given
 * the same one. @throws HarnessError LINK_CONTROL_FAILED
 */
export async function injectFault(fault: Fault, proxy: StartedProxy, id: string): Promise<void> {
  const onLink = onLinks(fault);
  await actorOf(onLink).inject(onLink, proxy, id);
}

/** The way a flow was healed: the way it was hurt, or by making its proxy anew. */
export type HealedBy = 'removed' | 'recreated';

/**
 * Takes a fault off one flow. Removing a toxic under traffic can hang or fail; the second way is
 * to delete the proxy and create it again. That takes every other fault off the flow too, so
 * `others`, what is still in force there, is put on again, in the order in which it began.
 * @throws HarnessError HEAL_FAILED when both ways fail, LINK_CONTROL_FAILED when another fault
 * could not be put on again.
 */
export async function healFault(
  fault: Fault,
  proxy: StartedProxy,
  { id, others }: Healing,
): Promise<HealedBy> {
  const onLink = onLinks(fault);
  try {
    await actorOf(onLink).heal(onLink, proxy, id);
    return 'removed';
  } catch (first) {
    await recreate(proxy, first);
    for (const other of others) await actorOf(other.fault).inject(other.fault, proxy, other.id);
    return 'recreated';
  }
}

export interface Healing {
  /** The occurrence that ends. */
  readonly id: string;
  readonly others: readonly Pick<InForce, 'id' | 'fault'>[];
}

async function recreate(proxy: StartedProxy, first: unknown): Promise<void> {
  try {
    await proxy.recreate();
  } catch (second) {
    const why = [first, second].map((error) => (error as Error).message ?? String(error));
    throw new HarnessError('HEAL_FAILED', `${proxy.name} is still hurt: ${why.join('; then ')}`, {
      target: proxy.name,
      hint: 'restart the Toxiproxy server: nothing else takes its toxics off now',
      cause: second,
    });
  }
}

function actorOf(fault: LinkFault): FaultActor<LinkFault> {
  return ACTORS[fault.kind];
}

function onLinks(fault: Fault): LinkFault {
  if (!isOnStages(fault)) return fault;
  throw new HarnessError('INTERNAL', `a proxy cannot do what is done to stages: ${fault.kind}`);
}
