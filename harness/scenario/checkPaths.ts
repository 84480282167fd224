// Checks what happens to paths of an access: that they are there, carry something, and would notice.

import type { AccessPath } from '../model/access.ts';
import { memberCount } from '../routing/path.ts';
import { TARGET_KEYS } from './faultSchema.ts';
import { exactlyOne, has, type Place } from './place.ts';
import { accessPaths, pathsAt } from './resolveFault.ts';
import { isMapping } from '../fields/mapping.ts';
import { valueAt, type Problem } from './sourceFile.ts';
import { didYouMean } from './suggest.ts';

export const checkPaths = (place: Place): Problem[] => [
  ...checkTarget(place),
  ...checkCarried(place),
  ...checkMembers(place),
  ...checkCapacity(place),
];

function checkTarget(place: Place): Problem[] {
  const { source, design } = place;
  const path = [...place.path, 'target'];
  if (!isMapping(valueAt(source.data, path))) return [];
  const kinds = TARGET_KEYS.filter((key) => has({ ...place, path }, key));
  const [kind] = kinds;
  if (kinds.length !== 1 || !kind) return exactlyOne({ ...place, path }, TARGET_KEYS);
  const name = valueAt(source.data, [...path, kind]);
  if (!design || typeof name !== 'string' || pathsAt(design, { kind, name }).length > 0) return [];
  const known = [...new Set(accessPaths(design).map((p) => p[kind]))];
  const message = `no path has ${kind} ${name}; there are ${known.join(', ') || 'none'}`;
  return [source.problemAt([...path, kind], message + didYouMean(name, known))];
}

/** An access may have no links yet: what happens on its paths would happen to nobody. */
function checkCarried({ source, path, design }: Place): Problem[] {
  const names = valueAt(source.data, [...path, 'paths']);
  if (!Array.isArray(names)) return [];
  const bare = (design?.accesses ?? []).filter(({ links }) => links.length === 0);
  return names.flatMap((name: unknown, i) => {
    const access = bare.find(({ paths }) => paths.some((one) => one.name === name));
    if (!access) return [];
    const message = `no link runs over ${String(name)}: access ${access.name} has no links`;
    return [source.problemAt([...path, 'paths', i], message)];
  });
}

/** Gives the paths that it acts on and the design has, each with its access. */
function pathsIn({ source, path, design }: Place) {
  const at = (key: string) => valueAt(source.data, [...path, key]);
  const [names, target] = [at('paths'), at('target')];
  const isMeant = (one: AccessPath) =>
    (Array.isArray(names) && names.includes(one.name)) ||
    (isMapping(target) && TARGET_KEYS.some((kind) => target[kind] === one[kind]));
  return (design?.accesses ?? []).flatMap((access) =>
    access.paths.filter(isMeant).map((one) => ({ access, path: one })),
  );
}

/** Ports and tunnels go down: everything else happens to a path as a whole. */
function checkMembers(place: Place): Problem[] {
  const { source, path } = place;
  const at = [...path, 'members'];
  const members = valueAt(source.data, at);
  if (members === undefined) return [];
  if (valueAt(source.data, [...path, 'state']) !== 'down')
    return [source.problemAt(at, 'goes with state: down', 'key')];
  const small = pathsIn(place).find((one) => memberCount(one.path) < Number(members));
  if (!small) return [];
  const { name } = small.path;
  const has = memberCount(small.path);
  const message =
    has === 0 ? `${name} is one line: leave members out` : `expected at most the ${has} of ${name}`;
  return [source.problemAt(at, message)];
}

/** Where nobody says what must pass, all of it passes through what is left. */
function checkCapacity(place: Place): Problem[] {
  const { source, path } = place;
  const at = [...path, 'degraded', 'capacity'];
  if (valueAt(source.data, at) === undefined) return [];
  const free = pathsIn(place).find(
    ({ access: { demandMbps } }) => demandMbps.in === 0 && demandMbps.back === 0,
  );
  const message = `access ${free?.access.name} has no demand: less capacity would change nothing`;
  return free ? [source.problemAt(at, message)] : [];
}
