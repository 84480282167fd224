// Lists the states of a whole design that routing falls back to.

import type { Access, AccessPath } from '../model/access.ts';
import { failoverStates, type FailedOver } from '../routing/failover.ts';

export interface DesignState {
  /** `connect runs over leg-b`; undefined in the normal state. */
  readonly says: string | undefined;
  readonly lost: readonly string[];
  readonly inUse: readonly AccessPath[];
}

/** More states of several accesses together than these are not looked at: each is alone then. */
const STATES_MAX = 64;

interface AccessState extends FailedOver {
  readonly access: Access;
}

/** The normal state first; accesses that fail over together where these are not too many. */
export function failedOverStates(accesses: readonly Access[]): readonly DesignState[] {
  const each = accesses
    .map((access) => failoverStates(access).map((state) => ({ access, ...state })))
    .filter((states) => states.length > 0);
  const count = each.reduce((product, states) => product * states.length, 1);
  return (count <= STATES_MAX ? together(each) : oneByOne(each)).map(joined);
}

const together = (each: readonly (readonly AccessState[])[]): readonly (readonly AccessState[])[] =>
  each.reduce<readonly (readonly AccessState[])[]>(
    (before, states) => before.flatMap((some) => states.map((state) => [...some, state])),
    [[]],
  );

function oneByOne(each: readonly (readonly AccessState[])[]): readonly (readonly AccessState[])[] {
  const normal = each.flatMap(([first]) => first ?? []);
  const failed = each.flatMap(([, ...others]) => others);
  const instead = (state: AccessState) =>
    normal.map((one) => (one.access === state.access ? state : one));
  return [normal, ...failed.map(instead)];
}

function joined(states: readonly AccessState[]): DesignState {
  const failed = states.filter(({ lost }) => lost.length > 0);
  const says = failed.map(({ access, over }) => `${access.name} runs over ${over}`).join(' and ');
  return {
    says: failed.length === 0 ? undefined : says,
    lost: states.flatMap(({ lost }) => lost),
    inUse: states.flatMap(({ access, over }) => access.paths.filter(({ name }) => name === over)),
  };
}
