// Plays a quiet scenario for long, and says how memory, descriptors, journal and report grow in an
// hour, how sure that is, and what eight hours would be if it went on so: `npm run soak`.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../harness/kernel/clock.ts';
import { judgeJournal } from '../../harness/measure/judgeJournal.ts';
import type { Report } from '../../harness/model/report.ts';
import { linesIn } from '../../harness/run/journal.ts';
import { callCampaign } from '../support/campaign.ts';
import { afterHours, growthOf, type SampleAt } from '../support/growth.ts';
import { numberWish } from '../support/numberWish.ts';
import { descendantsOf } from '../support/processTree.ts';
import { startRun, type StartedRun } from '../support/startedRun.ts';
import { textOf } from '../support/textOf.ts';
import { benchFolder } from '../support/benchFolder.ts';

const MINUTES = 30;
const SAMPLE_MS = 2_000;
const HOUR_MS = 3_600_000;
const NIGHT_HOURS = 8;
/** Memory finds its level in so much of the time: what comes before is no growth. */
const WARM_UP_SHARE = 1 / 3;
const NAME = 'soak';

/** One small fault a minute, which no viewer notices. */
const scenarioFor = (minutes: number): string => `
name: ${NAME}
title: A quiet time
kind: drill
design: single-access
viewers: { count: 2 }
faults:
  - { name: small, at: 30s, for: 1s, every: 60s, times: ${minutes}, links: [connect-up], latency: { delay: 40ms } }
expect: [interrupted == 0%]
`;

type Series = Map<string, SampleAt[]>;

export async function main(minutes = MINUTES): Promise<void> {
  await using folder = await benchFolder();
  const scenario = join(folder.path, `${NAME}.yaml`);
  writeFileSync(scenario, scenarioFor(minutes));
  const more = ['--runtime', 'processes', '--quiet'];
  const run = startRun({ scenario, name: NAME, out: folder.path, more });
  const series: Series = new Map();
  const code = await sampled(run, series, minutes);
  if (code !== 0 && code !== 2) throw new Error(`exit code ${code}: ${run.said()}`);
  const dir = run.dir() ?? '';
  console.log(`played for ${minutes} minutes; growth over the last two thirds of it`);
  for (const [name, samples] of series) console.log(told(name, samples));
  console.log(reportGrowth(dir));
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
  const isTrue = report.verdict !== 'inconclusive';
  if (!interruptions(report)) process.exitCode = isTrue ? 1 : 2;
}

/** Looks at the run until it ends; the time to its steady state and after its last fault is no part of it. */
async function sampled(run: StartedRun, series: Series, minutes: number): Promise<number | null> {
  await run.recorded('"phase":"disrupt"', 120_000);
  const fromMs = systemClock.epochMs();
  const { pid = 0 } = run.child;
  while (systemClock.epochMs() - fromMs < minutes * 60_000 && run.child.exitCode === null) {
    const atMs = systemClock.epochMs() - fromMs;
    for (const [name, value] of look(pid, join(run.dir() ?? '', 'journal.ndjson')))
      series.set(name, [...(series.get(name) ?? []), { atMs, value }]);
    await systemClock.sleep(SAMPLE_MS);
  }
  return run.ended(180_000);
}

function look(pid: number, journal: string): readonly (readonly [string, number])[] {
  const children = descendantsOf(pid);
  const browser = children.filter(({ command }) => /chrom/.test(command));
  const rest = children.filter(({ command }) => !/chrom/.test(command));
  const memory = (of: readonly { readonly pid: number }[]) =>
    of.reduce((all, one) => all + residentMb(one.pid), 0);
  return [
    ['memory of the harness, MB', residentMb(pid)],
    ['memory of the browser, MB', memory(browser)],
    ['memory of stages and Toxiproxy, MB', memory(rest)],
    ['descriptors of the harness', descriptorsOf(pid)],
    ['descriptors of all others', children.reduce((all, one) => all + descriptorsOf(one.pid), 0)],
    ['processes', children.length + 1],
    ['journal, MB', statSync(journal).size / 1e6],
  ];
}

function told(name: string, samples: readonly SampleAt[]): string {
  const fromMs = (samples.at(-1)?.atMs ?? 0) * WARM_UP_SHARE;
  const growth = growthOf(samples.filter(({ atMs }) => atMs >= fromMs));
  if (!growth) return `${name.padEnd(36)} too few samples: ${samples.length}`;
  const { perHour, perHourOff, last } = growth;
  const { low, high } = afterHours(growth, NIGHT_HOURS);
  const rate = `${perHour.toFixed(1)} ± ${perHourOff.toFixed(1)} an hour`;
  const night = `after ${NIGHT_HOURS} h more ${Math.max(0, low).toFixed(0)} to ${Math.max(0, high).toFixed(0)}`;
  const sure = Math.abs(perHour) <= perHourOff ? ' (not told from none)' : '';
  return `${name.padEnd(36)} ${last.toFixed(1)} at the end, ${rate}${sure}, ${night}`;
}

/** Two points, and so no interval: what half of the journal makes, and the whole. */
function reportGrowth(dir: string): string {
  const file = join(dir, 'journal.ndjson');
  const lines = [...linesIn(file)];
  const half = judgeJournal(lines.slice(0, Math.ceil(lines.length / 2)), file);
  const whole = judgeJournal(lines, file);
  const kb = (report: Report) => JSON.stringify(report).length / 1e3;
  const hours = (whole.run.endedAtMs - half.run.endedAtMs) / HOUR_MS;
  const perHour = (kb(whole) - kb(half)) / hours;
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'journal.ndjson')
    .reduce((all, { parentPath, name }) => all + statSync(join(parentPath, name)).size, 0);
  return `${'report, kB'.padEnd(36)} ${kb(whole).toFixed(0)} at the end, ${perHour.toFixed(0)} an hour (from two points), all files but the journal ${(files / 1e3).toFixed(0)}`;
}

/** No false interruption; how many there may be all the same, by the rule of three. */
function interruptions({ viewers, verdict, findings }: Report): boolean {
  const hours = viewers.reduce((all, { sessionMs }) => all + sessionMs, 0) / HOUR_MS;
  const seen = viewers.flatMap((viewer) => viewer.interruptions);
  const long = seen.filter(({ glitch }) => !glitch).length;
  const most =
    long === 0 ? `, fewer than ${(3 / hours).toFixed(1)} an hour and viewer with 95 %` : '';
  console.log(
    `${long} interruptions and ${seen.length - long} glitches in ${hours.toFixed(2)} viewer hours${most}`,
  );
  console.log(
    `verdict ${verdict} (${findings.map(({ rule }) => rule).join(', ') || 'no findings'})`,
  );
  return long === 0;
}

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

const HELP = `npm run soak [-- options]

Plays a quiet scenario for long, with one small fault a minute, and prints how memory, descriptors,
journal and report grow in an hour, the error of each, and what eight hours more would add.

  --minutes N   whole minutes (${MINUTES})

exit codes: 0 nobody was interrupted, 1 somebody was, 2 somebody was and the run is inconclusive,
64 wrong options
`;

if (import.meta.main)
  process.exitCode = await callCampaign(process.argv.slice(2), {
    name: 'soak',
    help: HELP,
    read: (args) => {
      const options = { minutes: { type: 'string', default: String(MINUTES) } } as const;
      const { minutes } = parseArgs({ args: [...args], options }).values;
      return numberWish('minutes', minutes, { from: 1, to: 1440 });
    },
    play: async (minutes) => {
      await main(minutes);
      return Number(process.exitCode ?? 0);
    },
  });
