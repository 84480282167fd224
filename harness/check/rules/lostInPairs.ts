// Says which two things take the programme away together where neither does alone.

import { listRemovals, sayWatchers, type Removal, type Thing } from '../removals.ts';
import type { Rule } from '../rule.ts';

/** More pairs than these nobody reads; the rest is counted. */
const PAIRS_SHOWN = 12;

export const lostInPairs: Rule = {
  name: 'lost-in-pairs',
  find: (context) => {
    const seen = new Set<string>();
    return listRemovals(context).flatMap(({ says, removals }) => {
      const pairs = withoutImplied(removals.filter(({ things }) => things.length === 2));
      const news = pairs.filter((pair) => !seen.has(makeKey(pair)));
      news.forEach((pair) => seen.add(makeKey(pair)));
      const alike = Map.groupBy(news, ({ watchers }) => sayWatchers(watchers));
      return [...alike].map(([who, those]) => {
        const more = those.length - PAIRS_SHOWN;
        const shown = those.slice(0, PAIRS_SHOWN).map(({ things }) => sayPair(things));
        const rest = more > 0 ? [`${more} more`] : [];
        return {
          severity: 'note' as const,
          targets: [...new Set(those.flatMap(({ things }) => things.flatMap(listNames)))],
          text: `${says === undefined ? '' : `while ${says}, too: `}${who} lose the programme when both are lost: ${[...shown, ...rest].join('; ')}`,
          hint: 'Never let both of a pair be worked on at the same time.',
          source: `design ${context.design.name}`,
          ...(more > 0 && { shortened: true as const }),
        };
      });
    });
  },
};

const listNames = ({ names }: Thing): readonly string[] => names.map(({ name }) => name);
const sayPair = (things: readonly Thing[]): string => things.map(sayThing).join(' and ');

/** `device router-a (location paris-north)`: what stands for the same in brackets. */
function sayThing({ names }: Thing): string {
  const [first = '', ...others] = names.map(({ kind, name }) => `${kind} ${name}`);
  return others.length === 0 ? first : `${first} (${others.join(', ')})`;
}
const makeKey = ({ things, watchers }: Removal): string =>
  `${things
    .map(({ nodes }) => nodes.join())
    .toSorted()
    .join(' + ')} for ${sayWatchers(watchers)}`;

/** A pair is told unless parts of both do as much; two of one kind, such as suppliers, always are. */
function withoutImplied(pairs: readonly Removal[]): readonly Removal[] {
  const within = (part: Thing, whole: Thing) =>
    part.nodes.every((node) => whole.nodes.includes(node));
  const implies = ([a, b]: readonly Thing[], [c, d]: readonly Thing[]) =>
    a && b && c && d && ((within(a, c) && within(b, d)) || (within(a, d) && within(b, c)));
  const isOfOneKind = ([a, b]: readonly Thing[]) =>
    a?.names.some(({ kind }) => b?.names.some((other) => other.kind === kind));
  return pairs.filter(
    (pair) =>
      isOfOneKind(pair.things) ||
      !pairs.some((other) => other !== pair && implies(other.things, pair.things)),
  );
}
