// One flow of a link in virtual time: what faults in force on it do to what passes.

import { findKind } from '../faults/kinds.ts';
import type { LinkNumbers } from '../faults/kind.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { LinkFault } from '../model/scenario.ts';
import { createNarrowQueue, type NarrowQueue } from './narrowQueue.ts';

export type Way = 'forward' | 'backward';

/** The sum of the faults in force on one way of a flow. */
export interface Condition {
  /** The way in which nothing passes; undefined when something does. */
  readonly cut: 'hold' | 'drop' | 'refuse' | 'reset' | undefined;
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Infinity without a limit. */
  readonly rateKbps: number;
}

export interface Flow {
  readonly id: string;
  readonly inject: (occurrence: string, fault: LinkFault) => void;
  readonly heal: (occurrence: string) => void;
  readonly condition: (way: Way) => Condition;
  /** True when all that is sent that way has crossed at once. */
  readonly isFree: (way: Way) => boolean;
  /** The time that so much takes to pass at the rate there is, when it goes on all the time. */
  readonly passesInMs: (way: Way, bytes: number) => number;
  /** Resolves at the next change of what is in force. */
  readonly changed: (signal?: AbortSignal) => Promise<void>;
  /** Sends so much that way; resolves with what became of it. */
  readonly cross: (way: Way, bytes: number, signal: AbortSignal) => Promise<'crossed' | 'broken'>;
}

export interface FlowOptions {
  readonly id: string;
  readonly clock: Clock;
  readonly random: Random;
}

const BOTH: readonly Way[] = ['forward', 'backward'];

export function createFlow({ id, clock, random }: FlowOptions): Flow {
  const inForce = new Map<string, LinkFault>();
  const conditions = { forward: HEALTHY, backward: HEALTHY };
  const waiting = new Set<() => void>();
  const changed = (signal?: AbortSignal) => waitIn(waiting, signal);
  const queueOn = (way: Way): NarrowQueue =>
    createNarrowQueue({
      clock,
      rateKbps: () => conditions[way].rateKbps,
      changed,
    });
  const queues = { forward: queueOn('forward'), backward: queueOn('backward') };
  const change = (): void => {
    for (const way of BOTH) conditions[way] = combineFaults([...inForce.values()], way);
    for (const goOn of waiting) goOn();
    waiting.clear();
  };
  return {
    id,
    inject: (occurrence, fault) => {
      inForce.set(occurrence, fault);
      change();
    },
    heal: (occurrence) => {
      inForce.delete(occurrence);
      change();
    },
    condition: (way) => conditions[way],
    isFree: (way) => conditions[way] === HEALTHY && queues[way].waitingBits() === 0,
    passesInMs: (way, bytes) => (queues[way].waitingBits() + bytes * 8) / conditions[way].rateKbps,
    changed,
    cross: async (way, bytes, signal) => {
      const { delayMs, jitterMs } = conditions[way];
      const swing = jitterMs > 0 ? (random.next() * 2 - 1) * jitterMs : 0;
      await queues[way].pass(bytes, signal);
      if (delayMs + swing > 0) await clock.sleep(delayMs + swing, signal);
      for (let { cut } = conditions[way]; cut !== undefined; { cut } = conditions[way]) {
        if (cut === 'refuse' || cut === 'reset') return 'broken';
        await changed(signal);
        // Bytes that were dropped do not come later: their connection is closed.
        if (cut === 'drop' && conditions[way].cut !== 'drop') return 'broken';
      }
      return 'crossed';
    },
  };
}

/** Resolves when what it adds is called; who gives up leaves nothing behind: a cut may last for hours. */
function waitIn(waiting: Set<() => void>, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      waiting.delete(goOn);
      reject(signal?.reason as Error);
    };
    const goOn = () => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    };
    waiting.add(goOn);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

const HEALTHY: Condition = { cut: undefined, delayMs: 0, jitterMs: 0, rateKbps: Infinity };

export function combineFaults(faults: readonly LinkFault[], way: Way): Condition {
  return faults
    .filter(({ direction }) => direction === undefined || direction === way)
    .map((fault): Condition => withNumbers(fault, findKind(fault).numbers(fault)))
    .reduce(
      (sum, one) => ({
        cut: stronger(sum.cut, one.cut),
        delayMs: sum.delayMs + one.delayMs,
        jitterMs: sum.jitterMs + one.jitterMs,
        rateKbps: Math.min(sum.rateKbps, one.rateKbps),
      }),
      HEALTHY,
    );
}

/** A wait after each piece is a limit of the rate. */
function withNumbers(fault: LinkFault, numbers: LinkNumbers): Condition {
  const { passes, delayMs = 0, jitterMs = 0, rateKbps = Infinity, piece } = numbers;
  const pieceKbps = piece && piece.delayMs > 0 ? (piece.bytes * 8) / piece.delayMs : Infinity;
  const cut = passes || fault.kind !== 'cut' ? undefined : fault.effect;
  return { cut, delayMs, jitterMs, rateKbps: Math.min(rateKbps, pieceKbps) };
}

/** The one that leaves least of what is sent. */
const STRENGTH = ['hold', 'drop', 'reset', 'refuse'] as const;

function stronger(a: Condition['cut'], b: Condition['cut']): Condition['cut'] {
  if (a === undefined || b === undefined) return a ?? b;
  return STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;
}
