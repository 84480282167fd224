// The repair server of a sender: keeps what was sent for a while, sends again what a box misses, and
// bursts to one that zaps what it needs to begin at once. Both wait for their turn in one queue that a
// budget empties, so that many who zap together delay the repair of others.

import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { RepairRequest } from '../../model/rtcp.ts';
import { readRtp, stepsBetween } from '../../model/rtp.ts';
import { startsPicture, tablesIn } from '../../model/transportStream.ts';

/** Longer than two seconds, the most between two pictures that a decoder can begin with. */
const KEPT_MS = 3_000;
/** A packet that has waited for longer comes too late for the jitter buffer of any box. */
const WAIT_MS_MAX = 1_000;
/** A budget that was not used does not grow beyond this. */
const SAVED_MS = 50;

export interface RepairServerOptions<Box> {
  readonly budgetKbps: number;
  readonly send: (datagram: Uint8Array, to: Box) => void;
  readonly clock?: Pick<Clock, 'epochMs'>;
}

export interface RepairServer<Box> {
  /** Takes each datagram that is sent to the group. */
  readonly keep: (datagram: Uint8Array) => void;
  readonly ask: (request: RepairRequest, from: Box) => void;
  /** Sends what the budget allows by now. */
  readonly tick: () => void;
  readonly counts: { readonly datagramsRepaired: number; readonly datagramsBurst: number };
}

interface Kept {
  readonly number: number;
  readonly datagram: Uint8Array;
  readonly atMs: number;
  /** Tables begin here, without which a decoder knows of no picture. */
  readonly hasTables: boolean;
  readonly canBegin: boolean;
}

interface Waiting<Box> {
  readonly datagram: Uint8Array;
  readonly to: Box;
  readonly sinceMs: number;
  readonly of: 'datagramsRepaired' | 'datagramsBurst';
}

export function createRepairServer<Box>(options: RepairServerOptions<Box>): RepairServer<Box> {
  const { budgetKbps, send, clock = systemClock } = options;
  const counts = { datagramsRepaired: 0, datagramsBurst: 0 };
  const bytesPerMs = budgetKbps / 8;
  let kept: Kept[] = [];
  let queue: Waiting<Box>[] = [];
  let allowedBytes = 0;
  let tickedAtMs = clock.epochMs();
  const wait = (datagram: Uint8Array, to: Box, of: Waiting<Box>['of']) =>
    queue.push({ datagram, to, of, sinceMs: clock.epochMs() });
  return {
    counts,
    keep: (datagram) => {
      const packet = readRtp(datagram);
      if (!packet) return;
      const atMs = clock.epochMs();
      const old = kept.findIndex((one) => atMs - one.atMs <= KEPT_MS);
      kept = kept.slice(old === -1 ? kept.length : old);
      const { number, payload } = packet;
      const [hasTables, canBegin] = [tablesIn(payload), startsPicture(payload)];
      kept.push({ number, datagram, atMs, hasTables, canBegin });
    },
    ask: (request, from) => {
      if (request.kind === 'burst')
        return burstFrom(kept).forEach(({ datagram }) => wait(datagram, from, 'datagramsBurst'));
      for (const number of request.numbers) {
        const found = kept.find((one) => one.number === number);
        if (found) wait(found.datagram, from, 'datagramsRepaired');
      }
    },
    tick: () => {
      const nowMs = clock.epochMs();
      const passedMs = nowMs - tickedAtMs;
      tickedAtMs = nowMs;
      allowedBytes = Math.min(allowedBytes, SAVED_MS * bytesPerMs) + passedMs * bytesPerMs;
      queue = queue.filter(({ sinceMs }) => nowMs - sinceMs <= WAIT_MS_MAX);
      for (; queue[0] && queue[0].datagram.length <= allowedBytes; queue.shift()) {
        const { datagram, to, of } = queue[0];
        send(datagram, to);
        allowedBytes -= datagram.length;
        counts[of] += 1;
      }
    },
  };
}

/** From the tables before the newest picture that a decoder can begin with, up to now; in order. */
function burstFrom(kept: readonly Kept[]): readonly Kept[] {
  const inOrder = kept.toSorted((a, b) => stepsBetween(b.number, a.number));
  const begin = inOrder.findLastIndex(({ canBegin }) => canBegin);
  const tables = inOrder.findLastIndex(({ hasTables }, at) => hasTables && at <= begin);
  return tables === -1 ? [] : inOrder.slice(tables);
}
