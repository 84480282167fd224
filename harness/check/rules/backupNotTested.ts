// Paths that a window relies on and over which nobody has seen traffic run lately.

import { pathsLeft, type AccessGroup, type CheckContext, type Work } from '../context.ts';
import type { Found, Rule } from '../rule.ts';

/** A change of filters or prefixes may have come since [C]. */
const TEST_AGE_DAYS_MAX = 180;
const DAY_MS = 86_400_000;

export const backupNotTested: Rule = {
  name: 'backup-not-tested',
  about: 'A path that is to carry everything during a window has been seen to do so lately.',
  find: (context) => context.groups.flatMap((group) => relied(context, group)),
};

/** One finding for each path, at the first window that relies on it. */
function relied(context: CheckContext, group: AccessGroup): readonly Found[] {
  const said = new Set<string>();
  const works = group.works.toSorted((a, b) => a.fromEpochMs - b.fromEpochMs);
  return works.flatMap((work): readonly Found[] => {
    const backup = backupFor(group, work);
    if (!backup || said.has(backup.name)) return [];
    const testedAt = backup.testedOn === undefined ? undefined : Date.parse(backup.testedOn);
    const ageDays = testedAt === undefined ? undefined : (work.fromEpochMs - testedAt) / DAY_MS;
    if (ageDays !== undefined && ageDays <= TEST_AGE_DAYS_MAX) return [];
    said.add(backup.name);
    return [
      {
        severity: 'warning',
        fromEpochMs: work.fromEpochMs,
        toEpochMs: work.toEpochMs,
        targets: [group.access.name, backup.name, work.window.name],
        text:
          ageDays === undefined
            ? `${work.window.name} relies on ${backup.name}, which has never been shown to carry traffic`
            : `${work.window.name} relies on ${backup.name}, last tested ${Math.round(ageDays)} days before`,
        hint: `Run a failover test in daylight before ${context.clock.show(work.fromEpochMs)}.`,
        source: work.window.source,
      },
    ];
  });
}

/** The path that takes over: the most preferred of those left. */
function backupFor({ access }: AccessGroup, work: Work) {
  const left = pathsLeft(access, [work]);
  const best = access.paths.toSorted((a, b) => b.preference - a.preference);
  const used = best[0];
  if (!used || left.includes(used.name)) return undefined;
  return best.find(({ name }) => left.includes(name));
}
