// The workers of a run, which showed viewers on other machines: who was lost and when, and how well
// the clock of each was known.

import type { ClockOffset } from '../model/clockOffset.ts';
import type { WorkerRecord } from '../model/history.ts';
import type { Finding } from '../model/report.ts';
import type { WorkerClock, WorkerResult } from '../model/worker.ts';
import type { Recorded } from './recorded.ts';
import { thousandth } from './statistics.ts';

/** In the order of the run record. */
export function listWorkers({ run, records }: Recorded): readonly WorkerResult[] {
  const names = new Set(run.viewers.flatMap(({ worker }) => worker ?? []));
  const told = Map.groupBy(
    records.filter((record) => record.type === 'worker'),
    ({ worker }) => worker,
  );
  return [...names].map((name) => {
    const viewers = run.viewers.filter(({ worker, control }) => worker === name && !control);
    return { name, viewers: viewers.length, ...describeLife(told.get(name) ?? []) };
  });
}

function describeLife(own: readonly WorkerRecord[]): Omit<WorkerResult, 'name' | 'viewers'> {
  const machine = own.find(({ event }) => event === 'join')?.detail;
  const offsets = own.flatMap((record) => record.clock ?? []);
  const clock = joinOffsets(
    offsets,
    own.some(({ event }) => event === 'leave'),
  );
  const lost = own.find(({ event }) => event === 'lost');
  const because = lost?.detail ?? 'nobody knows why';
  return {
    ...(machine !== undefined && { machine }),
    ...(clock && { clock }),
    ...(lost && { lost: { atMs: Math.round(lost.atMs), because } }),
  };
}

/** Between two measures a clock went from one offset to the next: by so much it may be wrong. */
function joinOffsets(offsets: readonly ClockOffset[], atEnd: boolean): WorkerClock | undefined {
  const [first] = offsets;
  if (!first) return undefined;
  const steps = offsets
    .slice(1)
    .map(({ offsetMs }, i) => Math.abs(offsetMs - offsets[i]!.offsetMs));
  const wayMs = Math.max(...offsets.map(({ uncertaintyMs }) => uncertaintyMs));
  return {
    offsetMs: thousandth(first.offsetMs),
    uncertaintyMs: thousandth(wayMs + Math.max(0, ...steps)),
    movedMs: thousandth(offsets.at(-1)!.offsetMs - first.offsetMs),
    atEnd,
  };
}

/** Losses first, then clocks. */
export function workerFindings(recorded: Recorded): Finding[] {
  const workers = listWorkers(recorded);
  const frameMs = 1000 / recorded.run.plan.scenario.design.media.fps;
  return [...workers.flatMap(sayLost), ...workers.map((worker) => sayClock(worker, frameMs))];
}

function sayLost({ name, viewers, lost }: WorkerResult): Finding[] {
  if (!lost) return [];
  return [
    {
      rule: 'worker-lost',
      verdict: 'inconclusive',
      text: `worker ${name} was lost (${lost.because}): nothing is known of its ${counted(viewers)} from then on`,
      atMs: lost.atMs,
      hint: 'Look at what the worker said, and at the network between the machines.',
    },
  ];
}

/** A clock that nobody measured, or not to the frame, places no picture in the time of the run. */
function sayClock({ name, viewers, clock, lost }: WorkerResult, frameMs: number): Finding {
  if (!clock) return unknownClock(`the clock of worker ${name} was not measured`, 'Run it again.');
  const { offsetMs, uncertaintyMs, movedMs } = clock;
  const text = `worker ${name} showed ${counted(viewers)}; its clock was ${apart(offsetMs)} the clock of the run, known to ±${tenth(uncertaintyMs)} ms, and moved by ${tenth(movedMs)} ms`;
  // Who is lost cannot be asked again, and is told of by itself.
  if (!clock.atEnd && !lost)
    return unknownClock(`${text}; it was not measured again at the end`, 'Run it again.');
  if (uncertaintyMs <= frameMs) return { rule: 'worker-clock', verdict: 'pass', text };
  const hint = 'Join the machines by a faster network, or let both follow one time server.';
  return unknownClock(`${text}: a picture lasts ${tenth(frameMs)} ms`, hint);
}

const unknownClock = (text: string, hint: string): Finding => ({
  rule: 'worker-clock',
  verdict: 'inconclusive',
  text,
  hint,
});

const tenth = (ms: number): string => (Math.round(ms * 10) / 10).toFixed(1);

/** The offset is what has to be added to the worker's time. */
const apart = (offsetMs: number): string =>
  `${tenth(Math.abs(offsetMs))} ms ${offsetMs >= 0 ? 'behind' : 'ahead of'}`;

const counted = (viewers: number): string => (viewers === 1 ? '1 viewer' : `${viewers} viewers`);
