// Somebody who loads the page again.

import type { Behaviour } from './behaviour.ts';

const FIRST_MEAN_MS = 20_000;
const MEAN_MS_MAX = 120_000;

/** A hazard of 1 in 20 s, halved after each reload, down to one in 2 min (docs/sources.md 3.3, assumed). */
export const reloads: Behaviour = {
  assumes:
    'Who sees no programme loads the page again after 20 s in the mean, then after 40 s, 80 s and at most 2 min.',
  needsPage: true,
  next: (random, acts) => {
    const meanMs = Math.min(FIRST_MEAN_MS * 2 ** acts, MEAN_MS_MAX);
    return { does: 'reload', afterMs: -Math.log(1 - random.next()) * meanMs };
  },
};
