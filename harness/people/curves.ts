// The curves of a day that a scenario can name, one line each.

import { FRENCH_EVENING, type DayCurve } from '../model/dayCurve.ts';

export type Curves = Readonly<Record<string, DayCurve>>;

export const CURVES = {
  'french-evening': {
    ...FRENCH_EVENING,
    title: 'an evening of French television',
    assumes:
      'The audience follows an evening of French television: 0.90 of its peak at 20:00, 1 at 21:15, 0.82 at 22:15, 0.50 at 23:30, straight lines between.',
  },
} as const satisfies Curves;
