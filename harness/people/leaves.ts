// Somebody who gives up, and may look again later.

import { drawTime, MINUTE_MS, type Behaviour, type Curve } from './behaviour.ts';

/** Assumed, as no curve is public (docs/sources.md 3.3). */
const CURVE: Curve = [
  [0.4, 10 * MINUTE_MS],
  [0.6, 40 * MINUTE_MS],
];
/** Half of them look again. */
const BACK: Curve = [[0.5, 15 * MINUTE_MS]];

export const leaves: Behaviour = {
  assumes:
    '40% of those who see no programme leave within 10 min and 60% within 40 min; half of them look again within 15 min.',
  next: (random) => {
    const afterMs = drawTime(CURVE, random);
    if (afterMs === undefined) return undefined;
    const backAfterMs = drawTime(BACK, random);
    return { does: 'leave', afterMs, ...(backAfterMs !== undefined && { backAfterMs }) };
  },
};
