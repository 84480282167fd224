// When each agent acts next: lists of events by ticks. An event is in one list at most, and can be
// moved or called off.

export const TICK_MS = 50;
const SLOTS = 4096;
const NOWHERE = -1;

export interface Wheel {
  readonly fromMs: number;
  readonly atMs: Float64Array;
  readonly slot: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly heads: Int32Array;
  tick: number;
}

export function createWheel(events: number, fromMs: number): Wheel {
  return {
    fromMs,
    atMs: new Float64Array(events).fill(Infinity),
    slot: new Int32Array(events).fill(NOWHERE),
    next: new Int32Array(events),
    previous: new Int32Array(events),
    heads: new Int32Array(SLOTS).fill(NOWHERE),
    tick: 0,
  };
}

const toTick = (wheel: Wheel, atMs: number): number => Math.floor((atMs - wheel.fromMs) / TICK_MS);

/** An event that is far away waits in the last list that can be, and is put again from there. */
export function schedule(wheel: Wheel, event: number, atMs: number): void {
  callOff(wheel, event);
  wheel.atMs[event] = atMs;
  if (atMs === Infinity) return;
  const soonest = wheel.tick + 1;
  const tick = Math.min(Math.max(soonest, toTick(wheel, atMs)), wheel.tick + SLOTS - 1);
  const slot = tick % SLOTS;
  const head = wheel.heads[slot]!;
  wheel.slot[event] = slot;
  wheel.next[event] = head;
  wheel.previous[event] = NOWHERE;
  if (head !== NOWHERE) wheel.previous[head] = event;
  wheel.heads[slot] = event;
}

export function callOff(wheel: Wheel, event: number): void {
  const slot = wheel.slot[event]!;
  if (slot === NOWHERE) return;
  const next = wheel.next[event]!;
  const previous = wheel.previous[event]!;
  if (previous === NOWHERE) wheel.heads[slot] = next;
  else wheel.next[previous] = next;
  if (next !== NOWHERE) wheel.previous[next] = previous;
  wheel.slot[event] = NOWHERE;
  wheel.atMs[event] = Infinity;
}

export const isScheduled = (wheel: Wheel, event: number): boolean => wheel.slot[event] !== NOWHERE;

/** Takes the events that are due in the tick there is, in the order of their numbers. */
export function takeDue(wheel: Wheel, due: Int32Array): number {
  const slot = wheel.tick % SLOTS;
  let count = 0;
  for (let event = wheel.heads[slot]!; event !== NOWHERE; event = wheel.next[event]!) {
    due[count++] = event;
    wheel.slot[event] = NOWHERE;
  }
  wheel.heads[slot] = NOWHERE;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const event = due[i]!;
    if (toTick(wheel, wheel.atMs[event]!) > wheel.tick) schedule(wheel, event, wheel.atMs[event]!);
    else due[kept++] = event;
  }
  due.subarray(0, kept).sort();
  return kept;
}
