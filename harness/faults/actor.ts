// Describes the work of one kind of fault on a proxied flow. One file a kind, listed in registry.ts.

import type { LinkFault } from '../model/scenario.ts';
import type { StartedProxy, ToxicSpec } from '../model/world.ts';

export interface FaultActor<F extends LinkFault> {
  inject(fault: F, proxy: StartedProxy, id: string): Promise<void>;
  /** The first way back; registry.ts has a second one for when it fails. */
  heal(fault: F, proxy: StartedProxy, id: string): Promise<void>;
}

type Stream = ToxicSpec['stream'];

/** Gives a fault's streams as the proxy sees it: forward is away from the one that connects. */
function streamsOf({ direction }: LinkFault): readonly Stream[] {
  if (direction === undefined) return ['upstream', 'downstream'];
  return direction === 'forward' ? ['upstream'] : ['downstream'];
}

type Toxic = Pick<ToxicSpec, 'type' | 'attributes'> & { readonly id: string };

/** The same toxic on each way that the fault concerns. */
export async function addToxics(
  fault: LinkFault,
  proxy: StartedProxy,
  toxic: Toxic,
): Promise<void> {
  const { id, type, attributes } = toxic;
  await Promise.all(
    streamsOf(fault).map((stream) =>
      proxy.addToxic({ name: toxicName(id, stream), type, attributes, stream, toxicity: 1 }),
    ),
  );
}

/** Tries all even when one fails, then rejects with the first failure. */
export async function removeToxics(
  fault: LinkFault,
  proxy: StartedProxy,
  id: string,
): Promise<void> {
  const results = await Promise.allSettled(
    streamsOf(fault).map((stream) => proxy.removeToxic(toxicName(id, stream))),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Stands in the path of an HTTP call, so it keeps to letters, digits and dashes. */
const toxicName = (id: string, stream: Stream): string =>
  `${id.replaceAll(/[^a-zA-Z0-9]+/g, '-')}-${stream}`;
