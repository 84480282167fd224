// Watches a campaign from outside: a thread that does not come back is ended, and the rest is sent by
// a new one.

import { Worker } from 'node:worker_threads';
import { LONGEST_MS, type Campaign, type Progress, type Word } from './campaign.ts';

export interface Found {
  readonly input: string;
  readonly mistake: string;
}

export interface Result extends Progress {
  readonly found: readonly Found[];
}

interface Watched extends Result {
  /** The input that the thread did not come back from. */
  readonly lost?: string;
}

const LOOK_MS = 500;
/** It is over its limit by far, whatever else the process did. */
const HANGS_CPU_MS = 4 * LONGEST_MS;
/** Nobody answers any more. A machine that lets nobody look counts for nothing. */
const SILENT_LOOKS = 120;
const LOST_MAX = 20;

/** Ends with the thread, or when it is told to. */
export async function watchCampaign(campaign: Campaign, signal: AbortSignal): Promise<Result> {
  let [ran, slowestMs, corpus, places] = [0, 0, 0, 0];
  const found: Found[] = [];
  for (let lost = 0; ran < campaign.runs && lost < LOST_MAX && !signal.aborted; lost++) {
    const { runs, seed } = campaign;
    const part = await watchThread({ ...campaign, runs: runs - ran, seed: seed + ran }, signal);
    found.push(...part.found);
    ran += part.ran + (part.lost === undefined ? 0 : 1);
    slowestMs = Math.max(slowestMs, part.slowestMs);
    corpus = Math.max(corpus, part.corpus);
    places = Math.max(places, part.places);
    if (part.lost === undefined) break;
  }
  return { ran, slowestMs, corpus, places, found };
}

function watchThread(campaign: Campaign, signal: AbortSignal): Promise<Watched> {
  const worker = new Worker(new URL('./campaign.ts', import.meta.url), { workerData: campaign });
  const found: Found[] = [];
  let progress: Progress = { ran: 0, slowestMs: 0, corpus: 0, places: 0 };
  let now = { input: '', cpu: process.cpuUsage(), looks: 0 };
  return new Promise((resolve) => {
    const end = (lost?: string) => {
      clearInterval(looking);
      signal.removeEventListener('abort', stop);
      void worker.terminate();
      resolve({ ...progress, found, ...(lost !== undefined && { lost }) });
    };
    const lose = (mistake: string) => {
      found.push({ input: now.input, mistake });
      end(now.input);
    };
    const stop = () => end();
    const looking = setInterval(() => {
      const { user, system } = process.cpuUsage(now.cpu);
      if ((user + system) / 1_000 > HANGS_CPU_MS) lose('hangs: the thread was ended');
      else if (++now.looks > SILENT_LOOKS) lose('no answer');
    }, LOOK_MS);
    signal.addEventListener('abort', stop);
    worker.on('message', (word: Word) => {
      if ('begins' in word) now = { input: word.begins, cpu: process.cpuUsage(), looks: 0 };
      else if ('mistake' in word) found.push(word);
      else progress = word;
    });
    worker.on('error', (error) => lose(`uncaught: ${String((error as Error).stack)}`));
    worker.on('exit', (code) => (code === 0 ? end() : lose(`the thread ended with ${code}`)));
  });
}
