// A request of our own to an origin or an edge, to hear whether its answers are wrong.

import { ANSWERS_OF_PLAYLISTS, type WrongAnswers } from '../model/wrongAnswers.ts';
import type { Answer } from '../model/answer.ts';
import { TRUE_PATH } from '../model/world.ts';
import { urisIn, segmentNumber } from './body.ts';
import { send, sendAndDelete } from './httpRequest.ts';
import type { OriginQuestion } from './originProbe.ts';

export interface HttpQuestion extends OriginQuestion {
  readonly fault: WrongAnswers;
  readonly channel: string;
}

/** Asks for something that the fault should spoil. Never rejects: silence is an answer too. */
export async function askHttp({
  at,
  fault,
  channel,
  token,
  withinMs,
}: HttpQuestion): Promise<Answer> {
  const { rung = 0 } = fault.match;
  const playlist = `/${channel}/v${rung}/index.m3u8`;
  const from = (path: string) => send({ at, path, withinMs });
  switch (probeTarget(fault)) {
    case 'multivariant':
      return (await from(`/${channel}/index.m3u8`)).answer;
    case 'playlist':
      return (await from(playlist)).answer;
    case 'upload':
      return sendAndDelete({
        at,
        path: `/${channel}/v${rung}/${NEVER_A_SEGMENT}`,
        withinMs,
        token,
      });
    case 'segment': {
      // Another fault may be in force on playlists, and its silence would be taken for this one's.
      const names = urisIn((await from(TRUE_PATH + playlist)).text);
      const name = names.findLast((line) => isMeant(line, fault)) ?? names.at(-1);
      if (name === undefined) return { ms: undefined, unnamed: true };
      return (await from(`/${channel}/v${rung}/${name}`)).answer;
    }
  }
}

/** Segments are numbered by the clock: none is the first of 1970. */
const NEVER_A_SEGMENT = '0.ts';

/** Gives the address of the file that shows the fault. */
export function probeTarget({
  match: { of, rung, every },
  answer,
}: WrongAnswers): 'multivariant' | 'playlist' | 'segment' | 'upload' {
  if (of !== 'any') return of;
  if (every !== undefined && every > 1) return 'segment';
  const kinds = (answer.kind === 'cycle' ? answer.steps : [{ answer }]).map(
    (step) => step.answer?.kind ?? '',
  );
  if (kinds.some((kind) => ANSWERS_OF_PLAYLISTS.has(kind))) return 'playlist';
  // A playlist is hardly longer than one packet, which a small share of noise may miss.
  if (kinds.includes('corrupt')) return 'segment';
  return rung === undefined ? 'multivariant' : 'playlist';
}

const isMeant = (name: string, { match }: WrongAnswers): boolean =>
  match.every === undefined || (segmentNumber(name) ?? 1) % match.every === 0;
