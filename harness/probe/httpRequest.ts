// Requests of our own to an origin or an edge.

import { request } from 'node:http';
import { systemClock } from '../kernel/clock.ts';
import { tokenHeader } from '../kernel/token.ts';
import { isStored, type Answer } from '../model/answer.ts';
import type { Address } from '../model/world.ts';
import { isDamaged, readPlaylist } from './body.ts';

type Method = 'GET' | 'PUT' | 'DELETE';

export interface Sending {
  readonly at: Address;
  readonly path: string;
  /** The time for the whole answer. */
  readonly withinMs: number;
  readonly method?: Method;
  /** An origin takes uploads from who has it. */
  readonly token?: string | undefined;
}

export interface Fetched {
  readonly answer: Answer;
  /** The text of the body; '' without an answer. */
  readonly text: string;
}

/** By this a stage tells them from requests of viewers, and counts them not. */
const OWN = { 'x-ecran-noir': 'witness' };

/** Never rejects: silence is an answer too. On a connection of its own. */
export function send({ at, path, withinMs, method = 'GET', token }: Sending): Promise<Fetched> {
  const { host, port } = at;
  const startedAt = systemClock.epochMs();
  return new Promise((resolve) => {
    const silent = () => resolve({ answer: { ms: undefined }, text: '' });
    const signal = AbortSignal.timeout(withinMs);
    const headers = { ...OWN, ...tokenHeader(token) };
    const asking = { host, port, path, method, agent: false, signal, headers };
    const call = request(asking, (response) => {
      const chunks: Buffer[] = [];
      const end = (broken: boolean) => {
        const body = Buffer.concat(chunks);
        const ms = systemClock.epochMs() - startedAt;
        const status = response.statusCode ?? 0;
        const text = body.toString('latin1');
        const seen = status === 200 && !broken ? seenIn(path, body, text) : {};
        resolve({ answer: { ms, status, bytes: body.length, broken, ...seen }, text });
      };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response
        .on('end', () => end(false))
        .on('error', () => (signal.aborted ? silent() : end(true)));
    });
    call.on('error', silent);
    call.end(method === 'PUT' ? 'probe' : undefined);
  });
}

function seenIn(path: string, body: Buffer, text: string): Pick<Answer, 'damaged' | 'playlist'> {
  const playlist = path.endsWith('.m3u8') ? readPlaylist(text) : undefined;
  return { damaged: isDamaged(path, body), ...(playlist ? { playlist } : {}) };
}

/** Puts something small there, and deletes it again. Answers what the upload was answered. */
export async function sendAndDelete(sending: Omit<Sending, 'method'>): Promise<Answer> {
  const { answer } = await send({ ...sending, method: 'PUT' });
  if (isStored(answer)) await send({ ...sending, method: 'DELETE' });
  return answer;
}
