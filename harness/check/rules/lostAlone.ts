// Says who loses the programme when one thing goes away, in the normal state and in failed-over ones.

import type { CheckContext } from '../context.ts';
import { listRemovals, sayThings, sayWatchers, type Removal } from '../removals.ts';
import type { Found, Rule } from '../rule.ts';

export const lostAlone: Rule = {
  name: 'lost-alone',
  find: (context) => {
    const [normal, ...others] = listRemovals(context).map(({ says, removals }) => ({
      says,
      removals: removals.filter(({ things }) => things.length === 1),
    }));
    const before = new Set((normal?.removals ?? []).flatMap(listLabels));
    const news = (removals: readonly Removal[]) =>
      removals.filter((removal) => listLabels(removal).some((label) => !before.has(label)));
    return [
      ...say(context, normal?.removals ?? [], ''),
      ...others.flatMap(({ says, removals }) =>
        say(context, news(removals), `while ${says}, too: `),
      ),
    ];
  },
};

/** `broadcaster for all viewers`: the same label takes it from the same people. */
const listLabels = ({ things, watchers }: Removal): readonly string[] =>
  watchers.flatMap(({ says }) =>
    things.flatMap(({ names }) => names.map(({ kind, name }) => `${kind} ${name} for ${says}`)),
  );

/** One finding for all that the same people lose it by. */
function say(
  { design }: CheckContext,
  removals: readonly Removal[],
  when: string,
): readonly Found[] {
  const alike = Map.groupBy(removals, ({ watchers }) => sayWatchers(watchers));
  return [...alike].map(([who, those]) => {
    const things = those.flatMap((removal) => removal.things);
    return {
      severity: 'note',
      targets: [...new Set(things.flatMap(({ names }) => names.map(({ name }) => name)))],
      text: `${when}${who} lose the programme when one of these is lost: ${sayThings(things)}`,
      hint: 'Give each that may not be lost a second one that shares nothing with it.',
      source: `design ${design.name}`,
    };
  });
}
