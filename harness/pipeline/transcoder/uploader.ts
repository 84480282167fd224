// Carries out what a lane says, over one kept-alive HTTP connection per rung. A cut connection is
// given up with its request; the next request opens a new one.

import { Agent, request } from 'node:http';
import { systemClock } from '../../kernel/clock.ts';
import type { Address } from '../../model/world.ts';
import type { Job, Lane } from './lane.ts';

export interface UploadOptions {
  readonly to: Address;
  /** Path of the channel: `/one`. */
  readonly root: string;
  readonly timeoutMs: number;
  readonly counters: UploadCounters;
  readonly log: (text: string) => void;
}

export interface UploadCounters {
  uploads: number;
  uploadErrors: number;
  bytesOut: number;
}

/** The time after which an idle lane looks for work; a new segment does not wait for it. */
const LOOK_EVERY_MS = 100;

export interface Uploader {
  /** There is something new to look at. */
  readonly wake: () => void;
}

/** Runs until the signal is aborted. `multivariant` is put first, and again when trouble is over. */
export function startUploader(
  lane: Lane,
  options: UploadOptions & { readonly folder: string; readonly multivariant?: string },
  signal: AbortSignal,
): Uploader {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let wake = Promise.withResolvers<void>();
  const { folder, multivariant, counters } = options;
  const run = async () => {
    let multivariantDue = multivariant !== undefined;
    let trouble = false;
    while (!signal.aborted) {
      if (multivariantDue) {
        const put = { method: 'PUT', path: 'index.m3u8', body: multivariant ?? '' } as const;
        multivariantDue = !(await attempt(put, agent, options, signal));
      }
      const job = lane.next(systemClock.epochMs());
      if (job) {
        const ok = await attempt(requestOf(job, folder), agent, options, signal);
        lane.done(job, ok, systemClock.epochMs());
        if (ok && job.kind === 'segment') counters.uploads++;
        multivariantDue ||= ok && trouble && multivariant !== undefined;
        trouble = !ok;
        continue;
      }
      wake = Promise.withResolvers();
      const soon = systemClock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
      await Promise.race([wake.promise, soon]);
    }
    agent.destroy();
  };
  void run();
  return { wake: () => wake.resolve() };
}

interface Put {
  readonly method: 'PUT' | 'DELETE';
  /** Below the channel's root. */
  readonly path: string;
  readonly body?: string | Buffer;
}

function requestOf(job: Job, folder: string): Put {
  switch (job.kind) {
    case 'segment':
      return { method: 'PUT', path: `${folder}/${job.name}`, body: job.body };
    case 'playlist':
      return { method: 'PUT', path: `${folder}/index.m3u8`, body: job.body };
    case 'delete':
      return { method: 'DELETE', path: `${folder}/${job.name}` };
  }
}

async function attempt(put: Put, agent: Agent, options: UploadOptions, signal: AbortSignal) {
  const { counters, log } = options;
  try {
    const status = await send(put, agent, options, signal);
    if (status >= 300 && !(put.method === 'DELETE' && status === 404)) {
      throw new Error(`answer ${status}`);
    }
    counters.bytesOut += put.body?.length ?? 0;
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (put.method === 'PUT') counters.uploadErrors++;
    log(`${put.method} ${options.root}/${put.path}: ${(error as Error).message}`);
    return false;
  }
}

function send(put: Put, agent: Agent, options: UploadOptions, signal: AbortSignal) {
  const { to, root, timeoutMs } = options;
  const body = put.body ?? '';
  const headers = { 'content-length': Buffer.byteLength(body) };
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise<number>((resolve, reject) => {
    const call = request(
      {
        ...{ host: to.host, port: to.port, method: put.method, path: `${root}/${put.path}` },
        ...{ headers, agent, signal: deadline },
      },
      (response) => {
        response.on('error', reject).on('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      },
    );
    call.on('error', (error) => {
      reject(deadline.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error);
    });
    call.end(body);
  });
}
