// Measures the time and memory of the judge for a long wall: 24 viewers, 40 minutes, 25 frames a
// second, 1.4 million frames, read from the text of a journal.

import { judge } from '../../harness/measure/judge.ts';
import { parseHistory } from '../../harness/measure/readHistory.ts';
import { historyOf, ndjson, stripRecords, viewerOf } from '../support/strip.ts';

const VIEWERS = 24;
const MINUTES = 40;
const SECONDS_MAX = 10;
const HEAP_MB_MAX = 1024;

export function main(): Promise<void> {
  const text = journal();
  const begun = cpuMs();
  const history = parseHistory(text);
  const read = cpuMs();
  const report = judge(history);
  const judged = cpuMs();
  const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
  const frames = history.records.reduce(
    (n, r) => n + (r.type === 'frames' ? r.frames.length : 0),
    0,
  );
  const line = (what: string, value: string) => console.log(`${what.padEnd(28)} ${value}`);
  line('frames', String(frames));
  line('journal', `${(text.length / 2 ** 20).toFixed(0)} MB`);
  line('read', `${((read - begun) / 1000).toFixed(2)} s of processor`);
  line('judged', `${((judged - read) / 1000).toFixed(2)} s of processor`);
  line('heap with record and report', `${heapMb.toFixed(0)} MB`);
  line('black screen p50', `${report.audience.blackScreenMs.p50} ms`);
  const fits = judged - begun < SECONDS_MAX * 1000 && heapMb < HEAP_MB_MAX;
  line('within its bounds', fits ? 'yes' : `NO: ${SECONDS_MAX} s, ${HEAP_MB_MAX} MB`);
  if (!fits) process.exitCode = 1;
  return Promise.resolve();
}

/** Processor time: what others do on the machine is none of the judge's. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Each viewer loses the picture for ten seconds a minute, each in another way. */
function journal(): string {
  const ways = ['bbbbb', 'sssss', 'ffbbb', 'ddrrr', 'lllll', 'fffff'];
  const viewers = Array.from({ length: VIEWERS }, (_, i) => viewerOf({ id: `v${i + 1}` }));
  const records = viewers.flatMap((viewer, i) => {
    const minute = 'p'.repeat(25) + (ways[i % ways.length] ?? '');
    return stripRecords(minute.repeat(MINUTES), { stepMs: 2000, viewer });
  });
  return ndjson(historyOf({ viewers, records }));
}

if (import.meta.main) await main();
