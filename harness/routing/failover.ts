// Lists the states that an access falls back to, one lost path after another.

import type { Access, LinkState, PathEvent } from '../model/access.ts';
import { routeAccess } from './route.ts';

export interface FailedOver {
  /** The paths that were lost, in the order in which traffic left them; none in the normal state. */
  readonly lost: readonly string[];
  /** The path that carries everything now. */
  readonly over: string;
}

/** Every timer has run out by the moment that is looked at. */
const LONG_AGO_MS = -30 * 24 * 3_600_000;

/**
 * The normal state first, then what routing makes of the loss of the path in use, again and again,
 * for as long as something is carried.
 */
export function failoverStates(access: Access): readonly FailedOver[] {
  const states: FailedOver[] = [];
  const events: PathEvent[] = [];
  for (;;) {
    const [{ state, path: over } = NOTHING] = routeAccess(access, events, { fromMs: 0, toMs: 1 });
    if (over === undefined || state !== 'up') return states;
    states.push({ lost: events.map(({ path }) => path), over });
    events.push({ kind: 'down', atMs: LONG_AGO_MS, path: over, of: `loss of ${over}` });
  }
}

const NOTHING: Pick<LinkState, 'state' | 'path'> = { state: 'partitioned', path: undefined };
