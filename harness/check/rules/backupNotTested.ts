// Paths that windows rely on and over which nobody has seen traffic run lately.

import { listed, pathsLeft, type AccessGroup, type CheckContext, type Work } from '../context.ts';
import type { Found, Rule } from '../rule.ts';
import { stretchesOf, type Stretch } from '../spans.ts';

/** A change of filters or prefixes may have come since [C]. */
const TEST_AGE_DAYS_MAX = 180;
const DAY_MS = 86_400_000;

export const backupNotTested: Rule = {
  name: 'backup-not-tested',
  about: 'A path that is to carry everything during a window has been seen to do so lately.',
  find: (context) => context.groups.flatMap((group) => relied(context, group)),
};

/** One finding for each path, at the first moment at which works rely on it. */
function relied(context: CheckContext, group: AccessGroup): readonly Found[] {
  const said = new Set<string>();
  return stretchesOf(group.works).flatMap((stretch): readonly Found[] => {
    const backup = backupFor(group, stretch);
    if (!backup || said.has(backup.name)) return [];
    const testedAt = backup.testedOn === undefined ? undefined : Date.parse(backup.testedOn);
    const ageDays = testedAt === undefined ? undefined : (stretch.fromEpochMs - testedAt) / DAY_MS;
    if (ageDays !== undefined && ageDays <= TEST_AGE_DAYS_MAX) return [];
    said.add(backup.name);
    const windows = stretch.active.map(({ window }) => window);
    const works = listed(windows.map(({ name }) => name));
    const relies = windows.length === 1 ? 'relies' : 'rely';
    return [
      {
        severity: 'warning',
        fromEpochMs: stretch.fromEpochMs,
        toEpochMs: Math.max(...windows.map(({ toEpochMs }) => toEpochMs)),
        targets: [group.access.name, backup.name, ...windows.map(({ name }) => name)],
        text:
          ageDays === undefined
            ? `${works} ${relies} on ${backup.name}, which has never been shown to carry traffic`
            : `${works} ${relies} on ${backup.name}, last tested ${Math.round(ageDays)} days before`,
        hint: `Run a failover test in daylight before ${context.clock.show(stretch.fromEpochMs)}.`,
        source: windows.map(({ source }) => source).join(', '),
      },
    ];
  });
}

/** The path that takes over: the most preferred of those left. */
function backupFor({ access }: AccessGroup, { active }: Stretch<Work>) {
  const left = pathsLeft(access, active);
  const best = access.paths.toSorted((a, b) => b.preference - a.preference);
  const used = best[0];
  if (!used || left.includes(used.name)) return undefined;
  return best.find(({ name }) => left.includes(name));
}
