// A queue that lets each chunk go when it is due, in order, and stops while the outlet is full.
// Latency, bandwidth and slicer are this queue with different due times. A chunk that leaves in pieces is
// cut when they are due: what another stage held may come all at once, and each piece costs memory.

import { keepChunk } from '../readMemory.ts';
import type { Released, StageContext } from './stage.ts';

/** A chunk that is due within this much is let go now: timers are no finer than a millisecond. */
const TIMER_SLACK_MS = 0.5;
/** Held bytes at which a queue asks for a pause while its outlet is full. */
const BLOCKED_BYTES_MAX = 1024 * 1024;
/** Held chunks at which a queue asks for a pause: each costs memory and time beside its bytes. */
const CHUNKS_MAX = 16 * 1024;
/** Chunks let go at once; others have their turn before the next ones. */
const CHUNKS_A_TURN = 250;
/** Passed items are cut off the front of the array once there are this many, and as many as are left. */
const COMPACT_ITEMS = 1024;

export interface QueuedChunk {
  readonly chunk: Buffer;
  readonly arrivedAtMs: number;
  /** When its next piece goes. Infinity: held until the toxic changes. */
  dueAtMs: number;
  /** Bytes of it that have gone. */
  goneBytes: number;
}

export const leftBytes = ({ chunk, goneBytes }: QueuedChunk): number => chunk.length - goneBytes;

export interface PacedQueueOptions {
  /** Held bytes at which it asks for a pause; it takes what comes all the same. */
  readonly bytesMax: () => number;
  /**
   * Gives the length of the piece at the front of a chunk that goes now, and sets when the next piece,
   * or the next chunk, is due. Default: chunks go whole.
   */
  readonly cut?: (head: QueuedChunk, next: QueuedChunk | undefined) => number;
}

export interface PacedQueue {
  /** Adds a chunk; false when the queue asks for a pause. */
  readonly push: (chunk: Buffer, dueAtMs: number) => boolean;
  readonly end: () => void;
  readonly drained: () => void;
  /** Gives every chunk that is held a new due time, in order, and goes on. */
  readonly retime: (dueAtMs: (queued: QueuedChunk) => number) => void;
  readonly heldBytes: () => number;
  readonly release: () => Released;
}

interface QueueState extends StageContext, PacedQueueOptions {
  items: QueuedChunk[];
  /** Index of the head in `items`. */
  first: number;
  bytes: number;
  /** The outlet answered false. */
  blocked: boolean;
  ended: boolean;
  endPassed: boolean;
  askedForPause: boolean;
  cancelTimer: (() => void) | undefined;
}

export function pacedQueue(context: StageContext, options: PacedQueueOptions): PacedQueue {
  const state: QueueState = {
    ...context,
    ...options,
    items: [],
    first: 0,
    bytes: 0,
    blocked: false,
    ended: false,
    endPassed: false,
    askedForPause: false,
    cancelTimer: undefined,
  };
  return {
    push: (chunk, dueAtMs) => push(state, chunk, dueAtMs),
    end: () => {
      state.ended = true;
      passEnd(state);
    },
    drained: () => {
      state.blocked = false;
      state.askedForPause = true;
      flush(state);
    },
    retime: (dueAtMs) => {
      for (const item of held(state)) item.dueAtMs = dueAtMs(item);
      flush(state);
    },
    heldBytes: () => state.bytes,
    release: () => release(state),
  };
}

function push(state: QueueState, chunk: Buffer, dueAtMs: number): boolean {
  const nowMs = state.clock.nowMs();
  if (isEmpty(state) && !state.blocked && !state.cut && dueAtMs <= nowMs) {
    state.blocked = !state.outlet.send(chunk);
  } else {
    const wasEmpty = isEmpty(state);
    state.items.push({ chunk: keepChunk(chunk), arrivedAtMs: nowMs, dueAtMs, goneBytes: 0 });
    state.bytes += chunk.length;
    if (wasEmpty) letGo(state, nowMs);
  }
  state.askedForPause = state.blocked || isFull(state);
  return !state.askedForPause;
}

function flush(state: QueueState): void {
  letGo(state, state.clock.nowMs() + TIMER_SLACK_MS);
  passEnd(state);
  if (!state.askedForPause || state.blocked || isFull(state)) return;
  state.askedForPause = false;
  state.outlet.ready();
}

/** Lets go what is due until then, and waits for the next. */
function letGo(state: QueueState, untilMs: number): void {
  for (let left = CHUNKS_A_TURN; left > 0 && !state.blocked; left--) {
    // A chunk that was sent can end the connection, and this queue with it.
    const head = state.items[state.first];
    if (!head || head.dueAtMs > untilMs) break;
    state.blocked = !state.outlet.send(takePiece(state, head));
  }
  compact(state);
  arm(state);
}

function takePiece(state: QueueState, head: QueuedChunk): Buffer {
  const { chunk, goneBytes } = head;
  const bytes = state.cut?.(head, state.items[state.first + 1]) ?? chunk.length;
  head.goneBytes += bytes;
  state.bytes -= bytes;
  if (leftBytes(head) === 0) state.first += 1;
  return bytes === chunk.length ? chunk : chunk.subarray(goneBytes, goneBytes + bytes);
}

function arm(state: QueueState): void {
  state.cancelTimer?.();
  state.cancelTimer = undefined;
  const head = state.items[state.first];
  if (!head || state.blocked || head.dueAtMs === Infinity) return;
  const ms = Math.max(0, head.dueAtMs - state.clock.nowMs());
  state.cancelTimer = state.clock.after(ms, () => flush(state));
}

function passEnd(state: QueueState): void {
  if (!state.ended || state.endPassed || !isEmpty(state)) return;
  state.endPassed = true;
  state.outlet.end();
}

function release(state: QueueState): Released {
  state.cancelTimer?.();
  const chunks = held(state).map(({ chunk, goneBytes }) => chunk.subarray(goneBytes));
  const ended = state.ended && !state.endPassed;
  Object.assign(state, { items: [], first: 0, bytes: 0, ended: false });
  return { chunks, ended };
}

function compact(state: QueueState): void {
  const enough = Math.max(COMPACT_ITEMS, state.items.length / 2);
  if (!isEmpty(state) && state.first < enough) return;
  state.items = held(state);
  state.first = 0;
}

const held = ({ items, first }: QueueState): QueuedChunk[] => items.slice(first);
const isEmpty = ({ items, first }: QueueState): boolean => first >= items.length;
const isFull = ({ bytes, items, first, blocked, bytesMax }: QueueState): boolean =>
  bytes >= bytesMax() ||
  items.length - first >= CHUNKS_MAX ||
  (blocked && bytes >= BLOCKED_BYTES_MAX);
