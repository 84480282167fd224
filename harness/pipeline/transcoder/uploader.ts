// Carries out what a lane says, one request after another. What is not answered in time is given up.

import type { Clock } from '../../kernel/clock.ts';
import { within } from '../../kernel/deadline.ts';
import type { Job, Lane } from './lane.ts';

export interface UploadOptions {
  readonly clock: Clock;
  readonly send: Send;
  /** Path of the channel: `/one`. */
  readonly root: string;
  readonly timeoutMs: number;
  readonly counters: UploadCounters;
  readonly log: (text: string) => void;
}

/** Makes a request and gives the HTTP status of its answer; rejects where there is none. */
export type Send = (request: Request, signal: AbortSignal) => Promise<number>;

export interface Request {
  readonly method: 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string | Buffer;
}

export interface UploadCounters {
  uploads: number;
  uploadErrors: number;
  bytesOut: number;
}

/** The time after which a lane looks again for what is due; a new segment does not wait for it. */
const LOOK_EVERY_MS = 100;

export interface Uploader {
  /** There is something new to look at. */
  readonly wake: () => void;
}

/** A file beside what the lane says: put first, and again when trouble is over. */
export interface Standing {
  readonly path: string;
  /** Undefined as long as there is none. */
  readonly body: () => string | Buffer | undefined;
}

interface LaneUpload extends UploadOptions {
  readonly folder: string;
  /** Path of its playlist below the channel's root; that of HLS when not said. */
  readonly playlist?: string;
  readonly standing?: readonly Standing[];
}

interface Trying extends UploadOptions {
  /** Gives the error of an attempt that was not answered in time. */
  readonly late: () => Error;
}

/** Runs until the signal is aborted. */
export function startUploader(
  lane: Pick<Lane, 'next' | 'done' | 'isIdle'>,
  options: LaneUpload,
  signal: AbortSignal,
): Uploader {
  let wake = Promise.withResolvers<void>();
  const { standing = [], counters, clock, timeoutMs } = options;
  // Made once: in an outage every attempt is late, and each new one costs the trace of a stack.
  const late = new Error(`no answer within ${timeoutMs} ms`);
  const trying: Trying = { ...options, late: () => late };
  const run = async () => {
    let due = standing;
    let trouble = false;
    while (!signal.aborted) {
      if (due.length > 0) due = await putStanding(due, trying, signal);
      const job = lane.next(clock.epochMs());
      if (job) {
        const ok = await attempt(makeRequest(job, options), trying, signal);
        lane.done(job, ok, clock.epochMs());
        if (ok && job.kind === 'segment') counters.uploads++;
        if (ok && trouble) due = standing;
        trouble = !ok;
        continue;
      }
      wake = Promise.withResolvers();
      // Most of the time it waits for the next segment, and for nothing else.
      if (due.length === 0 && lane.isIdle()) await wake.promise;
      else {
        const soon = clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
        await Promise.race([wake.promise, soon]);
      }
    }
  };
  void run();
  return { wake: () => wake.resolve() };
}

/** Gives those that are still to be put. */
async function putStanding(
  due: readonly Standing[],
  options: Trying,
  signal: AbortSignal,
): Promise<readonly Standing[]> {
  const left: Standing[] = [];
  for (const one of due) {
    const body = one.body();
    const put = { method: 'PUT', path: one.path, body: body ?? '' } as const;
    if (body === undefined || !(await attempt(put, options, signal))) left.push(one);
  }
  return left;
}

/** Gives the request of a job; its path is below the channel's root. */
function makeRequest(
  job: Job,
  { folder, playlist = `${folder}/index.m3u8` }: Pick<LaneUpload, 'folder' | 'playlist'>,
): Request {
  switch (job.kind) {
    case 'segment':
    case 'part':
      return { method: 'PUT', path: `${folder}/${job.name}`, body: job.body };
    case 'playlist':
      return { method: 'PUT', path: playlist, body: job.body };
    case 'delete':
      return { method: 'DELETE', path: `${folder}/${job.name}` };
  }
}

async function attempt(put: Request, options: Trying, signal: AbortSignal): Promise<boolean> {
  const { counters, log, root, timeoutMs, clock, send, late } = options;
  const request = { ...put, path: `${root}/${put.path}` };
  try {
    const status = await within({ ms: timeoutMs, clock, signal, late }, (ending) =>
      send(request, ending),
    );
    if (status >= 300 && !(put.method === 'DELETE' && status === 404)) {
      throw new Error(`answer ${status}`);
    }
    counters.bytesOut += put.body?.length ?? 0;
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (put.method === 'PUT') counters.uploadErrors++;
    log(`${put.method} ${request.path}: ${(error as Error).message}`);
    return false;
  }
}
