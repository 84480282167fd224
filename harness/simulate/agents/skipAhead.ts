// Fast-forward: steady states of an agent in closed form.

import { PLAYING, type Crowd } from './crowd.ts';
import { addRate, isCalm, reserve, secondsIn, type Gate } from './gate.ts';
import { countRate } from './loads.ts';
import { regularUntil, unchangedUntil, type Place, type Server, type Tier } from './place.ts';
import { mayChangeRung } from './guessed.ts';
import { segmentToLoad } from './nextSegment.ts';
import { eventNumber, LOAD, LOOK, MOVE, readRules, SEGMENT, type Kernel } from './player.ts';
import { isScheduled, schedule, TICK_MS } from './wheel.ts';

/** Skips time in which nothing happens to an agent but what happens to everybody in a steady state. */
export function skipAhead(kernel: Kernel, agent: number, isNew: boolean, atMs: number): void {
  const { crowd, places, wheel, segmentMs } = kernel;
  const event = eventNumber(agent, LOAD);
  if (!isScheduled(wheel, event) || isScheduled(wheel, eventNumber(agent, SEGMENT))) return;
  const nextMs = wheel.atMs[event]!;
  const place = places[crowd.place[agent]!]!;
  const isWhole = Number.isNaN(crowd.pieceFromMs[agent]!);
  if (!isWhole || crowd.segmentErrors[agent] !== 0 || segmentToLoad(kernel, agent) >= 0) return;
  const { unchangedPollShare = 0.5, guesses } = readRules(kernel, agent);
  if (guesses && mayChangeRung(crowd, agent, isNew)) return;
  const stepMs = isNew ? segmentMs : segmentMs * unchangedPollShare;
  const placeMs = isNew ? regularUntil(place, nextMs) : unchangedUntil(place, nextMs);
  const untilMs = Math.min(placeMs, quietUntil(kernel, agent, isNew), kernel.endMs + 3 * stepMs);
  const steps = Math.floor((untilMs - nextMs) / stepMs) - 2;
  if (steps <= 0 || (isNew && crowd.mode[agent] !== PLAYING)) return;
  const toMs = nextMs + steps * stepMs;
  const perS = (crowd.count[agent]! * (isNew ? 2 : 1) * 1000) / stepMs;
  if (
    !countSkipped(place, { nowMs: atMs, fromMs: nextMs, toMs }, perS, isNew ? segmentMs : Infinity)
  )
    return;
  crowd.skipStepMs[agent] = isNew ? stepMs : -stepMs;
  crowd.skipFromMs[agent] = nextMs;
  crowd.skipPerS[agent] = perS;
  if (isNew) moveOn(crowd, agent, steps, stepMs);
  schedule(wheel, event, toMs);
}

/** Plays steps of a steady state, or takes them back. */
function moveOn(crowd: Crowd, agent: number, steps: number, stepMs: number): void {
  crowd.first[agent]! += steps;
  crowd.last[agent]! += steps;
  crowd.nextSegment[agent]! += steps;
  crowd.bufferToMs[agent]! += steps * stepMs;
}

/** Until when nobody comes, goes or acts, and the player has no reason to give up. */
function quietUntil(kernel: Kernel, agent: number, isNew: boolean): number {
  const { crowd, wheel, segmentMs } = kernel;
  const movesMs = wheel.atMs[eventNumber(agent, MOVE)]!;
  if (isNew) return movesMs;
  const stuckMs = crowd.changedAtMs[agent]! + readRules(kernel, agent).stuckTargets * segmentMs;
  const isDoomed = crowd.doomed[agent] === 2;
  return Math.min(movesMs, wheel.atMs[eventNumber(agent, LOOK)]!, isDoomed ? Infinity : stuckMs);
}

interface Skipped {
  readonly nowMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Counts requests that are skipped; false, and nothing counted, where a class may be too busy for them. */
function countSkipped(
  { tiers }: Place,
  { nowMs, fromMs, toMs }: Skipped,
  perS: number,
  segmentMs: number,
): boolean {
  if (tiers.some(({ server: { gate } }) => gate && !isCalm(gate, nowMs))) return false;
  if (!tiers.every((tier) => countBehind(tier, fromMs, toMs, segmentMs))) return false;
  if (!countOver(tiers[0].server, fromMs, toMs, perS)) return false;
  for (const { server } of tiers) if (server.gate) server.gate.hasSkipped = true;
  return true;
}

/** Counts what the cache of a class asks for while its viewers are skipped; false where there is no room. */
function countBehind(tier: Tier, fromMs: number, toMs: number, segmentMs: number): boolean {
  const { server, up } = tier;
  const sinceMs = Math.max(fromMs, tier.countedToMs);
  if (!server.edge || !up || toMs <= sinceMs) return true;
  const perS = 1000 / Math.max(1000, server.edge.playlistTtlMs) + 1000 / segmentMs;
  if (!countOver(up.server, sinceMs, toMs, perS)) return false;
  tier.countedToMs = toMs;
  return true;
}

function countOver({ gate, load }: Server, fromMs: number, toMs: number, perS: number): boolean {
  if (gate) return reserve(gate, secondsIn(gate, fromMs, toMs), perS);
  countRate(load, fromMs, toMs, (perS * (toMs - fromMs)) / 1000);
  return true;
}

/** Lets everybody who was skipped ahead act again from now on, where others have to wait for a class. */
export function wakeBehind(kernel: Kernel, gate: Gate): void {
  const { crowd, places, wheel } = kernel;
  const nowMs = wheel.fromMs + (wheel.tick + 1) * TICK_MS;
  if (!gate.hasSkipped || isCalm(gate, nowMs)) return;
  gate.hasSkipped = false;
  for (let agent = 0; agent < crowd.size; agent++) {
    if (crowd.skipStepMs[agent] === 0) continue;
    const { tiers } = places[crowd.place[agent]!]!;
    if (tiers.some(({ server }) => server.gate === gate)) wake(kernel, agent, nowMs);
  }
}

/** Lets an agent that was skipped ahead act again from a time on. */
export function wake(kernel: Kernel, agent: number, nowMs: number): void {
  const { crowd, places, wheel } = kernel;
  const event = eventNumber(agent, LOAD);
  const step = crowd.skipStepMs[agent]!;
  if (step === 0) return;
  const [stepMs, toMs] = [Math.abs(step), wheel.atMs[event]!];
  const undone = Math.floor((toMs - Math.max(nowMs, crowd.skipFromMs[agent]!)) / stepMs);
  crowd.skipStepMs[agent] = 0;
  if (!isScheduled(wheel, event) || undone <= 0) return;
  const againMs = toMs - undone * stepMs;
  const { gate } = places[crowd.place[agent]!]!.tiers[0].server;
  if (gate) addRate(gate, secondsIn(gate, againMs, toMs), -crowd.skipPerS[agent]!);
  if (step > 0) moveOn(crowd, agent, -undone, stepMs);
  schedule(wheel, event, againMs);
}
