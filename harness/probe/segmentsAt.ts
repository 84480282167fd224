// Asks an edge what a player would ask it: the multivariant playlist, then every media playlist.

import { urisIn } from './body.ts';

const ANSWER_MS_MAX = 2_000;

/** Segments in the media playlist that has fewest; 0 when something is not served. */
export async function segmentsAt(url: string): Promise<number> {
  const rungs = urisIn(await textAt(url)).map((uri) => new URL(uri, url).href);
  if (rungs.length === 0) return 0;
  const playlists = await Promise.all(rungs.map(textAt));
  return Math.min(...playlists.map((playlist) => urisIn(playlist).length));
}

async function textAt(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const text = await answer.text();
    return answer.ok ? text : '';
  } catch {
    return '';
  }
}
