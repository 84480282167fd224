// The shortest fault that breaks a limit: on a ladder of lengths first, because longer is not always
// worse, then by halves below the first that breaks.

import type { Killer } from '../model/search.ts';

const SHORTEST_MS = 250;
/** The answer is as near as this, or a hundredth. */
const NEAR_MS = 50;
const NEAR_SHARE = 0.01;

/** `broken` plays a length and gives the limit that it breaks; undefined where all hold. */
export async function shortestKiller(
  { case: name, player }: Pick<Killer, 'case' | 'player'>,
  longestMs: number,
  broken: (ms: number) => Promise<string | undefined>,
): Promise<Killer> {
  const about = { case: name, ...(player !== undefined && { player }) };
  const lengths = ladderTo(longestMs);
  const limits: (string | undefined)[] = [];
  for (const ms of lengths) limits.push(await broken(ms));
  const first = limits.findIndex((limit) => limit !== undefined);
  if (first < 0)
    return { ...about, killsMs: undefined, holdsMs: lengths.at(-1)!, longerThatHold: [] };
  let [holdsMs, killsMs, limit] = [lengths[first - 1] ?? 0, lengths[first]!, limits[first]!];
  while (killsMs - holdsMs > Math.max(NEAR_MS, killsMs * NEAR_SHARE)) {
    const middleMs = Math.round((holdsMs + killsMs) / 2);
    const breaks = await broken(middleMs);
    if (breaks === undefined) holdsMs = middleMs;
    else [killsMs, limit] = [middleMs, breaks];
  }
  const longerThatHold = lengths.filter((_, i) => i > first && limits[i] === undefined);
  return { ...about, killsMs, holdsMs, longerThatHold, limit };
}

function ladderTo(longestMs: number): number[] {
  const lengths: number[] = [];
  for (let ms = Math.min(SHORTEST_MS, longestMs); ms < longestMs; ms *= 2) lengths.push(ms);
  return [...lengths, longestMs];
}
