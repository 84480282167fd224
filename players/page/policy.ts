// Acts like the application around a player once the player has given up: the code of a web page or
// a box, not of the player. The wait before it acts is drawn from the seed, per viewer.

import type { Random } from '../../harness/kernel/random.ts';
import type { PlayerPolicy } from '../../harness/model/scenario.ts';

/** Those that a viewer can do. */
type PolicyActions = Partial<Record<Exclude<PlayerPolicy['onFatal'], 'none'>, () => void>>;

/** Calls `act` after `ms`; gives back what calls it off. */
export type Later = (ms: number, act: () => void) => () => void;

export interface Application {
  /** The player gave up. A second time before the application has acted changes nothing. */
  readonly onFatal: () => void;
  /** The viewer left: nothing that was waiting happens any more. */
  readonly leave: () => void;
}

export interface ApplicationOptions {
  readonly policy: PlayerPolicy;
  readonly random: Random;
  readonly actions: PolicyActions;
  readonly later: Later;
}

export function application({ policy, random, actions, later }: ApplicationOptions): Application {
  let callOff: (() => void) | undefined;
  return {
    onFatal: () => {
      if (policy.onFatal === 'none' || callOff) return;
      const waitMs = policy.delayMs + random.next() * policy.jitterMs;
      callOff = later(waitMs, () => {
        callOff = undefined;
        actions[policy.onFatal]?.();
      });
    },
    leave: () => callOff?.(),
  };
}
