// Sends inputs into one target, in a thread of its own: in batches, of which those that go new ways are
// added to what the next are made from.

import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { watchCoverage, type Coverage } from './coverage.ts';
import { mistakeOf, type Target } from './target.ts';
import { targetNamed } from './targets.ts';

export interface Campaign {
  readonly target: string;
  readonly runs: number;
  readonly seed: number;
  /** Sound inputs beside those that the target has. */
  readonly seeds: readonly string[];
}

/** Messages of the thread, in order: an input begins, and ends. */
export type Word =
  { readonly begins: string } | { readonly input: string; readonly mistake: string } | Progress;
export interface Progress {
  readonly ran: number;
  readonly slowestMs: number;
  /** Inputs that others are made from. */
  readonly corpus: number;
  readonly places: number;
}

/** Nobody waits longer. */
export const LONGEST_MS = 2_000;
const BATCH = 32;
const CORPUS_MAX = 600;

async function main({ target: name, runs, seed, seeds }: Campaign): Promise<void> {
  const target = targetNamed(name);
  const corpus = [...new Set([...target.seeds, ...seeds])];
  using coverage = watchCoverage();
  for (const input of corpus) await tried(target, input);
  const known = new Set(coverage.look());
  let slowestMs = 0;
  for (let ran = 0; ran < runs;) {
    const batch = { numRuns: Math.min(BATCH, runs - ran), seed: seed + ran };
    const inputs = fc.sample(target.mutants(corpus), batch);
    for (const input of inputs) slowestMs = Math.max(slowestMs, await tried(target, input));
    const fresh = new Set([...coverage.look()].filter((place) => !known.has(place)));
    for (const place of fresh) known.add(place);
    if (fresh.size > 0 && corpus.length < CORPUS_MAX)
      corpus.push(...(await thatRan(fresh, { inputs, target, coverage })));
    ran += inputs.length;
    say({ ran, slowestMs, corpus: corpus.length, places: known.size });
  }
}

interface Batch {
  readonly inputs: readonly string[];
  readonly target: Target;
  readonly coverage: Coverage;
}

/** Gives the first input for each of the places; they are tried once more for it, one by one. */
async function thatRan(
  places: Set<string>,
  { inputs, target, coverage }: Batch,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const input of inputs) {
    if (places.size === 0) break;
    await mistakeOf(target, input);
    const ran = [...coverage.look()].filter((place) => places.delete(place));
    if (ran.length > 0) found.push(input);
  }
  return found;
}

const say = (word: Word) => parentPort?.postMessage(word);

/** Answers how long it took, by the processor. */
async function tried(target: Target, input: string): Promise<number> {
  say({ begins: input });
  const from = process.threadCpuUsage();
  const mistake = await mistakeOf(target, input);
  const { user, system } = process.threadCpuUsage(from);
  const tookMs = (user + system) / 1_000;
  if (mistake !== undefined) say({ input, mistake });
  else if (tookMs > LONGEST_MS) say({ input, mistake: `took ${Math.round(tookMs)} ms` });
  return tookMs;
}

if (parentPort) await main(workerData as Campaign);
