// What one kind of fault knows how to do to a proxied flow. One file a kind; registry.ts lists them.

import type { Fault } from '../model/scenario.ts';
import type { StartedProxy, ToxicSpec } from '../model/world.ts';

export interface FaultActor<F extends Fault> {
  inject(fault: F, proxy: StartedProxy, id: string): Promise<void>;
  /** The first way back; registry.ts has a second one for when it fails. */
  heal(fault: F, proxy: StartedProxy, id: string): Promise<void>;
}

export const STREAMS = ['upstream', 'downstream'] as const;

type Toxic = Pick<ToxicSpec, 'type' | 'attributes'>;

/** The same toxic on both ways of a flow: a cable has no direction. */
export async function addToxics(proxy: StartedProxy, id: string, toxic: Toxic): Promise<void> {
  await Promise.all(
    STREAMS.map((stream) =>
      proxy.addToxic({ ...toxic, name: toxicName(id, stream), stream, toxicity: 1 }),
    ),
  );
}

/** Tries both even when one fails, then rejects with the first failure. */
export async function removeToxics(proxy: StartedProxy, id: string): Promise<void> {
  const results = await Promise.allSettled(
    STREAMS.map((stream) => proxy.removeToxic(toxicName(id, stream))),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Stands in the path of an HTTP call, so it keeps to letters, digits and dashes. */
const toxicName = (id: string, stream: string): string =>
  `${id.replaceAll(/[^a-zA-Z0-9]+/g, '-')}-${stream}`;
