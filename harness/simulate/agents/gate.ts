// A class of stages that can serve so many requests a second: requests wait in a queue, those that find it
// full are turned away, and that costs a part of serving one, or an overload could not hold itself up.

import type { Capacity } from '../../model/simulated.ts';
import { drawShare } from './hash.ts';
import type { Load } from './loads.ts';
import { TICK_MS } from './wheel.ts';

export interface Gate extends Capacity {
  readonly load: Load;
  readonly seed: number;
  readonly perTick: number;
  /** Requests a second of agents whose steady state is skipped, by second; they are served first. */
  readonly reserved: Float64Array;
  /** Work of every tick, in requests, and the next tick that may have room for more. */
  readonly used: Float64Array;
  readonly next: Int32Array;
  /** The last tick that work was given to. */
  usedTo: number;
  draws: number;
  /** Somebody had to wait at this time. */
  busyAtMs: number;
  /** Agents that are skipped stand behind it. */
  hasSkipped: boolean;
}

/** The least of a tick that is left for requests that are not skipped. */
const RESERVED_MOST = 0.95;
/** A queue that is no longer than this, or half of what it may be, delays nobody by much. */
const CALM_MS = 2 * TICK_MS;
/** A class is calm again after so long without a queue. */
const CALM_AFTER_MS = 2_000;
/** Work so far beyond its queue leaves a class no time to turn anybody away: nothing is answered [C]. */
const SILENT_MS = 1_000;
const TICKS_A_SECOND = 1000 / TICK_MS;
const PURPOSE = 7;

export function makeGate(capacity: Capacity, load: Load, seed: number): Gate {
  const ticks = load.seconds.length * TICKS_A_SECOND;
  return {
    ...capacity,
    load,
    seed,
    perTick: capacity.perS / TICKS_A_SECOND,
    reserved: new Float64Array(load.seconds.length),
    used: new Float64Array(ticks),
    next: Int32Array.from({ length: ticks + 1 }, (_, tick) => tick),
    usedTo: -1,
    draws: 0,
    busyAtMs: -Infinity,
    hasSkipped: false,
  };
}

const toTick = ({ load }: Gate, atMs: number): number =>
  Math.max(0, Math.floor((atMs - load.fromMs) / TICK_MS));

/** Requests that a tick can still serve. */
const roomIn = ({ perTick, reserved, used }: Gate, tick: number): number =>
  perTick - reserved[Math.floor(tick / TICKS_A_SECOND)]! / TICKS_A_SECOND - used[tick]!;

/** Finds the first tick from one on that is not full; ticks behind the last second never are. */
function findRoom({ next, used }: Gate, from: number): number {
  if (from >= used.length) return from;
  let tick = from;
  while (next[tick] !== tick) tick = next[tick]!;
  for (let at = from; next[at] !== tick && at !== tick;) {
    const after = next[at]!;
    next[at] = tick;
    at = after;
  }
  return tick;
}

/** Gives when somebody who asks at a time is served. */
function turnMs(gate: Gate, atMs: number): number {
  const tick = findRoom(gate, toTick(gate, atMs));
  const used = tick < gate.used.length ? gate.used[tick]! / gate.perTick : 0;
  return Math.max(atMs, gate.load.fromMs + (tick + used) * TICK_MS);
}

/** Gives work to the first ticks that have room; served requests are counted there. */
function pour(gate: Gate, work: number, atMs: number, isServed: boolean): void {
  const { load, used, next, perTick } = gate;
  let tick = findRoom(gate, toTick(gate, atMs));
  for (let left = work; left > work * 1e-9 && tick < used.length; tick = findRoom(gate, tick)) {
    const room = Math.max(0, roomIn(gate, tick));
    const part = Math.min(left, room);
    used[tick]! += part;
    left -= part;
    if (isServed) load.seconds[Math.floor(tick / TICKS_A_SECOND)]! += part;
    gate.usedTo = Math.max(gate.usedTo, tick);
    if (room - part <= perTick * 1e-9) next[tick] = tick + 1;
  }
}

/** The outcome of requests that came together. */
export interface Admission {
  /** The share of them that is served. */
  share: number;
  /** When the last of them is. */
  doneMs: number;
  /** The others are told so; false where they wait for an answer that never comes. */
  isRefused: boolean;
}

/** Serves as many requests as the queue has room for, and turns the others away. */
export function admit(
  gate: Gate,
  requests: number,
  atMs: number,
  isSession: boolean,
  admission: Admission,
): void {
  const { load, queueMs, admits, refusalCost, perTick } = gate;
  const longestMs = isSession && admits === 'playing' ? queueMs / 2 : queueMs;
  const waitMs = turnMs(gate, atMs) - atMs;
  const room = (Math.max(0, longestMs + TICK_MS - waitMs) / TICK_MS) * perTick;
  const served = Math.min(requests, room);
  if (served > 0) pour(gate, served, atMs, true);
  const doneMs = turnMs(gate, atMs);
  const refused = requests - served;
  admission.share = served / requests;
  admission.doneMs = doneMs;
  admission.isRefused = doneMs - atMs <= queueMs + SILENT_MS;
  if (refused > 0) {
    load.refused += refused;
    if (admission.isRefused && refusalCost > 0) pour(gate, refused * refusalCost, atMs, false);
  }
  if (refused > 0 || doneMs - atMs > calmMs(gate)) gate.busyAtMs = Math.max(gate.busyAtMs, atMs);
}

/** Draws for somebody who asks with others. */
export const drawAt = (gate: Gate): number =>
  drawShare(gate.seed, gate.draws++ >>> 16, PURPOSE, gate.draws & 0xffff);

/** Nobody waited lately: there is as much for everybody as they ask for. */
export const isCalm = (gate: Gate, atMs: number): boolean =>
  gate.busyAtMs < atMs - CALM_AFTER_MS && turnMs(gate, atMs) <= atMs + calmMs(gate);

const calmMs = ({ queueMs }: Gate): number => Math.max(CALM_MS, queueMs / 2);

/** The seconds that lie in a span of time, from the first whole one. */
export function secondsIn({ load }: Gate, fromMs: number, toMs: number): readonly [number, number] {
  const second = (ms: number) =>
    Math.min(load.seconds.length, Math.max(0, Math.ceil((ms - load.fromMs) / 1000)));
  return [second(fromMs), second(toMs)];
}

/** Keeps room for requests at a rate over seconds; false, and nothing kept, where there is too little. */
export function reserve(gate: Gate, [from, to]: readonly [number, number], perS: number): boolean {
  const { reserved, perS: most } = gate;
  if (gate.usedTo >= from * TICKS_A_SECOND) return false;
  for (let s = from; s < to; s++) if (reserved[s]! + perS > most * RESERVED_MOST) return false;
  addRate(gate, [from, to], perS);
  return true;
}

export function addRate(gate: Gate, [from, to]: readonly [number, number], perS: number): void {
  for (let s = from; s < to; s++) {
    gate.reserved[s]! += perS;
    gate.load.seconds[s]! += perS;
  }
}

/** Keeps room for so many requests at each of some times, or in the second after; false, and none kept, where there is too little. */
export function reserveAt(gate: Gate, times: readonly number[], requests: number): boolean {
  const { reserved, load, perS, usedTo } = gate;
  const soonest = Math.floor(usedTo / TICKS_A_SECOND) + 1;
  const seconds = times.map((ms) => Math.max(soonest, Math.ceil((ms - load.fromMs) / 1000)));
  const most = perS * RESERVED_MOST - requests * times.length;
  if (seconds.some((s) => (reserved[s] ?? Infinity) > most)) return false;
  for (const s of seconds) addRate(gate, [s, s + 1], requests);
  return true;
}
