// Packet loss on a link. Toxiproxy works on TCP streams, where no byte is ever lost: what loss does
// to a stream is done instead. Each lost packet holds everything behind it until it has been sent
// again, and the sender halves its window, which limits the rate:
//
//   latency    a share of pieces waits for a retransmission: fast (one round trip), or by time-out
//   bandwidth  Mathis, Semke, Mahdavi, Ott 1997: rate <= 1.22 * MSS / (RTT * sqrt(share))
//
// In a burst, where everything is lost, nothing comes until the sender has sent it again: `bandwidth`
// 0 for so long (harness/scenario/bursts.ts).

import { RETRANSMIT_TIMEOUT_MS, type LossFault } from '../model/scenario.ts';
import { addToxics, removeToxics, type FaultActor } from './actor.ts';

/** Ethernet without options. */
const SEGMENT_BYTES = 1460;
const MATHIS = 1.22;

export const loss: FaultActor<LossFault> = {
  inject: async (fault, proxy, id) => {
    if (fault.burstMs !== undefined)
      return addToxics(fault, proxy, { id, type: 'bandwidth', attributes: { rate: 0 } });
    const { meanMs, jitterMs } = lossDelay(fault);
    const latency = { latency: meanMs, jitter: jitterMs };
    const bandwidth = { rate: lossRateKBps(fault) };
    await Promise.all([
      addToxics(fault, proxy, { id: `${id}-late`, type: 'latency', attributes: latency }),
      addToxics(fault, proxy, { id: `${id}-thin`, type: 'bandwidth', attributes: bandwidth }),
    ]);
  },
  heal: async (fault, proxy, id) => {
    if (fault.burstMs !== undefined) return removeToxics(fault, proxy, id);
    const parts = [`${id}-late`, `${id}-thin`];
    const results = await Promise.allSettled(parts.map((part) => removeToxics(fault, proxy, part)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  },
};

/** One retransmission takes a round trip; one that is lost again waits for the time-out. */
export function lossDelay({ share, roundTripMs }: LossFault): { meanMs: number; jitterMs: number } {
  const meanMs = share * (roundTripMs + share * RETRANSMIT_TIMEOUT_MS);
  return { meanMs: Math.ceil(meanMs), jitterMs: Math.ceil(Math.max(meanMs, roundTripMs)) };
}

/** Kilobytes a second, at least 1. */
export function lossRateKBps({ share, roundTripMs }: LossFault): number {
  const bytesPerMs = (MATHIS * SEGMENT_BYTES) / (roundTripMs * Math.sqrt(Math.max(share, 1e-6)));
  return Math.max(1, Math.round(bytesPerMs));
}
