// One request while faults are in force: handed back to nginx when no fault concerns it, else
// answered wrongly. A wrong answer differs from the true one in what is wrong, and in nothing else:
// it is made from the true one, headers included.

import { createHash } from 'node:crypto';
import { request as send, STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { ToldAlert } from '../../model/alert.ts';
import { withDateRanges } from '../../model/dateRange.ts';
import { TRUE_PATH } from '../../model/world.ts';
import { ANSWERS_OF_PLAYLISTS } from '../../model/wrongAnswers.ts';
import { decide, requestTarget, type Lasting, type Target } from './httpFaults.ts';
import {
  corruptPackets,
  mediaSequence,
  resetSequence,
  withGaps,
  withoutDiscontinuities,
} from './mangle.ts';
import type { SingleHttpAnswer } from '../../model/wrongAnswers.ts';

/** A fault, and what it has seen so far. */
export interface InForce extends Lasting {
  /** First true answer by path. */
  readonly first: Map<string, Truth>;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly inForce: readonly InForce[];
  /** Alerts that playlists carry where no fault spoils them. */
  readonly alerts: readonly ToldAlert[];
  /** Address that answers truly when the path of the request is put behind it. */
  readonly truthAt: string;
}

interface Truth {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const TRUTH_WITHIN_MS = 10_000;

/** Rejects when the true answer cannot be had. */
export async function giveAnswer(asked: Asked): Promise<void> {
  const { request, response, inForce } = asked;
  request.on('error', () => undefined);
  const target = requestTarget(request.method ?? 'GET', requestPath(request));
  const decision = decide(inForce, target, systemClock.epochMs());
  if (!decision || !fits(decision.wrong, target)) return giveUnspoilt(asked, target);
  const { wrong, by } = decision;
  request.resume();
  switch (wrong.kind) {
    case 'hang':
      return;
    case 'status':
      return giveStatus(response, wrong.status);
    case 'slow':
      await systemClock.sleep(wrong.delayMs);
      if (wrong.rateKbps)
        response.setHeader('x-accel-limit-rate', Math.ceil((wrong.rateKbps * 1000) / 8));
      return giveUnspoilt(asked, target);
    case 'truncated':
      return giveTruncated(asked, wrong.share);
    case 'empty':
    case 'corrupt':
    case 'stale':
    case 'gap':
    case 'sequenceReset':
    case 'noDiscontinuity':
      return giveMangled(asked, wrong, by);
  }
}

/** The true answer; of a playlist with the alerts in it. */
async function giveUnspoilt(asked: Asked, target: Target): Promise<void> {
  if (asked.alerts.length === 0 || target.kind !== 'playlist') return giveTruth(asked, target);
  const truth = await askTruth(asked);
  if (truth.status !== 200) return give(asked.response, truth);
  asked.request.resume();
  const body = Buffer.from(withDateRanges(truth.body.toString(), asked.alerts));
  give(asked.response, { ...truth, body, headers: { ...truth.headers, ...entityTag(body) } });
}

const requestPath = ({ url = '/' }: IncomingMessage): string => url;

/** A fault of any request has nothing to say of what is no media playlist. */
const fits = ({ kind }: SingleHttpAnswer, target: Target): boolean =>
  target.kind === 'playlist' || !ANSWERS_OF_PLAYLISTS.has(kind);

function giveTruth({ request, response, truthAt }: Asked, { kind }: Target): void {
  const path = requestPath(request);
  if (kind === 'upload') return passUpload(request, response, `${truthAt}${TRUE_PATH}${path}`);
  request.resume();
  response.writeHead(200, { 'x-accel-redirect': `${TRUE_PATH}${path}` }).end();
}

/** An upload cannot be handed back: nginx would make a GET of it. */
function passUpload(request: IncomingMessage, response: ServerResponse, url: string): void {
  const { method, headers } = request;
  const length = headers['content-length'];
  const passed = send(url, { method, headers: length ? { 'content-length': length } : {} });
  passed.on('error', () => response.destroy());
  passed.on('response', (truth) => {
    response.writeHead(truth.statusCode ?? 502);
    truth.pipe(response);
  });
  request.pipe(passed);
}

/** Answers with an error page of a few words, like nginx itself when something is wrong. */
function giveStatus(response: ServerResponse, status: number): void {
  const page = `<html><body><h1>${status} ${STATUS_CODES[status] ?? ''}</h1></body></html>\n`;
  response
    .writeHead(status, { 'content-type': 'text/html', 'content-length': page.length })
    .end(page);
}

/** Announces the whole length, and ends the connection before. */
async function giveTruncated(asked: Asked, share: number): Promise<void> {
  const { request, response } = asked;
  const truth = await askTruth(asked);
  if (truth.status !== 200 || request.method === 'HEAD') return give(response, truth);
  const { headers, body } = truth;
  response.writeHead(200, { ...headers, 'content-length': body.length }).flushHeaders();
  response.write(body.subarray(0, Math.floor(body.length * share)), () => response.destroy());
}

type Mangling = Exclude<SingleHttpAnswer, { kind: 'hang' | 'status' | 'slow' | 'truncated' }>;

async function giveMangled(asked: Asked, wrong: Mangling, by: InForce): Promise<void> {
  const { request, response } = asked;
  const truth = await askTruth(asked);
  if (truth.status !== 200) return give(response, truth);
  const [path = ''] = requestPath(request).split('?');
  const first = by.first.get(path) ?? truth;
  // A segment never changes, and there are many.
  if (/\.(?:m3u8|mpd)$/.test(path)) by.first.set(path, first);
  if (wrong.kind === 'stale') return give(response, first);
  const body = Buffer.from(mangledBody(wrong, { truth, first, random: by.random }));
  const { etag } = truth.headers;
  const same = etag === undefined || body.equals(truth.body);
  give(response, {
    ...truth,
    body,
    ...(!same && { headers: { ...truth.headers, ...entityTag(body) } }),
  });
}

/** Another body has another tag, or a browser would keep it for the true one. */
const entityTag = (body: Buffer) => ({
  etag: `"${createHash('sha1').update(body).digest('hex')}"`,
});

interface Material {
  readonly truth: Truth;
  readonly first: Truth;
  readonly random: Random;
}

function mangledBody(
  wrong: Exclude<Mangling, { kind: 'stale' }>,
  { truth, first, random }: Material,
): Buffer | string {
  const { body } = truth;
  switch (wrong.kind) {
    case 'empty':
      return '';
    case 'corrupt':
      return corruptPackets(body, wrong.share, random);
    case 'sequenceReset':
      return resetSequence(body.toString(), mediaSequence(first.body.toString()));
    case 'noDiscontinuity':
      return withoutDiscontinuities(body.toString());
    case 'gap':
      return withGaps(body.toString(), wrong.every);
  }
}

function give(response: ServerResponse, { status, headers, body }: Truth): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}

/** Headers of one connection, and those that whoever sends an answer says himself. */
const NOT_PASSED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
  'server',
]);

async function askTruth({ request, truthAt }: Asked): Promise<Truth> {
  const answer = await fetch(`${truthAt}${TRUE_PATH}${requestPath(request)}`, {
    signal: AbortSignal.timeout(TRUTH_WITHIN_MS),
  });
  const headers = [...answer.headers].filter(([name]) => !NOT_PASSED.has(name));
  const body = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: Object.fromEntries(headers), body };
}
