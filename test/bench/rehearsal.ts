// A wall of 12 with the whole pipeline beside it, as a user runs it: what viewers are shown, how
// soon they are steady, what the harness takes, how late faults are in the middle of it.

import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseHistory } from '../support/parseHistory.ts';
import { aggregate } from '../../harness/measure/statistics.ts';
import type { History } from '../../harness/model/history.ts';
import type { Report } from '../../harness/model/report.ts';
import { rehearse, type Usage } from './rehearsal/usage.ts';
import { benchFolder } from '../support/benchFolder.ts';

const VIEWERS = 12;
const GOALS = { fpsMin: 24, steadyMsMax: 20_000, harnessMbMax: 300, lateMsMax: 20 } as const;

/** Forty quiet seconds, then fifty delays of ten milliseconds that no viewer notices. */
const SCENARIO = `
name: rehearsal-bench
title: A wall of ${VIEWERS} and fifty small faults
kind: drill
design: single-access
viewers: { count: ${VIEWERS} }
faults:
  - name: small
    at: 40s
    for: 200ms
    every: 500ms
    times: 50
    links: [connect-up]
    latency: { delay: 10ms }
expect: [recovered == 100%]
`;

export async function main(): Promise<void> {
  await using folder = await benchFolder();
  const file = join(folder.path, 'rehearsal.yaml');
  await writeFile(file, SCENARIO);
  const usage = await rehearse(file, folder.path);
  const latest = join(folder.path, 'rehearsal-bench', 'latest');
  const report = JSON.parse(await readFile(join(latest, 'report.json'), 'utf8')) as Report;
  const history = parseHistory(await readFile(join(latest, 'journal.ndjson'), 'utf8'));
  const met = [
    ...viewers(report),
    steady(report, usage),
    memory(report, usage),
    ...lateness(history),
  ];
  printUsage(usage, report);
  if (met.includes(false)) process.exitCode = 1;
}

function viewers(report: Report): boolean[] {
  const audience = report.viewers.filter(({ control }) => !control);
  const fps = audience.map(({ presentedFps }) => presentedFps ?? 0);
  const control = report.viewers.find((viewer) => viewer.control);
  const glitches = audience.reduce(
    (sum, { interruptions }) => sum + interruptions.filter(({ glitch }) => glitch).length,
    0,
  );
  const stalls = control?.interruptions.length ?? NaN;
  console.log(`per viewer: ${fps.map((one) => one.toFixed(2)).join(' ')}`);
  return [
    line(
      'presented frames a second',
      `min ${aggregate('min', fps).toFixed(2)} median ${aggregate('p50', fps).toFixed(2)}`,
      aggregate('min', fps) >= GOALS.fpsMin,
    ),
    line('interrupted viewers', `${report.audience.interrupted}, and ${glitches} glitches`),
    ...(control?.interruptions ?? []).map(({ fromMs, toMs }) =>
      line('  the control', `from ${fromMs} to ${toMs} ms`),
    ),
    line(
      'control viewer',
      `${stalls} stalls, ${control?.blackScreenMs} ms, ${control?.presentedFps?.toFixed(2)} frames a second`,
      stalls === 0,
    ),
  ];
}

/** While it plays, and with the judge at the end, who reads the whole journal. */
function memory(report: Report, { harness }: Usage): boolean {
  const endedAtEpochMs = Date.parse(report.run.startedAt) + report.run.endedAtMs;
  const playing = harness.filter(({ atEpochMs }) => atEpochMs < endedAtEpochMs);
  const peakOf = (samples: Usage['harness']) => Math.max(...samples.map(({ mb }) => mb));
  return line(
    'harness process, peak',
    `${peakOf(harness)} MB, ${peakOf(playing)} MB while it played`,
    peakOf(harness) < GOALS.harnessMbMax,
  );
}

/** From the start of the command to the first planned fault's phase. */
function steady(report: Report, { startedAtEpochMs }: Usage): boolean {
  const disrupt = report.phases.find(({ phase }) => phase === 'disrupt');
  const runAtEpochMs = Date.parse(report.run.startedAt);
  const ms = disrupt ? runAtEpochMs + disrupt.fromMs - startedAtEpochMs : Infinity;
  return line('command to steady state', `${(ms / 1000).toFixed(1)} s`, ms < GOALS.steadyMsMax);
}

function lateness({ records }: History): boolean[] {
  const actions = records.filter((record) => record.type === 'action');
  const late = actions.map(({ doneAtMs, plannedAtMs }) => doneAtMs - plannedAtMs);
  if (late.length === 0) return [line('faults', 'none was carried out', false)];
  const p = (values: readonly number[], names: readonly ('p50' | 'p99' | 'max')[]) =>
    names.map((name) => `${name} ${aggregate(name, values).toFixed(1)}`).join(' ');
  const begun = actions.map(({ atMs, plannedAtMs }) => atMs - plannedAtMs);
  const calls = actions.map(({ atMs, doneAtMs }) => doneAtMs - atMs);
  line('  of which before the call', `${p(begun, ['p50', 'p99', 'max'])} ms`);
  line('  of which the call', `${p(calls, ['p50', 'p99', 'max'])} ms`);
  return [
    line(
      `${late.length} faults and heals, late`,
      `${p(late, ['p50', 'p99', 'max'])} ms`,
      aggregate('p99', late) <= GOALS.lateMsMax,
    ),
  ];
}

function printUsage({ byPart, ms }: Usage, { findings, screenshots }: Report): void {
  const share = (used: number) => `${Math.round((100 * used) / ms)} %`;
  const all = [...byPart.values()].reduce((sum, used) => sum + used, 0);
  const parts = [...byPart].map(([part, used]) => `${part} ${share(used)}`).join(', ');
  line('processor, of one core', `${share(all)}: ${parts}`);
  line('load', `${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`);
  // Delays this small have no witness, which makes every such run inconclusive.
  const told = findings.filter(({ rule }) => !rule.endsWith('-unproven'));
  line('pictures taken', screenshots.map(({ atMs }) => `${Math.round(atMs)} ms`).join(', '));
  line('findings', told.map(({ text }) => text).join('; ') || 'none');
}

/** A figure; with a goal, whether it is met. */
function line(what: string, value: string, met = true): boolean {
  console.log(`${met ? '  ' : 'NO'} ${what.padEnd(32)} ${value}`);
  return met;
}

if (import.meta.main) await main();
