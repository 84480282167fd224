// Simulates a scenario of the package into a folder that is removed, for tests and benchmarks.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeJournal } from '../../harness/measure/judgeJournal.ts';
import type { Plan } from '../../harness/model/plan.ts';
import type { Report } from '../../harness/model/report.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { simulateInto } from '../../harness/rehearsal/simulate.ts';
import { linesIn } from '../../harness/run/journal.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { makeFolder } from './makeFolder.ts';

export interface SimulatedReport {
  readonly report: Report;
  readonly journal: string;
}

/** Rejects as a simulation does. */
export function simulated(
  scenario: Scenario,
  { compress = 1, seed = 1 }: { readonly compress?: number; readonly seed?: number } = {},
): Promise<SimulatedReport> {
  return simulatedPlan(plan(scenario, { compress, seed }));
}

/** The same of a plan. */
export async function simulatedPlan(made: Plan): Promise<SimulatedReport> {
  using folder = makeFolder();
  const file = join(folder.path, 'journal.ndjson');
  await simulateInto(made, file, new AbortController().signal);
  const journal = readFileSync(file, 'utf8');
  return { report: judgeJournal(linesIn(file), file), journal };
}
