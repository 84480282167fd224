// Checks what happens to paths of an access: that they are there, carry something, and would notice.

import type { AccessPath } from '../model/access.ts';
import { memberCount } from '../routing/path.ts';
import { TARGET_KEYS } from './faultSchema.ts';
import { exactlyOne, has, inside, listSaid, said, wrong, type Place } from './place.ts';
import { accessPaths, pathsAt } from './resolveFault.ts';
import { isMapping } from '../fields/mapping.ts';
import type { Problem } from './sourceFile.ts';
import { didYouMean } from './suggest.ts';

export const checkPaths = (place: Place): Problem[] => [
  ...checkTarget(place),
  ...checkCarried(place),
  ...checkMembers(place),
  ...checkCapacity(place),
];

function checkTarget(place: Place): Problem[] {
  const { design } = place;
  const target = inside(place, 'target');
  if (!isMapping(said(target))) return [];
  const [kind, ...others] = TARGET_KEYS.filter((key) => has(target, key));
  if (!kind || others.length > 0) return exactlyOne(target, TARGET_KEYS);
  const name = said(target, kind);
  if (!design || typeof name !== 'string' || pathsAt(design, { kind, name }).length > 0) return [];
  const known = [...new Set(accessPaths(design).map((p) => p[kind]))];
  const message = `no path has ${kind} ${name}; there are ${known.join(', ') || 'none'}`;
  return wrong(target, [kind], message + didYouMean(name, known));
}

/** An access may have no links yet: what happens on its paths would happen to nobody. */
function checkCarried(place: Place): Problem[] {
  const bare = (place.design?.accesses ?? []).filter(({ links }) => links.length === 0);
  return listSaid(place, 'paths').flatMap((name, i) => {
    const access = bare.find(({ paths }) => paths.some((one) => one.name === name));
    if (!access) return [];
    const message = `no link runs over ${String(name)}: access ${access.name} has no links`;
    return wrong(place, ['paths', i], message);
  });
}

/** Gives the paths that it acts on and the design has, each with its access. */
function pathsIn(place: Place) {
  const names = listSaid(place, 'paths');
  const isMeant = (one: AccessPath) =>
    names.includes(one.name) ||
    TARGET_KEYS.some((kind) => said(place, 'target', kind) === one[kind]);
  return (place.design?.accesses ?? []).flatMap((access) =>
    access.paths.filter(isMeant).map((path) => ({ access, path })),
  );
}

/** Ports and tunnels go down: everything else happens to a path as a whole. */
function checkMembers(place: Place): Problem[] {
  const members = said(place, 'members');
  if (members === undefined) return [];
  if (said(place, 'state') !== 'down')
    return wrong(place, ['members'], 'goes with state: down', 'key');
  const small = pathsIn(place).find(({ path }) => memberCount(path) < Number(members));
  if (!small) return [];
  const { name } = small.path;
  const most = memberCount(small.path);
  return wrong(
    place,
    ['members'],
    most === 0
      ? `${name} is one line: leave members out`
      : `expected at most the ${most} of ${name}`,
  );
}

/** Where nobody says what must pass, all of it passes through what is left. */
function checkCapacity(place: Place): Problem[] {
  if (said(place, 'degraded', 'capacity') === undefined) return [];
  const free = pathsIn(place).find(
    ({ access: { demandMbps } }) => demandMbps.in === 0 && demandMbps.back === 0,
  );
  const message = `access ${free?.access.name} has no demand: less capacity would change nothing`;
  return free ? wrong(place, ['degraded', 'capacity'], message) : [];
}
