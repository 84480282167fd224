// The toxics of one proxy, in the order they were added, and the links they act on.

import { toxicAlreadyExists, toxicNotFound } from './apiError.ts';
import type { Chain } from './chain.ts';
import type { Stream, Toxic } from './toxic.ts';
import type { ExactAttributes } from './toxics/stage.ts';

/** Whatever has living links. */
export interface ToxicTarget {
  chains(stream: Stream): Iterable<Chain>;
}

export interface ToxicList {
  /** Arrays that change in place: a new link reads them when it starts. */
  readonly byStream: Readonly<Record<Stream, readonly Toxic[]>>;
  /** Upstream first, as Toxiproxy lists them. */
  all(): readonly Toxic[];
  get(name: string): Toxic;
  requireFree(name: string): void;
  add(toxic: Toxic): void;
  update(name: string, change: { toxicity: number; attributes: ExactAttributes }): Toxic;
  remove(name: string): void;
  reset(): void;
}

export function createToxicList(target: () => ToxicTarget): ToxicList {
  const byStream: Record<Stream, Toxic[]> = { upstream: [], downstream: [] };
  const all = () => [...byStream.upstream, ...byStream.downstream];

  const get = (name: string): Toxic => {
    const found = all().find((toxic) => toxic.name === name);
    if (!found) throw toxicNotFound();
    return found;
  };

  const requireFree = (name: string) => {
    if (all().some((toxic) => toxic.name === name)) throw toxicAlreadyExists();
  };

  const remove = (name: string) => {
    const toxic = get(name);
    const order = byStream[toxic.stream];
    order.splice(order.indexOf(toxic), 1);
    for (const chain of target().chains(toxic.stream)) chain.detach(toxic);
  };

  return {
    byStream,
    all,
    get,
    requireFree,
    add: (toxic) => {
      requireFree(toxic.name);
      const order = byStream[toxic.stream];
      order.push(toxic);
      for (const chain of target().chains(toxic.stream)) chain.attach(toxic, order);
    },
    update: (name, change) => {
      const toxic = get(name);
      Object.assign(toxic, change);
      const order = byStream[toxic.stream];
      for (const chain of target().chains(toxic.stream)) chain.update(toxic, order);
      return toxic;
    },
    remove,
    reset: () => {
      for (const { name } of all()) remove(name);
    },
  };
}
