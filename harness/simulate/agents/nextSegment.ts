// The segment that a player asks for next.

import { guessSegment } from './guessed.ts';
import { readRules, type Kernel } from './player.ts';
import { PLAYER_TICK_MS } from './players/player.ts';

/** Gives one of the playlist that it knows; -1 where there is none. */
export function segmentToLoad(kernel: Kernel, agent: number): number {
  const { crowd, places } = kernel;
  if (readRules(kernel, agent).guesses) return guessSegment(kernel, agent);
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
