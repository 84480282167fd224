// Delay on a link, each way: a round trip grows by twice the delay.

import type { LatencyFault } from '../model/scenario.ts';
import { addToxics, removeToxics, type FaultActor } from './actor.ts';

export const latency: FaultActor<LatencyFault> = {
  inject: ({ delayMs, jitterMs }, proxy, id) =>
    addToxics(proxy, id, {
      type: 'latency',
      attributes: { latency: delayMs, jitter: jitterMs },
    }),
  heal: (_fault, proxy, id) => removeToxics(proxy, id),
};
