// Workers that play the designs of a search, each one at a time. Answers come back in the order of the
// questions, so that a search is the same with one worker or with many.

import { Worker } from 'node:worker_threads';
import { programAt } from '../kernel/programAt.ts';
import type { Figures } from '../model/search.ts';
import type { Words } from '../search/space.ts';
import type { Asking, KillerJob } from './playDesign.ts';

export interface SearchSetting extends Omit<Asking, 'agents'> {
  readonly file: string;
  readonly variant: string | undefined;
  readonly design: string | undefined;
}

export interface SearchJob {
  readonly words: Words;
  readonly agents: number;
  /** Asks for the limit that this case breaks when it lasts so long; absent: for the figures of all. */
  readonly killer?: KillerJob | undefined;
}

export interface SearchPool extends AsyncDisposable {
  readonly play: (job: SearchJob) => Promise<Figures>;
  readonly broken: (job: SearchJob) => Promise<string | undefined>;
}

interface Asked {
  readonly job: SearchJob;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** `onPlayed` is told of every job that is done. An aborted signal rejects what is under way. */
export function openSearchPool(
  setting: SearchSetting,
  { workers: count, onPlayed, signal }: SearchPlaying,
): SearchPool {
  const waiting: Asked[] = [];
  const busy = new Map<Worker, Asked>();
  const idle: Worker[] = [];
  const feed = () => {
    while (waiting.length > 0 && idle.length > 0) {
      const [worker, asked] = [idle.pop()!, waiting.shift()!];
      busy.set(worker, asked);
      worker.postMessage(asked.job);
    }
  };
  const failAll = (error: unknown) => {
    for (const { reject } of [...busy.values(), ...waiting.splice(0)]) reject(error);
    busy.clear();
  };
  const start = () => {
    const worker = new Worker(programAt(import.meta.url, './searchWorker'), {
      workerData: setting,
    });
    worker.on('message', ({ value, failure }: { value: unknown; failure?: string }) => {
      const asked = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      if (failure === undefined) asked?.resolve(value);
      else asked?.reject(new Error(failure));
      onPlayed();
      feed();
    });
    worker.on('error', failAll);
    return worker;
  };
  const workers = Array.from({ length: count }, start);
  idle.push(...workers);
  const onAbort = () => failAll(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const ask = async (job: SearchJob) =>
    new Promise<unknown>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      waiting.push({ job, resolve, reject });
      feed();
    });
  return {
    play: async (job) => (await ask(job)) as Figures,
    broken: async (job) => (await ask(job)) as string | undefined,
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', onAbort);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

export interface SearchPlaying {
  readonly workers: number;
  readonly onPlayed: () => void;
  readonly signal: AbortSignal;
}
