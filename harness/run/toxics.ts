// Puts a fault on a proxied flow, and takes it off again.

import { onTransport } from '../faults/kinds.ts';
import type { Toxic } from '../faults/kind.ts';
import { HarnessError } from '../model/errors.ts';
import type { LinkFault } from '../model/scenario.ts';
import type { StartedProxy, ToxicSpec } from '../model/world.ts';
import type { InForce } from '../faults/inForce.ts';

/**
 * `id` is the occurrence (model/plan.ts): inject and heal must be given the same one.
 * @throws HarnessError LINK_CONTROL_FAILED
 */
export async function injectFault(
  fault: LinkFault,
  proxy: StartedProxy,
  id: string,
): Promise<void> {
  const toxics = onTransport(fault, proxy.transport).toxics(fault);
  if (toxics === 'off') return proxy.setEnabled(false);
  await Promise.all(toxicSpecs(fault, toxics, id).map((toxic) => proxy.addToxic(toxic)));
}

/** The way a flow was healed: the way it was hurt, or by making its proxy anew. */
export type HealedBy = 'removed' | 'recreated';

export interface Healing {
  /** The occurrence that ends. */
  readonly id: string;
  /** The faults still in force there, in the order in which they began. */
  readonly others: readonly Pick<InForce, 'id' | 'fault'>[];
}

/**
 * Takes a fault off one flow. Removing a toxic under traffic can hang or fail; the second way is
 * to delete the proxy and create it again. That takes every other fault off the flow too, so these
 * are put on again.
 * @throws HarnessError HEAL_FAILED when both ways fail, LINK_CONTROL_FAILED when another fault
 * could not be put on again.
 */
export async function healFault(
  fault: LinkFault,
  proxy: StartedProxy,
  { id, others }: Healing,
): Promise<HealedBy> {
  try {
    await remove(fault, proxy, id);
    return 'removed';
  } catch (first) {
    await recreate(proxy, first);
    for (const other of others) await injectFault(other.fault, proxy, other.id);
    return 'recreated';
  }
}

/** Tries all toxics even when one fails, then rejects with the first failure. */
async function remove(fault: LinkFault, proxy: StartedProxy, id: string): Promise<void> {
  const toxics = onTransport(fault, proxy.transport).toxics(fault);
  if (toxics === 'off') return proxy.setEnabled(true);
  const results = await Promise.allSettled(
    toxicSpecs(fault, toxics, id).map(({ name }) => proxy.removeToxic(name)),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
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

/** The same toxics on each way that the fault concerns. */
const toxicSpecs = (fault: LinkFault, toxics: readonly Toxic[], id: string): ToxicSpec[] =>
  toxics.flatMap(({ type, attributes, part }) =>
    hurtStreams(fault).map((stream) => ({
      name: toxicName(part === undefined ? id : `${id}-${part}`, stream),
      type,
      attributes,
      stream,
      toxicity: 1,
    })),
  );

/** Gives a fault's streams as the proxy sees it: forward is away from the one that connects. */
function hurtStreams({ direction }: LinkFault): readonly ToxicSpec['stream'][] {
  if (direction === undefined) return ['upstream', 'downstream'];
  return direction === 'forward' ? ['upstream'] : ['downstream'];
}

/** Stands in the path of an HTTP call, so it keeps to letters, digits and dashes. */
const toxicName = (id: string, stream: string): string =>
  `${id.replaceAll(/[^a-zA-Z0-9]+/g, '-')}-${stream}`;
