// A narrow link, each way. Toxiproxy counts kilobytes a second, scenarios kilobits.

import type { BandwidthFault } from '../model/scenario.ts';
import { addToxics, removeToxics, type FaultActor } from './actor.ts';

export const bandwidth: FaultActor<BandwidthFault> = {
  inject: (fault, proxy, id) =>
    addToxics(fault, proxy, {
      id,
      type: 'bandwidth',
      attributes: { rate: kilobytes(fault.rateKbps) },
    }),
  heal: (fault, proxy, id) => removeToxics(fault, proxy, id),
};

/** The rate is at least 1: a rate of 0 would hold everything, which is a cut. */
const kilobytes = (rateKbps: number): number => Math.max(1, Math.round(rateKbps / 8));
