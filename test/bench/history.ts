// Measures the index of runs with 10 000 of them: the first filling, then what `history` costs when
// nothing or one run is new. Beside it, for the ratio, what only looking at every report costs.

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffRuns } from '../../harness/store/diffRuns.ts';
import { reportsBelow } from '../../harness/store/reportsBelow.ts';
import { readRunIndex } from '../../harness/store/runIndex.ts';
import { findSeries } from '../../harness/store/trend.ts';
import { renderHistory } from '../../reports/history.ts';
import { renderJson } from '../../reports/json.ts';
import { sampleReport } from '../support/sampleReport.ts';
import { benchFolder } from '../support/benchFolder.ts';

const RUNS = 10_000;
const SERIES = 40;

export async function main(): Promise<void> {
  await using root = await benchFolder();
  for (let n = 0; n < RUNS; n++) addRun(root.path, n);
  const lookMs = timed(() => {
    for (const { file } of reportsBelow(root.path)) statSync(file);
  });
  const history = () => renderHistory(findSeries(readRunIndex(root.path).runs), TERMINAL);
  const fillMs = timed(history);
  const againMs = timed(history);
  addRun(root.path, RUNS);
  const oneMoreMs = timed(history);
  const diffMs = timed(() => diffRuns(sampleReport(), sampleReport()));
  say('looking at every report', lookMs, lookMs);
  say('history, index made anew', fillMs, lookMs);
  say('history, nothing new', againMs, lookMs);
  say('history, one run more', oneMoreMs, lookMs);
  say('diff of two runs', diffMs, lookMs);
  const isReached = againMs < GOAL.historyMs && diffMs < GOAL.diffMs;
  if (!isReached) process.exitCode = 1;
  console.log(`goal ${isReached ? 'reached' : 'NOT REACHED'}: history under 1 s, diff under 0.5 s`);
}

const GOAL = { historyMs: 1_000, diffMs: 500 };
const TERMINAL = { columns: 140, colours: false };

const { run } = sampleReport();

function addRun(root: string, n: number): void {
  const dir = join(root, `scenario-${n % SERIES}`, String(n));
  mkdirSync(dir, { recursive: true });
  const startedAt = new Date(Date.UTC(2025, 0, 1) + n * 600_000).toISOString();
  const named = { ...run, scenario: `scenario-${n % SERIES}`, startedAt };
  writeFileSync(
    join(dir, 'report.json'),
    renderJson(sampleReport({ verdict: 'pass', run: named })),
  );
}

function timed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

const say = (what: string, ms: number, besideMs: number): void =>
  console.log(
    `${what.padEnd(28)} ${ms.toFixed(0).padStart(7)} ms ${(ms / besideMs).toFixed(2).padStart(8)}x`,
  );
