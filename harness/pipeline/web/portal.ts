// The portal of set-top boxes: gives a token for a login, and to who has one the guide and the rights of
// a channel. A token is good for as long as this program runs. Alerts it gives to whoever asks.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../kernel/clock.ts';
import { requestedUrl } from '../../kernel/requestedUrl.ts';
import type { PortalStage } from '../../model/scenario.ts';
import { listenOn, stopListening } from '../listen.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { createAlertChannel } from './alertChannel.ts';
import { createOwnServer } from './ownServer.ts';

interface Answer {
  readonly status: number;
  readonly body: object;
}

export async function startPortal({ config }: StageContext): Promise<RunningStage> {
  const turn = takeTurns((config.stage as PortalStage).perSecond);
  const answer = createPortal();
  const alerts = createAlertChannel();
  const counters = { requests: 0, bytesOut: 0 };
  const server = createOwnServer((request, response) => {
    counters.requests++;
    request.resume();
    setTimeout(() => {
      if (!alerts.answer(request, response))
        counters.bytesOut += send(response, answer(questionIn(request)));
    }, turn(systemClock.epochMs()));
  });
  const port = await listenOn(server, config.listen);
  return {
    port,
    stats: () => counters,
    command: alerts.command,
    stop: () => stopListening(server),
  };
}

/** Gives the wait of each request, in the order in which they come. */
export function takeTurns(perSecond: number): (nowMs: number) => number {
  let freeAtMs = 0;
  return (nowMs) => {
    const atMs = Math.max(freeAtMs, nowMs);
    freeAtMs = atMs + 1000 / perSecond;
    return atMs - nowMs;
  };
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly channel: number;
  readonly token: string;
}

function questionIn(request: IncomingMessage): Question {
  const { method = '', headers } = request;
  const { pathname: path, searchParams } = requestedUrl(request);
  const [, token = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
  return { method, path, channel: Number(searchParams.get('channel')), token };
}

export function createPortal(): (question: Question) => Answer {
  const tokens = new Set<string>();
  return ({ method, path, channel, token }) => {
    if (path === '/login' && method === 'POST') {
      const given = randomUUID();
      tokens.add(given);
      return { status: 200, body: { token: given } };
    }
    if (!tokens.has(token)) return { status: 401, body: { error: 'log in first' } };
    if (path === '/guide') return { status: 200, body: { channel, now: 'Programme' } };
    if (path === '/rights') return { status: 200, body: { channel, allowed: true } };
    return { status: 404, body: { error: `nothing is at ${path}` } };
  };
}

function send(response: ServerResponse, { status, body }: Answer): number {
  response.on('error', () => undefined);
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  return text.length;
}
