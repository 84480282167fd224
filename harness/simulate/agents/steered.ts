// Viewers who are steered, as hls.js is (content-steering-controller.ts): a pathway for each edge, the
// order that was told last, and pathways that are left alone because they failed.

import { askSteering } from './delivery.ts';
import { callOffAnswer, eventNumber, LOAD, placeOf, STEER, type Kernel } from './player.ts';
import { failingAt, type Steering } from './steering.ts';
import { wake } from './skipAhead.ts';
import { RUNGS_MAX } from './crowd.ts';
import { schedule, TICK_MS } from './wheel.ts';

/** A failed pathway is left alone for so long (hls.js: PATHWAY_PENALTY_DURATION_MS). */
const PENALTY_MS = 300_000;
/** Edges that a stage may steer to. */
export const PATHWAYS_MAX = 8;

/** The manifest came: its first pathway is taken, and the steering manifest is asked for. */
export function beginSteered(kernel: Kernel, agent: number, atMs: number): void {
  const { steering, crowd, channels, wheel } = kernel;
  if (!steering) return;
  crowd.toldFailing[agent] = failingAt(steering, atMs);
  const [first] = rankEdges(kernel, steering, agent);
  crowd.place[agent] = first! * channels + (crowd.place[agent]! % channels);
  if (steering.ttlMs !== undefined) schedule(wheel, eventNumber(agent, STEER), atMs);
}

/** Asks which edge to prefer, and goes there. */
export function steer(kernel: Kernel, agent: number, atMs: number): void {
  const { steering, crowd, answer, wheel } = kernel;
  if (steering?.ttlMs === undefined || crowd.gone[agent] !== 0) return;
  if (crowd.hasManifest[agent] === 0) return;
  const again = (ms: number) => schedule(wheel, eventNumber(agent, STEER), ms + steering.ttlMs!);
  // A player that gave up asks for nothing; it goes on with this when its application acts.
  if (crowd.fatal[agent] === 1) return again(atMs);
  askSteering(placeOf(kernel, agent), steering.tier, atMs, crowd.count[agent]!, answer);
  again(Math.min(answer.atMs, kernel.endMs));
  if (answer.status !== 200) return;
  crowd.toldFailing[agent] = failingAt(steering, answer.atMs);
  changePathway(kernel, agent, atMs);
}

/** Its pathway failed: true where it goes to another one. */
export function leavesPathway(kernel: Kernel, agent: number, atMs: number): boolean {
  const { steering, crowd, channels } = kernel;
  if (!steering) return false;
  const own = agent * steering.edges.length + Math.floor(crowd.place[agent]! / channels);
  if (atMs - crowd.penalizedMs[own]! > PENALTY_MS) crowd.penalizedMs[own] = atMs;
  return changePathway(kernel, agent, atMs);
}

export const hasOtherPathway = (kernel: Kernel, agent: number, atMs: number): boolean => {
  const { steering, crowd, channels } = kernel;
  if (!steering) return false;
  const own = Math.floor(crowd.place[agent]! / channels);
  return steering.edges.some((_, edge) => edge !== own && isOpen(kernel, agent, edge, atMs));
};

const isOpen = ({ crowd, steering }: Kernel, agent: number, edge: number, atMs: number): boolean =>
  atMs - crowd.penalizedMs[agent * steering!.edges.length + edge]! > PENALTY_MS;

/** Its own comes first, those that fail last; otherwise the order is that of the design. */
function rankEdges({ crowd }: Kernel, { edges }: Steering, agent: number): readonly number[] {
  const failing = crowd.toldFailing[agent]!;
  const home = crowd.home[agent]!;
  const rank = (edge: number) => 2 * ((failing >> edge) & 1) + Number(edge !== home);
  return edges.map((_, edge) => edge).toSorted((a, b) => rank(a) - rank(b));
}

/** Takes the first pathway that did not fail lately; the rung stays, its playlist is asked for anew. */
function changePathway(kernel: Kernel, agent: number, atMs: number): boolean {
  const { steering, crowd, channels, wheel } = kernel;
  const place = crowd.place[agent]!;
  const next = rankEdges(kernel, steering!, agent).find((edge) =>
    isOpen(kernel, agent, edge, atMs),
  );
  if (next === undefined || next === Math.floor(place / channels)) return false;
  wake(kernel, agent, (Math.floor((atMs - wheel.fromMs) / TICK_MS) + 1) * TICK_MS + wheel.fromMs);
  crowd.place[agent] = next * channels + (place % channels);
  crowd.penalties.fill(0, agent * RUNGS_MAX, (agent + 1) * RUNGS_MAX);
  crowd.segmentErrors[agent] = 0;
  crowd.awaitsPlaylist[agent] = 1;
  callOffAnswer(kernel, agent, LOAD);
  schedule(wheel, eventNumber(agent, LOAD), atMs);
  return true;
}
