// Passes at most `rate` kilobytes (of 1000 bytes) a second over all connections of the proxy together, as
// an uplink of many viewers does. They take turns, so that none of them can keep the others out. Rate 0
// holds everything, without loss, until the rate changes or the toxic is removed.

import { keepChunk } from '../readMemory.ts';
import type { Attributes, Outlet, StageClock, StageContext, ToxicKind } from './stage.ts';

/** One turn of one connection. */
const PIECE_BYTES_MAX = 16 * 1024;
/** Held bytes at which the source of a connection pauses. */
const HELD_BYTES_MAX = 64 * 1024;
/** Time lost to late timers that is made up. */
const CREDIT_MS = 50;
/** A piece that is due within this much is let go now: timers are no finer than a millisecond. */
const TIMER_SLACK_MS = 0.5;
/** Pieces let go at once; others than this uplink have their turn before the next ones. */
const PIECES_A_TURN = 250;

export const sharedBandwidth: ToxicKind = {
  type: 'shared_bandwidth',
  structName: 'SharedBandwidthToxic',
  attributes: { rate: 'int64' },
  protocols: ['tcp'],
  create(given, context) {
    const { outlet } = context;
    const uplink = findUplink(context, given);
    const lane: Lane = {
      outlet,
      pieces: [],
      bytes: 0,
      blocked: false,
      askedForPause: false,
      ended: false,
    };
    return {
      write: (chunk) => {
        const kept = keepChunk(chunk);
        for (let at = 0; at < kept.length; at += PIECE_BYTES_MAX)
          lane.pieces.push(kept.subarray(at, at + PIECE_BYTES_MAX));
        lane.bytes += chunk.length;
        queueUp(uplink, lane);
        lane.askedForPause ||= lane.blocked || lane.bytes >= HELD_BYTES_MAX;
        return !lane.askedForPause;
      },
      end: () => {
        lane.ended = true;
        if (lane.bytes === 0) outlet.end();
      },
      drained: () => {
        lane.blocked = false;
        lane.askedForPause = true;
        if (lane.bytes > 0) queueUp(uplink, lane);
        askForMore(lane);
      },
      update: ({ rate = 0 }) => {
        uplink.bytesPerMs = rate;
        pump(uplink);
      },
      heldBytes: () => lane.bytes,
      release: () => {
        uplink.waiting.delete(lane);
        if (uplink.waiting.size === 0) stopTimer(uplink);
        const { pieces, ended, bytes } = lane;
        Object.assign(lane, { pieces: [], bytes: 0 });
        return { chunks: pieces, ended: ended && bytes > 0 };
      },
    };
  },
};

/** One connection on the uplink. */
interface Lane {
  readonly outlet: Outlet;
  pieces: Buffer[];
  bytes: number;
  /** The outlet answered false. */
  blocked: boolean;
  askedForPause: boolean;
  ended: boolean;
}

interface Uplink {
  readonly clock: StageClock;
  bytesPerMs: number;
  /** When the last piece has gone through. */
  busyUntilMs: number;
  /** Lanes with something to send, in the order of their turns. */
  readonly waiting: Set<Lane>;
  cancelTimer: (() => void) | undefined;
}

/** The uplinks by toxic: all its connections find the same one. */
const uplinks = new WeakMap<object, Uplink>();

function findUplink({ toxic, clock }: StageContext, { rate = 0 }: Attributes): Uplink {
  const known = uplinks.get(toxic);
  if (known) return known;
  const busyUntilMs = clock.nowMs();
  const waiting = new Set<Lane>();
  const uplink = { clock, bytesPerMs: rate, busyUntilMs, waiting, cancelTimer: undefined };
  uplinks.set(toxic, uplink);
  return uplink;
}

/** Lanes are asked for more from the timer alone: whoever writes must not be asked meanwhile. */
function queueUp(uplink: Uplink, lane: Lane): void {
  if (lane.blocked) return;
  uplink.waiting.add(lane);
  if (!uplink.cancelTimer) arm(uplink);
}

function arm(uplink: Uplink): void {
  const { clock, waiting, bytesPerMs, busyUntilMs } = uplink;
  if (waiting.size === 0 || bytesPerMs <= 0) return;
  const ms = Math.max(0, busyUntilMs - clock.nowMs());
  uplink.cancelTimer = clock.after(ms, () => pump(uplink));
}

/** Lets go what is due, one piece a lane and turn, then waits. */
function pump(uplink: Uplink): void {
  const { clock, waiting, bytesPerMs } = uplink;
  stopTimer(uplink);
  const nowMs = clock.nowMs();
  for (let left = PIECES_A_TURN; bytesPerMs > 0 && left > 0; left--) {
    const lane = waiting.values().next().value;
    if (!lane || uplink.busyUntilMs > nowMs + TIMER_SLACK_MS) break;
    waiting.delete(lane);
    uplink.busyUntilMs =
      Math.max(uplink.busyUntilMs, nowMs - CREDIT_MS) + sendOne(lane) / bytesPerMs;
    if (lane.bytes > 0 && !lane.blocked) waiting.add(lane);
    askForMore(lane);
  }
  // Bytes let go may have brought more, and a timer with it.
  stopTimer(uplink);
  arm(uplink);
}

function stopTimer(uplink: Uplink): void {
  uplink.cancelTimer?.();
  uplink.cancelTimer = undefined;
}

/** Its bytes. */
function sendOne(lane: Lane): number {
  const piece = lane.pieces.shift();
  if (!piece) return 0;
  lane.bytes -= piece.length;
  lane.blocked = !lane.outlet.send(piece);
  if (lane.ended && lane.bytes === 0) lane.outlet.end();
  return piece.length;
}

function askForMore(lane: Lane): void {
  if (!lane.askedForPause || lane.blocked || lane.bytes >= HELD_BYTES_MAX) return;
  lane.askedForPause = false;
  lane.outlet.ready();
}
