// Finds what keeps shards from being one whole: one that is missing, one that is there twice, and one
// that another call has dealt.

import { shortened } from '../fields/visible.ts';
import type { Finding } from '../model/report.ts';
import type { Shard } from '../model/suite.ts';

/** A shard as it was read. */
export interface DescribedShard {
  /** The folder or file that it was read from. */
  readonly from: string;
  /** Undefined for a whole. */
  readonly shard: Shard | undefined;
  /** The facts that all shards must have in common, each with its name, in one order. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export const shardFinding = (rule: string, text: string): Finding => ({
  rule,
  verdict: 'inconclusive',
  text,
});

/** Names each fact in which a shard differs from the first one. */
export function findStrangers(shards: readonly DescribedShard[], rule: string): Finding[] {
  const [first, ...others] = shards;
  return others.flatMap(({ from, facts }) =>
    facts.flatMap(([name, value], at) => {
      const expected = first?.facts[at]?.[1] ?? '';
      if (value === expected) return [];
      const text = `${from} has ${name} ${shortened(value)}, ${first?.from} has ${shortened(expected)}`;
      return [shardFinding(rule, text)];
    }),
  );
}

type Lost = ReadonlyMap<number, string>;

/** Names each shard that is missing, or there more than once; of a lost one the reason. */
export function findShardMistakes(
  shards: readonly DescribedShard[],
  lost: Lost = new Map(),
): Finding[] {
  const of = Math.max(0, ...shards.map(({ shard }) => shard?.of ?? 1), ...lost.keys());
  return Array.from({ length: of }, (_, at) => at + 1).flatMap((index) => {
    const same = shards.filter(({ shard }) => (shard?.index ?? 1) === index);
    const name = `shard ${index} of ${of}`;
    const why = lost.get(index);
    if (same.length === 0 && why !== undefined)
      return [shardFinding('shard-lost', `${name} was lost: ${why}`)];
    if (same.length === 0) return [shardFinding('shard-missing', `${name} is missing`)];
    if (same.length === 1) return [];
    const places = same.map(({ from }) => from).join(' and ');
    return [shardFinding('shard-twice', `${name} is there ${same.length} times: ${places}`)];
  });
}
