// Bytes in small pieces, with a wait after each: a link whose packets are torn apart.

import type { SliceFault } from '../model/scenario.ts';
import { addToxics, removeToxics, type FaultActor } from './actor.ts';

export const slice: FaultActor<SliceFault> = {
  inject: (fault, proxy, id) =>
    addToxics(fault, proxy, {
      id,
      type: 'slicer',
      // Toxiproxy counts this delay in microseconds.
      attributes: {
        average_size: fault.pieceBytes,
        size_variation: 0,
        delay: fault.delayMs * 1000,
      },
    }),
  heal: (fault, proxy, id) => removeToxics(fault, proxy, id),
};
