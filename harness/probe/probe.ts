// Asks stages questions of our own, each on a connection of its own. Silence is an answer too, so that
// nothing here rejects.

import type { Answer } from '../model/answer.ts';
import type { Probe, ProbeQuestion } from '../model/world.ts';
import { askEchoes } from './echo.ts';
import { exchange } from './exchange.ts';
import { askHttp } from './httpProbe.ts';
import { askDates, askStore } from './originProbe.ts';
import { urisIn } from './body.ts';

function ask(question: ProbeQuestion, token?: string): Promise<Answer> {
  const { at, withinMs, asks } = question;
  switch (asks.kind) {
    case 'exchange':
      return exchange(at, withinMs);
    case 'echo':
      return askEchoes({ at, withinMs, kbps: asks.kbps });
    case 'dates':
      return askDates({ at, withinMs }, asks.channel);
    case 'store':
      return askStore({ at, withinMs, token });
    case 'http':
      return askHttp({ at, withinMs, token, ...asks });
  }
}

/** Origins that ask for a token are asked with this one. */
export const probe = (uploadToken?: string): Probe => ({
  ask: (question) => ask(question, uploadToken),
  segmentsAt,
});

const ANSWER_MS_MAX = 2_000;

/**
 * Asks an edge what a player would ask it, the multivariant playlist, then every media playlist. Gives
 * the segments in the one that has fewest; 0 when something is not served.
 */
async function segmentsAt(url: string): Promise<number> {
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
