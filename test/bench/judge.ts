// Measures the time and memory of the judge for a night: 24 viewers, 8 hours, 25 frames a second, 17
// million frames, read from a journal on disk by a process of its own. Beside it, for the ratio, a
// twelfth of it: what grows with the run shows as more than twelve times the work, or as memory.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgeJournal } from '../../harness/measure/judgeJournal.ts';
import type { HistoryRecord, ViewerRecord } from '../../harness/model/history.ts';
import { sealing } from '../../harness/model/seal.ts';
import { linesIn } from '../../harness/run/journal.ts';
import { counted } from '../support/counted.ts';
import { historyOf, sealed, stripRecords, viewerOf } from '../support/strip.ts';
import { makeFolder } from '../support/makeFolder.ts';

const VIEWERS = 24;
const MINUTES = { short: 40, night: 480 };
const SECONDS_MAX = 60;
const MEMORY_MB_MAX = 300;

export function main(): Promise<void> {
  using dir = makeFolder();
  const short = judged(join(dir.path, 'short.ndjson'), MINUTES.short);
  const night = judged(join(dir.path, 'night.ndjson'), MINUTES.night);
  line('work, night / short', (night.cpuMs / short.cpuMs).toFixed(1));
  line('run / processor, night', `${((MINUTES.night * 60_000) / night.cpuMs).toFixed(0)} times`);
  const fits = night.cpuMs < SECONDS_MAX * 1000 && night.memoryMb < MEMORY_MB_MAX;
  line('within its bounds', fits ? 'yes' : `NO: ${SECONDS_MAX} s, ${MEMORY_MB_MAX} MB`);
  if (!fits) process.exitCode = 1;
  return Promise.resolve();
}

const line = (what: string, value: string) => console.log(`${what.padEnd(28)} ${value}`);

interface Cost {
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly blackP50: number;
}

/** Judges in a process of its own, whose memory is nothing but the judge's. */
function judged(file: string, minutes: number): Cost {
  writeJournal(file, minutes);
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const cost = JSON.parse(child.stdout) as Cost;
  line('minutes of 24 viewers', String(minutes));
  line('  journal', `${(statSync(file).size / 2 ** 20).toFixed(0)} MB`);
  line('  processor', `${(cost.cpuMs / 1000).toFixed(1)} s`);
  line('  memory at its peak', `${cost.memoryMb.toFixed(0)} MB`);
  line('  black screen p50', `${cost.blackP50} ms`);
  return cost;
}

/** The child: says what judging this journal cost. */
function sayCost(file: string): void {
  const report = judgeJournal(linesIn(file), file);
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cost: Cost = {
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    memoryMb: maxRSS / 1024,
    blackP50: report.audience.blackScreenMs.p50,
  };
  console.log(JSON.stringify(cost));
}

/** Each viewer loses the picture for ten seconds a minute, each in another way. */
const WAYS = ['bbbbb', 'sssss', 'ffbbb', 'ddrrr', 'lllll', 'fffff'];
/** Pages present a picture with the next refresh of the screen. */
const jitterMs = (n: number): number => ((n * 7919) % 160) / 10;
/** Written piece by piece: a journal of a night is no string. */
const PIECE_MINUTES = 10;

function writeJournal(file: string, minutes: number): void {
  const viewers = Array.from({ length: VIEWERS }, (_, i) => viewerOf({ id: `v${i + 1}` }));
  const { run, records: frame } = historyOf({ viewers, records: [] });
  const journal = openSync(file, 'w');
  const seal = sealing();
  const write = (records: readonly object[]) => writeSync(journal, sealed(records, seal));
  write([run, ...frame.filter(({ type }) => type !== 'end')]);
  for (let minute = 0; minute < minutes; minute += PIECE_MINUTES) {
    const fromMs = minute * 60_000;
    const ends = { first: minute === 0, last: minute + PIECE_MINUTES >= minutes };
    const seen = viewers.flatMap((viewer, i) => {
      const letters = `${'p'.repeat(25)}${WAYS[i % WAYS.length] ?? ''}`.repeat(PIECE_MINUTES);
      return stripRecords(letters, { stepMs: 2000, viewer, fromMs, jitterMs });
    });
    const records = [...seen.filter((one) => goesOn(one, ends)), ...reports(fromMs)];
    write(records.toSorted((a, b) => a.atMs - b.atMs));
  }
  write([{ type: 'end', atMs: minutes * 60_000, reason: 'complete' }]);
  closeSync(journal);
}

/** Viewers join once and leave once. */
const goesOn = (record: HistoryRecord, ends: { first: boolean; last: boolean }): boolean =>
  record.type !== 'viewer' ||
  !(
    (record.event === ('join' satisfies ViewerRecord['event']) && !ends.first) ||
    (record.event === 'leave' && !ends.last)
  );

/** Ten stages report four times a second. */
function reports(fromMs: number): HistoryRecord[] {
  const names = ['playout.one', 'playout.two', 'transcoder.one', 'transcoder.two'];
  const stages = [...names, 'origin', 'edge', 'playout.x', 'transcoder.x', 'o2', 'e2'];
  return Array.from({ length: PIECE_MINUTES * 240 }, (_, i) => fromMs + i * 250).flatMap((atMs) =>
    stages.map((stage) =>
      counted({
        stage,
        atMs,
        fill: 'none',
        ageInMs: 120 + (atMs % 7),
        lagInMs: atMs % 9,
        bytesIn: atMs * 251,
        bytesOut: atMs * 250,
        connections: 1,
        quietInMs: 33,
        framesIn: atMs / 40,
        framesOut: atMs / 40,
        framesFilled: 0,
        framesDropped: 0,
        uploads: Math.floor(atMs / 1000),
        programmeCounter: 43_942_702_500 + atMs / 40,
      }),
    ),
  );
}

const [, , child] = process.argv;
if (import.meta.main) {
  if (child === undefined) await main();
  else sayCost(child);
}
