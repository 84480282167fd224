// Windows on things this design does not have: a wrong mailbox, a wrong design, a slip of the pen.

import type { WorkTarget } from '../../model/access.ts';
import type { CheckContext } from '../context.ts';
import type { Found, Rule } from '../rule.ts';

export const unknownTarget: Rule = {
  name: 'unknown-target',
  find: (context) =>
    context.windows.flatMap((window): readonly Found[] => {
      const { fromEpochMs, toEpochMs, source } = window;
      const common = { severity: 'stop', fromEpochMs, toEpochMs, source } as const;
      const targets = [...window.targets, ...(window.weakened ?? []).map(({ target }) => target)];
      if (targets.length === 0)
        return [
          {
            ...common,
            targets: [window.name],
            text: `${window.name} names nothing it works on`,
            hint: 'Name a path, device, location, stage or zone.',
          },
        ];
      return targets
        .filter((target) => !isKnown(context, target))
        .map((target) => ({
          ...common,
          targets: [window.name, target.name],
          text: `${window.name} works on the ${target.kind} ${target.name}, which ${context.design.name} does not have`,
          hint: `There are ${listNames(context, target.kind).join(', ') || 'none of that kind'}.`,
        }));
    }),
};

const isKnown = (context: CheckContext, target: WorkTarget): boolean =>
  listNames(context, target.kind).includes(target.name);

function listNames(
  { accesses, design }: CheckContext,
  kind: WorkTarget['kind'],
): readonly string[] {
  const paths = accesses.flatMap((access) => access.paths);
  const names = ((): readonly string[] => {
    switch (kind) {
      case 'path':
        return paths.map(({ name }) => name);
      case 'stage':
        return design.stages.map(({ name }) => name);
      case 'zone':
        return design.stages.map(({ zone }) => zone);
      case 'device':
      case 'location':
      case 'operator':
      case 'country':
        return paths.map((path) => path[kind]);
    }
  })();
  return [...new Set(names)];
}
