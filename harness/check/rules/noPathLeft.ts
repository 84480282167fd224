// Instants at which work, or a filter nobody has seen, leaves an access without a path.

import { deadPaths, listed, showLength, type AccessGroup, type CheckContext } from '../context.ts';
import { listSources, type Found, type Rule } from '../rule.ts';
import { stretchesBy } from '../spans.ts';
import { Tally } from '../tally.ts';

export const noPathLeft: Rule = {
  name: 'no-path-left',
  looksAtTime: true,
  find: (context) => context.groups.flatMap((group) => findNoPath(context, group)),
};

function findNoPath(context: CheckContext, group: AccessGroup): readonly Found[] {
  const { access } = group;
  const away = new Tally(deadPaths(access));
  const none = stretchesBy(group.works, ({ begun, ended }) => {
    begun.forEach(({ paths }) => away.add(paths));
    ended.forEach(({ paths }) => away.remove(paths));
    return away.size === access.paths.length ? 'none' : undefined;
  });
  return none.map(({ active, fromEpochMs, toEpochMs }) => {
    const windows = [...new Set(active.map(({ window }) => window))];
    const length = showLength(toEpochMs - fromEpochMs);
    const owners = [...new Set(windows.map(({ owner }) => owner))];
    return {
      severity: 'stop',
      fromEpochMs,
      toEpochMs,
      targets: [access.name, ...windows.map(({ name }) => name)],
      text: `${access.name} has no path left for ${length} from ${context.clock.show(fromEpochMs)}: ${whoTakes(group, active)}`,
      hint:
        windows.length > 1
          ? `Move one of them: ask ${listed(owners)} for times that do not overlap.`
          : deadPaths(access).length > 0
            ? 'Mend the filter, and show by a failover test that traffic passes, before this window.'
            : 'Add a path that this window does not touch, or agree on an outage and move it to the quietest hours.',
      source: listSources(windows),
    };
  });
}

function whoTakes(group: AccessGroup, active: AccessGroup['works']): string {
  const works = active.map(
    ({ window, paths }) => `${window.name} (${window.owner}) takes ${listed(paths)}`,
  );
  const dead = group.access.paths.flatMap(({ name, filter }) =>
    filter === undefined
      ? []
      : [filter === 'drops-traffic' ? `${name} drops traffic` : `${name} advertises nothing`],
  );
  return [...works, ...dead].join(', ');
}
