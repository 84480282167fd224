// The scenarios that `test` plays for real in an hour: SUITE_RUNS of this checkout's, compressed,
// SUITE_PARALLEL at a time, an inconclusive one once more; how they ended, and in how many runs the
// control stayed clean.

import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Report } from '../../harness/model/report.ts';
import type { Suite } from '../../harness/model/suite.ts';
import { SUITE_ENGINES } from '../../harness/rehearsal/suite/engines.ts';
import { planSuite, type SuiteEntry } from '../../harness/rehearsal/suite/entries.ts';
import { findScenarioFiles } from '../../harness/rehearsal/suite/files.ts';
import { benchFolder } from '../support/benchFolder.ts';
import { MAIN } from '../support/cli.ts';

const GOAL_PER_HOUR = 30;
const RUNS = Number(process.env['SUITE_RUNS'] ?? 20);
/** The number that `test` chooses when it is not said. */
const LANES = process.env['SUITE_PARALLEL'];
const COMPRESS = 60;

export async function main(): Promise<void> {
  await using folder = await benchFolder();
  const all = await chooseEntries();
  const repeat = Math.ceil(RUNS / all.length);
  const entries = all.slice(0, Math.ceil(RUNS / repeat));
  const expectedMs = entries.reduce((sum, one) => sum + one.expectedMs, 0) * repeat;
  console.log(
    `${entries.length} scenarios, ${repeat} times each, ${COMPRESS} times compressed; expected to take ${(expectedMs / 60_000).toFixed(0)} minutes; load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
  );
  const dir = join(folder.path, 'suite');
  const words = [
    ...['--compress', String(COMPRESS), '--repeat', String(repeat), '--retries', '1'],
    ...(LANES === undefined ? [] : ['--parallel', LANES]),
  ];
  const fromMs = performance.now();
  const files = entries.map(({ file }) => file);
  await execa(process.execPath, [MAIN, 'test', ...files, ...words, '--out', dir], {
    stdio: ['ignore', 'ignore', 'inherit'],
    reject: false,
  });
  const hours = (performance.now() - fromMs) / 3_600_000;
  const suite = JSON.parse(readFileSync(join(dir, 'suite.json'), 'utf8')) as Suite;
  if (!tell(suite, dir, hours)) process.exitCode = 1;
}

/** Those whose expectations hold so much compressed, in the order of their names. */
async function chooseEntries(): Promise<readonly SuiteEntry[]> {
  const nothing = { seed: undefined, viewers: undefined, grep: undefined, changed: undefined };
  const wishes = { ...nothing, variants: false, designs: [], players: [], repeat: 1, tags: [] };
  const files = findScenarioFiles(['scenarios']);
  const entries = await planSuite(files, { ...wishes, compress: COMPRESS }, SUITE_ENGINES.run);
  return entries.filter(({ plan }) => plan.compress === COMPRESS);
}

function tell({ results, leftOut }: Suite, dir: string, hours: number): boolean {
  const count = (verdict: string) => results.filter((one) => one.verdict === verdict).length;
  const attempts = results.flatMap((one) => one.attempts);
  const retried = results.filter((one) => one.attempts.length > 1).length;
  const controls = attempts.flatMap((one) => (one.dir ? [isControlClean(join(dir, one.dir))] : []));
  const clean = controls.filter((isClean) => isClean).length;
  const perHour = results.length / hours;
  const isMet = perHour >= GOAL_PER_HOUR;
  console.log(
    `${results.length} scenarios in ${(hours * 60).toFixed(1)} minutes: ${perHour.toFixed(1)} an hour (goal ${GOAL_PER_HOUR}: ${isMet ? 'met' : 'MISSED'})`,
  );
  console.log(
    `${count('pass')} passed, ${count('fail')} failed, ${count('inconclusive')} inconclusive, ${retried} played again, ${leftOut.length} left out`,
  );
  console.log(`control clean in ${clean} of ${controls.length} runs`);
  for (const { key, verdict, attempts: tried } of results)
    for (const {
      reasons: [reason],
    } of verdict === 'pass' ? tried.slice(0, -1) : tried)
      console.log(`  ${key}: ${verdict}, ${reason}`);
  return isMet;
}

function isControlClean(dir: string): boolean {
  const { viewers } = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
  const controls = viewers.filter(({ control }) => control);
  return controls.every((one) => one.interruptions.length === 0 && one.ledger.unmeasured === 0);
}

if (import.meta.main) await main();
