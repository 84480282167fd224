// A narrow link, each way. Toxiproxy counts kilobytes a second, scenarios kilobits.

import type { BandwidthFault } from '../model/scenario.ts';
import { addToxics, removeToxics, type FaultActor } from './actor.ts';

export const bandwidth: FaultActor<BandwidthFault> = {
  inject: ({ rateKbps }, proxy, id) =>
    addToxics(proxy, id, { type: 'bandwidth', attributes: { rate: kilobytes(rateKbps) } }),
  heal: (_fault, proxy, id) => removeToxics(proxy, id),
};

/** At least 1: a rate of 0 would hold everything, which is a cut. */
const kilobytes = (rateKbps: number): number => Math.max(1, Math.round(rateKbps / 8));
