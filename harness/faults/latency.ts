// Delay on a link, each way: a round trip grows by twice the delay.

import type { LatencyFault } from '../model/scenario.ts';
import { addToxics, removeToxics, type FaultActor } from './actor.ts';

export const latency: FaultActor<LatencyFault> = {
  inject: (fault, proxy, id) =>
    addToxics(fault, proxy, {
      id,
      type: 'latency',
      attributes: { latency: fault.delayMs, jitter: fault.jitterMs },
    }),
  heal: (fault, proxy, id) => removeToxics(fault, proxy, id),
};
