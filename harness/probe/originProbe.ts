// Questions of our own to an origin: what dates its playlist has, and whether it stores anything.
// Neither ever rejects: silence is an answer too.

import type { Answer } from '../model/answer.ts';
import { send, sendAndDelete, type Sending } from './httpRequest.ts';
import { dateStepsMs } from './playlistDates.ts';

export type OriginQuestion = Pick<Sending, 'at' | 'withinMs' | 'token'>;

/** Fetches the media playlist of a channel's first rung. */
export async function askDates(question: OriginQuestion, channel: string): Promise<Answer> {
  const { answer, text } = await send({ ...question, path: `/${channel}/v0/index.m3u8` });
  return answer.status === 200 ? { ...answer, dateStepsMs: dateStepsMs(text) } : answer;
}

/** Inner paths are no part of what viewers see, and not counted (harness/pipeline/web/nginx.ts). */
const PROBE_PATH = '/.ecran-noir/store-probe';

/** Asks the store of an origin whether it takes and gives back a file. */
export const askStore = (question: OriginQuestion): Promise<Answer> =>
  sendAndDelete({ ...question, path: PROBE_PATH });
