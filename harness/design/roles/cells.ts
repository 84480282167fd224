// The stand-in for the cell broadcast centre of mobile operators: HTTP, no radio.

import type { CellsStage } from '../../model/scenario.ts';
import { ASKED_BESIDE, role } from '../role.ts';

/** A broadcast is one message, however many hear it: its stand-in has no queue that matters. */
const PER_SECOND = 10_000;

export const cells = role<CellsStage, Record<never, never>>({
  role: 'cells',
  word: 'Stand-in for cell broadcast, no radio: gives alerts to the phones of viewers.',
  about:
    'Gives alerts to the phones of viewers over HTTP: a stand-in for cell broadcast, no radio.',
  ...ASKED_BESIDE,
  commands: ['alertsOnRequest'],
  keys: {},
  read: () => ({ perSecond: PER_SECOND }),
});
