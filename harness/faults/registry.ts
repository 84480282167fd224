// Every kind of link fault by its name, and how one is put on a proxied flow and taken off again.
// What is done to stages is in stage.ts.

import { HarnessError } from '../model/errors.ts';
import { isOnStages, type Fault, type LinkFault } from '../model/scenario.ts';
import type { StartedProxy } from '../model/world.ts';
import type { FaultActor } from './actor.ts';
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

/** How a flow was healed: the way it was hurt, or by making its proxy anew. */
export type HealedBy = 'removed' | 'recreated';

/**
 * Takes a fault off one flow. Removing a toxic under traffic can hang or fail; the second way is
 * to delete the proxy and create it again, which takes every other fault off that flow too.
 * @throws HarnessError HEAL_FAILED when both ways fail.
 */
export async function healFault(fault: Fault, proxy: StartedProxy, id: string): Promise<HealedBy> {
  const onLink = onLinks(fault);
  try {
    await actorOf(onLink).heal(onLink, proxy, id);
    return 'removed';
  } catch (first) {
    return recreate(proxy, first);
  }
}

async function recreate(proxy: StartedProxy, first: unknown): Promise<HealedBy> {
  try {
    await proxy.recreate();
    return 'recreated';
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
