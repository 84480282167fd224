// A request of our own to an origin or an edge, to hear whether its answers are wrong.

import { get } from 'node:http';
import { systemClock } from '../kernel/clock.ts';
import type { HttpFault } from '../model/scenario.ts';
import type { Address } from '../model/world.ts';
import type { Answer } from './question.ts';

export interface HttpQuestion {
  readonly at: Address;
  readonly fault: HttpFault;
  readonly channel: string;
  /** For the whole answer. */
  readonly withinMs: number;
}

/** Asks for something that the fault should spoil. Never rejects: silence is an answer too. */
export async function askHttp({ at, fault, channel, withinMs }: HttpQuestion): Promise<Answer> {
  const { of, rung = 0 } = fault.match;
  const playlist = `/${channel}/v${rung}/index.m3u8`;
  if (of === 'playlist') return (await fetchFrom(at, playlist, withinMs)).answer;
  if (of !== 'segment') return (await fetchFrom(at, `/${channel}/index.m3u8`, withinMs)).answer;
  const { text } = await fetchFrom(at, playlist, withinMs);
  const names = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const name = names.findLast((line) => isMeant(line, fault)) ?? names.at(-1);
  if (name === undefined) return { ms: undefined };
  return (await fetchFrom(at, `/${channel}/v${rung}/${name}`, withinMs)).answer;
}

const isMeant = (name: string, { match }: HttpFault): boolean =>
  match.every === undefined || Number(/^(\d+)/.exec(name)?.[1] ?? 1) % match.every === 0;

interface Fetched {
  readonly answer: Answer;
  readonly text: string;
}

function fetchFrom({ host, port }: Address, path: string, withinMs: number): Promise<Fetched> {
  const startedAt = systemClock.epochMs();
  return new Promise((resolve) => {
    const silent = () => resolve({ answer: { ms: undefined }, text: '' });
    const signal = AbortSignal.timeout(withinMs);
    const call = get({ host, port, path, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      const end = (broken: boolean) => {
        const body = Buffer.concat(chunks);
        const ms = systemClock.epochMs() - startedAt;
        const answer = { ms, status: response.statusCode ?? 0, bytes: body.length, broken };
        resolve({ answer, text: body.toString('latin1') });
      };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response
        .on('end', () => end(false))
        .on('error', () => (signal.aborted ? silent() : end(true)));
    });
    call.on('error', silent);
  });
}
