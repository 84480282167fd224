// Somebody who looks at another channel.

import { drawTime, MINUTE_MS, type Behaviour, type Curve } from './behaviour.ts';

/** No curve of live television is public; these are assumed (docs/sources.md 3.3). */
const CURVE: Curve = [
  [0.1, 10_000],
  [0.5, MINUTE_MS],
];

export const zaps: Behaviour = {
  assumes:
    '10% of those who see no programme zap within 10 s and 50% within 1 min, again and again.',
  needsPage: true,
  needsChannels: true,
  next: (random) => {
    const afterMs = drawTime(CURVE, random);
    return afterMs === undefined ? undefined : { does: 'zap', afterMs };
  },
};
