// Somebody who switches the set off and on again.

import { drawTime, MINUTE_MS, type Behaviour, type Curve } from './behaviour.ts';

/** Assumed, as no curve is public (docs/sources.md 3.3). */
const CURVE: Curve = [[0.3, 5 * MINUTE_MS]];
/** From the switch to the application, assumed. */
const OFF_MS = MINUTE_MS;

export const reboots: Behaviour = {
  assumes:
    '30% of those who see no programme reboot their set within 5 min, once, and it takes 1 min to start.',
  needsPage: true,
  next: (random, acts) => {
    const afterMs = acts === 0 ? drawTime(CURVE, random) : undefined;
    return afterMs === undefined ? undefined : { does: 'reboot', afterMs, offMs: OFF_MS };
  },
};
