// Lists the states of a whole design that routing falls back to.

import type { Access } from '../model/access.ts';
import { failoverStates, type FailedOver } from '../routing/failover.ts';

export interface DesignState {
  /** Undefined in the normal state. */
  readonly says: string | undefined;
  readonly lost: readonly string[];
}

/** More states of several accesses together than these are not looked at: each is alone then. */
const STATES_MAX = 64;

/** The normal state first; accesses that fail over together where these are not too many. */
export function failedOverStates(accesses: readonly Access[]): readonly DesignState[] {
  const each = accesses.map((access) =>
    failoverStates(access).map((state, turn) => ({ access, state, failed: turn > 0 })),
  );
  const count = each.reduce((product, states) => product * Math.max(1, states.length), 1);
  const together = count <= STATES_MAX ? combined(each) : [[], ...each.flatMap(alone)];
  return together.map((failed) => ({
    says: failed.length === 0 ? undefined : failed.map(sayState).join(' and '),
    lost: failed.flatMap(({ state }) => state.lost),
  }));
}

interface AccessState {
  readonly access: Access;
  readonly state: FailedOver;
  readonly failed: boolean;
}

const alone = (states: readonly AccessState[]): readonly (readonly AccessState[])[] =>
  states.filter(({ failed }) => failed).map((state) => [state]);

const combined = (each: readonly (readonly AccessState[])[]): readonly (readonly AccessState[])[] =>
  each.reduce<readonly (readonly AccessState[])[]>(
    (before, states) =>
      before.flatMap((some) => [some, ...alone(states).map((one) => [...some, ...one])]),
    [[]],
  );

const sayState = ({ access, state }: AccessState): string =>
  `${access.name} runs over ${state.over}`;
