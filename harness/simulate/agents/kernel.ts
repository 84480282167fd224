// The kernel: agents that act in ticks, in the order of their numbers, on classes of edges. First the
// demand of a tick is known, then what each class can serve of it, then everybody gets an answer.

import type { PlayerPolicy } from '../../model/scenario.ts';
import {
  ask,
  regularUntil,
  unchangedUntil,
  NONE,
  EMPTY,
  type Answer,
  type Asked,
  type Place,
} from './delivery.ts';
import { PLAYING, STARTING, splitAgent, type Crowd } from './crowd.ts';
import {
  BACK,
  decide,
  FATAL,
  forgetFailures,
  loaded,
  SKIP,
  SWITCH,
  TICK_MS as PLAYER_TICK_MS,
  TIMEOUT,
} from './failures.ts';
import { draw, drawShare } from './hash.ts';
import { countRate } from './loads.ts';
import { giveOut, isServed, type Gate } from './gate.ts';
import type { LoadRules, PlayerRules } from './rules.ts';
import { advance, type Screens } from './screens.ts';
import { TIMES } from '../constants.ts';
import { callOff, isScheduled, schedule, takeDue, TICK_MS, type Wheel } from './wheel.ts';

/** Viewers who play alike. */
export interface Group {
  readonly rules: PlayerRules;
  readonly policy: PlayerPolicy;
}

export interface Kernel {
  readonly crowd: Crowd;
  readonly screens: Screens;
  readonly wheel: Wheel;
  readonly groups: readonly Group[];
  readonly places: readonly Place[];
  /** By entry; undefined where nothing limits it. */
  readonly gates: ReadonlyMap<string, Gate>;
  readonly seed: number;
  /** Nothing happens from here on. */
  readonly endMs: number;
  readonly segmentMs: number;
  readonly rungs: number;
  /** Chance divides an agent into as many as it has outcomes, as long as there is room. */
  readonly splits: boolean;
  /** From the start of a player to its first picture, at least. */
  readonly startUpMs: number;
  readonly answers: Answers;
  readonly answer: Answer;
  events: number;
}

/** Answers under way, by event. */
export interface Answers {
  readonly isComing: Uint8Array;
  readonly status: Int16Array;
  readonly value: Int32Array;
  readonly askedMs: Float64Array;
}

/** Three events an agent. */
const LOAD = 0;
const SEGMENT = 1;
const ACT = 2;
export const EVENTS = 3;
const eventOf = (agent: number, what: number): number => agent * EVENTS + what;

/** An answer that comes so soon is taken in the same tick. */
const SOON_MS = TICK_MS;
/** A playhead so far outside of the playlist is still in it (hls.js: maxFragLookUpTolerance). */
const TOLERANCE_MS = 250;
/** A hole that is gone over without a stop (hls.js: maxBufferHole). */
const HOLE_MS = 100;
const PURPOSE = { act: 1, capacity: 2 } as const;

export function join(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  crowd.joinedMs[agent] = atMs;
  crowd.sinceMs[agent] = atMs;
  schedule(kernel.wheel, eventOf(agent, LOAD), atMs);
}

/** Plays to the end. */
export function run(kernel: Kernel): void {
  const { wheel, crowd, endMs: toMs } = kernel;
  const due = new Int32Array(crowd.capacity * EVENTS);
  for (; wheel.fromMs + wheel.tick * TICK_MS < toMs; wheel.tick++) {
    const count = takeDue(wheel, due);
    if (count === 0) continue;
    if (kernel.gates.size > 0) openGates(kernel, due, count);
    for (let i = 0; i < count; i++) act(kernel, due[i]!);
  }
  for (let agent = 0; agent < crowd.size; agent++) advance(kernel.screens, agent, toMs);
}

/** Phase one: the demand of every class of edges, and the share that it can serve. */
function openGates(
  { answers, crowd, places, gates, wheel }: Kernel,
  due: Int32Array,
  count: number,
): void {
  for (const gate of gates.values()) gate.demand = 0;
  for (let i = 0; i < count; i++) {
    const event = due[i]!;
    const agent = Math.floor(event / EVENTS);
    if (answers.isComing[event] === 1 || event % EVENTS === ACT) continue;
    const gate = gates.get(places[crowd.place[agent]!]!.entry.name);
    if (gate) gate.demand += crowd.count[agent]!;
  }
  for (const gate of gates.values()) giveOut(gate, wheel.tick);
}

function act(kernel: Kernel, event: number): void {
  const agent = Math.floor(event / EVENTS);
  const what = event % EVENTS;
  const atMs = kernel.wheel.atMs[event]!;
  if (atMs >= kernel.endMs) return;
  // Another event of the tick has moved it, or ended what it was for.
  if (isScheduled(kernel.wheel, event) || (kernel.crowd.fatal[agent] && what !== ACT)) return;
  kernel.events++;
  advance(kernel.screens, agent, atMs);
  if (what === ACT) return actOnFatal(kernel, agent, atMs);
  const { answers, crowd } = kernel;
  if (answers.isComing[event] === 1) {
    answers.isComing[event] = 0;
    return take(kernel, agent, what, atMs);
  }
  if (what === SEGMENT) return fill(kernel, agent, atMs);
  request(kernel, agent, crowd.hasManifest[agent] ? 'playlist' : 'manifest', -1, atMs);
}

/** Sends a request; an answer that comes soon is taken at once. */
function request(kernel: Kernel, agent: number, asked: Asked, segment: number, atMs: number): void {
  const { crowd, places, answer, answers, groups } = kernel;
  const what = asked === 'segment' ? SEGMENT : LOAD;
  const event = eventOf(agent, what);
  const place = places[crowd.place[agent]!]!;
  const gate = kernel.gates.get(place.entry.name);
  answer.value = segment;
  if (gate && !isServedOf(kernel, gate, agent)) {
    place.entry.load.refused += crowd.count[agent]!;
    answer.status = 503;
    answer.atMs = atMs + TIMES.playlistMs;
  } else ask(place, asked, segment, atMs, crowd.count[agent]!, answer);
  bound(answer, groups[crowd.group[agent]!]!.rules[asked], atMs);
  answers.status[event] = answer.status;
  answers.value[event] = answer.value;
  answers.askedMs[event] = atMs;
  if (answer.atMs - atMs <= SOON_MS && answer.atMs < kernel.endMs)
    return take(kernel, agent, what, answer.atMs);
  answers.isComing[event] = 1;
  schedule(kernel.wheel, event, answer.atMs);
}

function isServedOf({ crowd, seed }: Kernel, gate: Gate, agent: number): boolean {
  const counter = crowd.draws[agent]!;
  crowd.draws[agent] = counter + 1;
  return isServed(gate, crowd.count[agent]!, drawShare(seed, agent, PURPOSE.capacity, counter));
}

/** The player waits no longer than its rules say. */
function bound(answer: Answer, { firstByteMs, totalMs }: LoadRules, askedMs: number): void {
  const lateMs = askedMs + Math.min(firstByteMs, totalMs);
  if (answer.status !== NONE && answer.atMs <= lateMs) return;
  answer.status = TIMEOUT;
  answer.atMs = lateMs;
}

function take(kernel: Kernel, agent: number, what: number, atMs: number): void {
  const { crowd, answers } = kernel;
  const event = eventOf(agent, what);
  const [status, value] = [answers.status[event]!, answers.value[event]!];
  advance(kernel.screens, agent, atMs);
  if (what === SEGMENT) {
    if (status !== 200) return fail(kernel, agent, 'segment', status, value, atMs);
    return takeSegment(kernel, agent, value, atMs);
  }
  if (crowd.hasManifest[agent] === 0) {
    if (status !== 200) return fail(kernel, agent, 'manifest', status, value, atMs);
    loaded(crowd, agent, 'manifest');
    crowd.hasManifest[agent] = 1;
    return next(kernel, agent, LOAD, atMs);
  }
  if (status !== 200) return fail(kernel, agent, 'playlist', status, value, atMs);
  takePlaylist(kernel, agent, value, answers.askedMs[event]!, atMs);
}

/** The next request of a player: at once, or in the next tick where demand must be known first. */
function next(kernel: Kernel, agent: number, what: number, atMs: number): void {
  const event = eventOf(agent, what);
  if (kernel.gates.size > 0) return schedule(kernel.wheel, event, atMs);
  if (what === SEGMENT) return fill(kernel, agent, atMs);
  request(kernel, agent, kernel.crowd.hasManifest[agent] ? 'playlist' : 'manifest', -1, atMs);
}

function takePlaylist(
  kernel: Kernel,
  agent: number,
  version: number,
  askedMs: number,
  atMs: number,
): void {
  const { crowd, places, segmentMs, wheel } = kernel;
  const { publication } = places[crowd.place[agent]!]!;
  const last = publication.last[version]!;
  const isNew = last !== crowd.last[agent];
  const isSwitched = crowd.awaitsPlaylist[agent] === 1;
  crowd.awaitsPlaylist[agent] = 0;
  loaded(crowd, agent, 'playlist');
  crowd.version[agent] = version;
  crowd.first[agent] = publication.first[version]!;
  crowd.last[agent] = last;
  const isInside = stayInWindow(kernel, agent, isSwitched, atMs);
  const waitMs = isNew
    ? mediaAt(kernel, agent, last + 1) - mediaAt(kernel, agent, last)
    : segmentMs / 2;
  schedule(wheel, eventOf(agent, LOAD), Math.max(atMs, askedMs + waitMs));
  if (isInside && !isScheduled(wheel, eventOf(agent, SEGMENT))) next(kernel, agent, SEGMENT, atMs);
  skipAhead(kernel, agent, isNew);
}

const mediaAt = ({ places, crowd }: Kernel, agent: number, segment: number): number =>
  places[crowd.place[agent]!]!.publication.segments.mediaMs[segment]!;

/**
 * Jumps to live where the playlist has moved on from it; hls.js looks twice at one of a new rung.
 * False where it stays outside for now.
 */
function stayInWindow(kernel: Kernel, agent: number, isSwitched: boolean, atMs: number): boolean {
  const { crowd } = kernel;
  if (crowd.mode[agent] === PLAYING) return true;
  if (crowd.hasPosition[agent] === 1) {
    const positionMs = crowd.positionMs[agent]!;
    const fromMs = mediaAt(kernel, agent, crowd.first[agent]!) - TOLERANCE_MS;
    const toMs = mediaAt(kernel, agent, crowd.last[agent]! + 1) + TOLERANCE_MS;
    if (positionMs >= fromMs && positionMs <= toMs) return true;
    if (isSwitched) return false;
    callOffAnswer(kernel, agent, SEGMENT);
  }
  seek(kernel, agent, liveSyncMs(kernel, agent));
  advance(kernel.screens, agent, atMs);
  return true;
}

function liveSyncMs(kernel: Kernel, agent: number): number {
  const { crowd, groups, segmentMs } = kernel;
  const { liveSyncCount, liveSyncOnStallIncreaseMs } = groups[crowd.group[agent]!]!.rules;
  const startMs = mediaAt(kernel, agent, crowd.first[agent]!);
  const endMs = mediaAt(kernel, agent, crowd.last[agent]! + 1);
  const moreMs = Math.min(crowd.stalls[agent]! * liveSyncOnStallIncreaseMs, segmentMs);
  const syncMs = endMs - liveSyncCount * segmentMs - moreMs;
  return Math.min(Math.max(startMs, syncMs), Math.max(startMs, endMs - segmentMs));
}

function seek({ crowd }: Kernel, agent: number, positionMs: number): void {
  crowd.hasPosition[agent] = 1;
  crowd.positionMs[agent] = positionMs;
  crowd.bufferToMs[agent] = positionMs;
  crowd.pieceFromMs[agent] = NaN;
  crowd.nextSegment[agent] = 0;
}

/** Asks for the next segment of the playlist that it knows. */
function fill(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  if (crowd.fatal[agent] === 1 || crowd.awaitsPlaylist[agent] === 1) return;
  const segment = segmentToLoad(kernel, agent);
  if (segment >= 0) request(kernel, agent, 'segment', segment, atMs);
}

function segmentToLoad(kernel: Kernel, agent: number): number {
  const { crowd, places } = kernel;
  const { isGap, segments } = places[crowd.place[agent]!]!.publication;
  const pieceFromMs = crowd.pieceFromMs[agent]!;
  const fromMs = Number.isNaN(pieceFromMs) ? crowd.bufferToMs[agent]! : crowd.pieceToMs[agent]!;
  let segment = Math.max(crowd.nextSegment[agent]!, crowd.first[agent]!);
  const last = crowd.last[agent]!;
  while (
    segment <= last &&
    (segments.mediaMs[segment + 1]! <= fromMs + PLAYER_TICK_MS / 2 || isGap[segment] === 1)
  )
    segment++;
  crowd.nextSegment[agent] = segment;
  return segment <= last && last >= 0 ? segment : -1;
}

function takeSegment(kernel: Kernel, agent: number, segment: number, atMs: number): void {
  const { crowd } = kernel;
  loaded(crowd, agent, 'segment');
  const [fromMs, toMs] = [mediaAt(kernel, agent, segment), mediaAt(kernel, agent, segment + 1)];
  crowd.nextSegment[agent] = segment + 1;
  if (!Number.isNaN(crowd.pieceFromMs[agent]!)) crowd.pieceToMs[agent] = toMs;
  else if (fromMs <= crowd.bufferToMs[agent]! + HOLE_MS) crowd.bufferToMs[agent] = toMs;
  else {
    crowd.pieceFromMs[agent] = fromMs;
    crowd.pieceToMs[agent] = toMs;
  }
  if (crowd.mode[agent] !== PLAYING) begin(kernel, agent, atMs);
  next(kernel, agent, SEGMENT, atMs);
}

/** Plays from the position there is, or from the piece behind it. */
function begin({ crowd, startUpMs, screens, endMs }: Kernel, agent: number, atMs: number): void {
  const pieceMs = crowd.pieceFromMs[agent]!;
  if (!Number.isNaN(pieceMs)) {
    crowd.positionMs[agent] = pieceMs;
    crowd.bufferToMs[agent] = crowd.pieceToMs[agent]!;
    crowd.pieceFromMs[agent] = NaN;
  }
  const isStart = crowd.mode[agent] === STARTING;
  const fromMs = isStart ? Math.max(atMs, crowd.joinedMs[agent]! + startUpMs) : atMs;
  advance(screens, agent, Math.min(fromMs, endMs));
  crowd.offsetMs[agent] = fromMs - crowd.positionMs[agent]!;
  crowd.mode[agent] = PLAYING;
  crowd.begun[agent] = 1;
}

/** Skips time in which nothing happens to an agent but what happens to everybody in a steady state. */
function skipAhead(kernel: Kernel, agent: number, isNew: boolean): void {
  const { crowd, places, wheel, segmentMs } = kernel;
  const event = eventOf(agent, LOAD);
  if (!isScheduled(wheel, event) || isScheduled(wheel, eventOf(agent, SEGMENT))) return;
  const nextMs = wheel.atMs[event]!;
  const place = places[crowd.place[agent]!]!;
  const isCalm = crowd.segmentErrors[agent] === 0 && segmentToLoad(kernel, agent) < 0;
  if (!isCalm || kernel.gates.size > 0) return;
  const stepMs = isNew ? segmentMs : segmentMs / 2;
  const untilMs = isNew ? regularUntil(place, nextMs) : unchangedUntil(place, nextMs);
  const steps = Math.min(1e6, Math.floor((untilMs - nextMs) / stepMs) - 2);
  if (steps <= 0 || (isNew && crowd.mode[agent] !== PLAYING)) return;
  const movedMs = steps * stepMs;
  const requests = crowd.count[agent]! * steps * (isNew ? 2 : 1);
  countRate(place.entry.load, nextMs, nextMs + movedMs, requests);
  countOrigin(place, nextMs, nextMs + movedMs, isNew ? segmentMs : Infinity);
  if (isNew) {
    crowd.first[agent]! += steps;
    crowd.last[agent]! += steps;
    crowd.nextSegment[agent]! += steps;
    crowd.bufferToMs[agent]! += movedMs;
  }
  schedule(wheel, event, nextMs + movedMs);
}

/** Counts what the cache of a class asks its origin for while its viewers are skipped. */
function countOrigin(place: Place, fromMs: number, toMs: number, segmentMs: number): void {
  const { entry } = place;
  const sinceMs = Math.max(fromMs, place.countedToMs);
  if (!entry.edge || toMs <= sinceMs) return;
  const playlists = (toMs - sinceMs) / Math.max(1000, entry.edge.playlistTtlMs);
  countRate(entry.origin.load, sinceMs, toMs, playlists + (toMs - sinceMs) / segmentMs);
  place.countedToMs = toMs;
}

function fail(
  kernel: Kernel,
  agent: number,
  asked: Asked,
  status: number,
  segment: number,
  atMs: number,
): void {
  const { crowd, groups, rungs, wheel } = kernel;
  const isLast = segment === crowd.last[agent];
  const unreadable = asked === 'manifest' && status === EMPTY;
  const { rules } = groups[crowd.group[agent]!]!;
  const does = unreadable ? FATAL : decide(crowd, rules, asked, { agent, status, rungs, isLast });
  const what = asked === 'segment' ? SEGMENT : LOAD;
  switch (does) {
    case FATAL:
      return giveUp(kernel, agent, atMs);
    case SKIP:
      crowd.nextSegment[agent] = segment + 1;
      return next(kernel, agent, SEGMENT, atMs);
    case SWITCH:
    case BACK:
      crowd.awaitsPlaylist[agent] = 1;
      callOffAnswer(kernel, agent, LOAD);
      return schedule(wheel, eventOf(agent, LOAD), does === BACK ? atMs + PLAYER_TICK_MS : atMs);
    default:
      return schedule(wheel, eventOf(agent, what), atMs + does);
  }
}

function callOffAnswer({ wheel, answers }: Kernel, agent: number, what: number): void {
  callOff(wheel, eventOf(agent, what));
  answers.isComing[eventOf(agent, what)] = 0;
}

function giveUp(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, groups, wheel, seed } = kernel;
  crowd.fatal[agent] = 1;
  callOffAnswer(kernel, agent, LOAD);
  callOffAnswer(kernel, agent, SEGMENT);
  const { policy } = groups[crowd.group[agent]!]!;
  if (policy.onFatal === 'none' || isScheduled(wheel, eventOf(agent, ACT))) return;
  const { delayMs, jitterMs } = policy;
  if (kernel.splits && jitterMs > 0) return splitWaits(kernel, agent, atMs + delayMs, jitterMs);
  const counter = crowd.draws[agent]!;
  crowd.draws[agent] = counter + 1;
  const jitter = drawShare(seed, agent, PURPOSE.act, counter) * jitterMs;
  schedule(wheel, eventOf(agent, ACT), Math.round(atMs + delayMs + jitter));
}

/** Divides an agent evenly over the waits that chance could draw; the rest of a division is drawn. */
function splitWaits(kernel: Kernel, agent: number, fromMs: number, jitterMs: number): void {
  const { crowd, wheel, seed } = kernel;
  const viewers = crowd.count[agent]!;
  const parts = Math.min(viewers, Math.ceil(jitterMs / TICK_MS));
  const counter = crowd.draws[agent]!;
  crowd.draws[agent] = counter + 1;
  const shift = draw(seed, agent, PURPOSE.act, counter) % parts;
  for (let part = parts - 1; part >= 0; part--) {
    const size = Math.floor(((part + 1) * viewers) / parts) - Math.floor((part * viewers) / parts);
    const own = part === 0 ? agent : splitAgent(crowd, agent, size);
    const waitMs = ((((part + shift) % parts) + 0.5) * jitterMs) / parts;
    if (own === undefined) continue;
    schedule(wheel, eventOf(own, ACT), Math.round(fromMs + waitMs));
  }
}

/** The application acts on a player that gave up. */
function actOnFatal(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, groups } = kernel;
  const { policy } = groups[crowd.group[agent]!]!;
  forgetFailures(crowd, agent);
  if (policy.onFatal === 'reload') reload(kernel, agent, atMs);
  crowd.fatal[agent] = 0;
  next(kernel, agent, LOAD, atMs);
}

function reload({ crowd }: Kernel, agent: number, atMs: number): void {
  crowd.mode[agent] = STARTING;
  crowd.reloads[agent]! += 1;
  crowd.joinedMs[agent] = atMs;
  crowd.hasPosition[agent] = 0;
  crowd.hasManifest[agent] = 0;
  crowd.awaitsPlaylist[agent] = 0;
  crowd.stalls[agent] = 0;
  crowd.pieceFromMs[agent] = NaN;
  crowd.last[agent] = -1;
  crowd.nextSegment[agent] = 0;
  crowd.rung[agent] = 0;
}
