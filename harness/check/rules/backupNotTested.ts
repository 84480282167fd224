// Paths that windows rely on and over which nobody has seen traffic run lately.

import type { AccessPath } from '../../model/access.ts';
import { deadPaths, listed, type AccessGroup, type CheckContext, type Work } from '../context.ts';
import { listSources, type Found, type Rule } from '../rule.ts';
import { sweepSpans, type Moment, type TimeSpan } from '../spans.ts';
import { Tally } from '../tally.ts';

/** A change of filters or prefixes may have come since [C]. */
const TEST_AGE_DAYS_MAX = 180;
const DAY_MS = 86_400_000;

export const backupNotTested: Rule = {
  name: 'backup-not-tested',
  find: (context) => context.groups.flatMap((group) => relied(context, group)),
};

/** One finding for each path, at the first moment at which works rely on it. */
function relied(context: CheckContext, { access, works }: AccessGroup): readonly Found[] {
  const said = new Set<string>();
  const away = new Tally(deadPaths(access));
  const ranked = access.paths.toSorted((a, b) => b.preference - a.preference);
  const findings: Found[] = [];
  for (const moment of sweepSpans(works)) {
    moment.begun.forEach(({ paths }) => away.add(paths));
    moment.ended.forEach(({ paths }) => away.remove(paths));
    const backup = ranked.find(({ name }) => !away.has(name));
    if (moment.active.size === 0 || !backup || backup === ranked[0]) continue;
    if (said.has(backup.name)) continue;
    const ageDays = countAgeDays(backup, moment);
    // A day has no clock: a test on the day of the work may have come before it.
    if (ageDays !== undefined && ageDays > -1 && ageDays <= TEST_AGE_DAYS_MAX) continue;
    said.add(backup.name);
    findings.push(sayReliance(context, access.name, { backup, ageDays, moment }));
  }
  return findings;
}

const countAgeDays = ({ testedOn }: AccessPath, { fromEpochMs }: TimeSpan): number | undefined =>
  testedOn === undefined ? undefined : (fromEpochMs - Date.parse(testedOn)) / DAY_MS;

interface Reliance {
  readonly backup: AccessPath;
  readonly ageDays: number | undefined;
  readonly moment: Moment<Work>;
}

function sayReliance(
  { clock }: CheckContext,
  access: string,
  { backup, ageDays, moment }: Reliance,
): Found {
  const windows = [...moment.active].map(({ window }) => window);
  const names = windows.map(({ name }) => name);
  const relies = `${listed(names)} ${windows.length === 1 ? 'relies' : 'rely'} on ${backup.name}`;
  return {
    severity: 'warning',
    fromEpochMs: moment.fromEpochMs,
    toEpochMs: windows.reduce((last, { toEpochMs }) => Math.max(last, toEpochMs), -Infinity),
    targets: [access, backup.name, ...names],
    text:
      ageDays === undefined
        ? `${relies}, which has never been shown to carry traffic`
        : `${relies}, last tested ${Math.round(Math.abs(ageDays))} days ${ageDays < 0 ? 'after' : 'before'}`,
    hint: `Run a failover test in daylight before ${clock.show(moment.fromEpochMs)}.`,
    source: listSources(windows),
  };
}
