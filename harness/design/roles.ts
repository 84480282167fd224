// Looks roles of stages up, and says which may stand before which.

import { HarnessError } from '../model/errors.ts';
import type { Design, Stage, StageRole } from '../model/scenario.ts';
import * as catalogue from './catalogue.ts';
import type { Role, Told } from './role.ts';

const ALL: readonly Role[] = Object.values(catalogue);

const BY_NAME: ReadonlyMap<string, Role> = new Map(ALL.map((role) => [role.role, role]));

type HasRole = Pick<Stage, 'role'>;

/** @throws HarnessError INTERNAL for a role that is not in the catalogue. */
export function findRole({ role }: HasRole): Role {
  const known = BY_NAME.get(role);
  if (known) return known;
  throw new HarnessError('INTERNAL', `no stage has the role ${role}`);
}

/** Tells whether a stage of one role may stand right behind one of the other. */
export const mayFollow = (behind: HasRole, before: HasRole): boolean =>
  findRole(behind).follows.includes(before.role) ||
  (findRole(before).feeds ?? []).includes(behind.role);

/** The number of roles on the longest way that leads to one. */
function measureDepth(role: Role, seen: readonly Role[] = []): number {
  const before = ALL.filter((one) => ![role, ...seen].includes(one) && mayFollow(role, one));
  return Math.max(-1, ...before.map((one) => measureDepth(one, [role, ...seen]))) + 1;
}

/** Every role, from where the picture comes from to the viewers. */
export const ROLES: readonly Role[] = ALL.map((role) => ({ role, depth: measureDepth(role) }))
  // Two of one depth stand by their names: a module lists what it exports in no order of its own.
  .toSorted((a, b) => a.depth - b.depth || (a.role.role < b.role.role ? -1 : 1))
  .map(({ role }) => role);

/** The way of the picture that links follow: the roles that every design has. */
export const PICTURE_WAY: readonly StageRole[] = ROLES.filter(
  ({ carriesPicture, count }) => carriesPicture && count[0] > 0,
).map(({ role }) => role);

/** Gives the roles of a design that stand right before one: what stands between may be absent. */
export function rolesBefore(
  role: Role,
  present: readonly Role[],
  seen: readonly Role[] = [],
): readonly Role[] {
  const nearest = ALL.filter((one) => one !== role && !seen.includes(one) && mayFollow(role, one));
  const found = nearest.flatMap((one) =>
    present.includes(one) ? [one] : rolesBefore(one, present, [role, ...seen]),
  );
  const behind = (one: Role) => found.some((other) => other !== one && leadsTo(one, other));
  return ROLES.filter((one) => found.includes(one) && !behind(one));
}

/** Tells whether a role stands somewhere before another. */
const leadsTo = (before: Role, behind: Role, seen: readonly Role[] = []): boolean =>
  mayFollow(behind, before) ||
  ALL.some(
    (one) =>
      one !== behind &&
      !seen.includes(one) &&
      mayFollow(behind, one) &&
      leadsTo(before, one, [behind, ...seen]),
  );

/** The stages whose program reports a figure. */
export const telling = (told: Told, stages: readonly Stage[]): readonly Stage[] =>
  stages.filter((stage) => findRole(stage).tells.includes(told));

export const tells = (stage: HasRole, told: Told): boolean => findRole(stage).tells.includes(told);

/** The roles whose programs take a command. */
export const rolesTaking = (command: string): readonly StageRole[] =>
  ROLES.filter(({ commands }) => commands.includes(command)).map(({ role }) => role);

export const hasRole = <R extends StageRole>(
  stage: Stage,
  role: R,
): stage is Extract<Stage, { role: R }> => stage.role === role;

export const stagesWithRole = <R extends StageRole>({ stages }: Design, role: R) =>
  stages.filter((stage) => hasRole(stage, role));
