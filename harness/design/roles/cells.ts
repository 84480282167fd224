// The stand-in for the cell broadcast centre of mobile operators: HTTP, no radio.

import type { CellsStage } from '../../model/scenario.ts';
import { ENGINES, role } from '../role.ts';

/** A broadcast is one message, however many hear it: its stand-in has no queue that matters. */
const PER_SECOND = 10_000;

export const cells = role<CellsStage, Record<never, never>>({
  role: 'cells',
  word: 'Stand-in for cell broadcast, no radio: gives alerts to the phones of viewers.',
  about:
    'Gives alerts to the phones of viewers over HTTP: a stand-in for cell broadcast, no radio.',
  follows: [],
  connects: 'itself',
  inputs: 'one',
  transports: [],
  carriesPicture: false,
  carriesFrames: false,
  perChannel: false,
  servesViewers: false,
  count: [0, 1],
  program: 'portal',
  memoryMb: 256,
  commands: ['alertsOnRequest'],
  tells: ['requests', 'bytesOut'],
  engines: ENGINES,
  keys: {},
  read: () => ({ perSecond: PER_SECOND }),
});
