// A request of our own to an origin or an edge, to hear whether its answers are wrong.

import { request } from 'node:http';
import { systemClock } from '../kernel/clock.ts';
import type { HttpFault } from '../model/scenario.ts';
import type { Address } from '../model/world.ts';
import { isDamaged, readPlaylist, segmentNames, segmentNumber } from './body.ts';
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
  const { rung = 0 } = fault.match;
  const playlist = `/${channel}/v${rung}/index.m3u8`;
  const from = async (path: string, method?: Method) =>
    send({ at, path, withinMs, ...(method ? { method } : {}) });
  switch (targetOf(fault)) {
    case 'multivariant':
      return (await from(`/${channel}/index.m3u8`)).answer;
    case 'playlist':
      return (await from(playlist)).answer;
    case 'upload': {
      const path = `/${channel}/v${rung}/${NEVER_A_SEGMENT}`;
      const { answer } = await from(path, 'PUT');
      if (isStored(answer)) await from(path, 'DELETE');
      return answer;
    }
    case 'segment': {
      const names = segmentNames((await from(playlist)).text);
      const name = names.findLast((line) => isMeant(line, fault)) ?? names.at(-1);
      if (name === undefined) return { ms: undefined };
      return (await from(`/${channel}/v${rung}/${name}`)).answer;
    }
  }
}

/** Segments are numbered by the clock: none is the first of 1970. */
const NEVER_A_SEGMENT = '0.ts';

const isStored = ({ status = 0 }: Answer): boolean => status >= 200 && status < 300;

/** Of what a fault spoils, that which shows it. */
export function targetOf({
  match: { of, rung, every },
  answer,
}: HttpFault): 'multivariant' | 'playlist' | 'segment' | 'upload' {
  if (of !== 'any') return of;
  if (every !== undefined && every > 1) return 'segment';
  const kinds = (answer.kind === 'cycle' ? answer.steps : [{ answer }]).map(
    (step) => step.answer?.kind ?? '',
  );
  if (kinds.some((kind) => OF_PLAYLISTS.has(kind))) return 'playlist';
  // A playlist is hardly longer than one packet, which a small share of noise may miss.
  if (kinds.includes('corrupt')) return 'segment';
  return rung === undefined ? 'multivariant' : 'playlist';
}

/** What only a media playlist can have wrong with it. */
const OF_PLAYLISTS: ReadonlySet<string> = new Set([
  'stale',
  'gap',
  'sequenceReset',
  'noDiscontinuity',
]);

const isMeant = (name: string, { match }: HttpFault): boolean =>
  match.every === undefined || (segmentNumber(name) ?? 1) % match.every === 0;

type Method = 'GET' | 'PUT' | 'DELETE';

interface Sending {
  readonly at: Address;
  readonly path: string;
  readonly withinMs: number;
  readonly method?: Method;
}

interface Fetched {
  readonly answer: Answer;
  readonly text: string;
}

function send({ at, path, withinMs, method = 'GET' }: Sending): Promise<Fetched> {
  const { host, port } = at;
  const startedAt = systemClock.epochMs();
  return new Promise((resolve) => {
    const silent = () => resolve({ answer: { ms: undefined }, text: '' });
    const signal = AbortSignal.timeout(withinMs);
    const call = request({ host, port, path, method, agent: false, signal }, (response) => {
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
