// Findings about workers, which show viewers of a run on other machines: who was lost and when, and
// how well the clock of each was known.

import type { WorkerRecord } from '../model/history.ts';
import type { Finding } from '../model/report.ts';
import type { Recorded } from './recorded.ts';

/** One of each kind a worker, in the order of the run record. */
export function workerFindings({ run, records }: Recorded): Finding[] {
  const names = run.viewers.flatMap(({ worker }) => worker ?? []);
  const told = Map.groupBy(
    records.filter((record) => record.type === 'worker'),
    ({ worker }) => worker,
  );
  const frameMs = 1000 / run.plan.scenario.design.media.fps;
  return [...new Set(names)].flatMap((name) => {
    const count = run.viewers.filter(({ worker, control }) => worker === name && !control).length;
    const own = told.get(name) ?? [];
    return [...lossFindings(name, count, own), ...clockFindings(name, count, { own, frameMs })];
  });
}

function lossFindings(name: string, count: number, own: readonly WorkerRecord[]): Finding[] {
  const lost = own.find(({ event }) => event === 'lost');
  if (!lost) return [];
  return [
    {
      rule: 'worker-lost',
      verdict: 'inconclusive',
      text: `worker ${name} was lost (${lost.detail ?? 'nobody knows why'}): nothing is known of its ${counted(count)} from then on`,
      atMs: Math.round(lost.atMs),
      hint: 'Look at what the worker said, and at the network between the machines.',
    },
  ];
}

interface Clocks {
  readonly own: readonly WorkerRecord[];
  /** The time of one picture. */
  readonly frameMs: number;
}

/** A clock that nobody measured, or not to the frame, places no picture in the time of the run. */
function clockFindings(name: string, count: number, { own, frameMs }: Clocks): Finding[] {
  const offsets = own.flatMap(({ clock }) => clock ?? []);
  const [first, last] = [offsets[0], offsets.at(-1)];
  if (!first || !last)
    return [unknownClock(`the clock of worker ${name} was not measured`, 'Run it again.')];
  // Between two measures a clock went from one offset to the next.
  const steps = offsets
    .slice(1)
    .map(({ offsetMs }, i) => Math.abs(offsetMs - offsets[i]!.offsetMs));
  const uncertaintyMs =
    Math.max(...offsets.map((one) => one.uncertaintyMs)) + Math.max(0, ...steps);
  const driftMs = last.offsetMs - first.offsetMs;
  const text = `worker ${name} showed ${counted(count)}; its clock was ${apart(first.offsetMs)} the clock of the run, known to ±${tenth(uncertaintyMs)} ms, and moved by ${tenth(driftMs)} ms`;
  if (uncertaintyMs <= frameMs) return [{ rule: 'worker-clock', verdict: 'pass', text }];
  const hint = 'Join the machines by a faster network, or let both follow one time server.';
  return [unknownClock(`${text}: a picture lasts ${tenth(frameMs)} ms`, hint)];
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
