// The loop of a comparison: one scenario and seed on several designs (and variants), repeated, side
// by side where the machine carries it, else in turn.

import { join } from 'node:path';
import { check } from '../check/check.ts';
import { makeCheckInput } from '../check/fromScenario.ts';
import { compare } from '../measure/compare.ts';
import type { Comparison } from '../model/comparison.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { COMPARISON_FILES } from '../../reports/compare.ts';
import { inLanes } from './lanes.ts';
import { planFor, type PlanChoices } from './plan.ts';
import { rehearse, type Rehearsed, type Rehearsing } from './rehearse.ts';
import { writeRunFile } from './runFolder.ts';

/** One row of the table. */
export interface ComparedPlan {
  readonly name: string;
  readonly plan: Plan;
}

/** Every plan is made before anything is started: a mistake in the last must not cost the first. */
export async function plansToCompare(
  file: string,
  choices: Omit<PlanChoices, 'design' | 'variant'>,
  { designs, variants }: Readonly<Record<'designs' | 'variants', readonly (string | undefined)[]>>,
): Promise<readonly ComparedPlan[]> {
  const pairs = designs.flatMap((design) => variants.map((variant) => ({ design, variant })));
  const rows: ComparedPlan[] = [];
  for (const { design, variant } of pairs) {
    const plan = await planFor(file, { ...choices, design, variant });
    const name = [plan.scenario.design.name, variant].filter(Boolean).join(' / ');
    rows.push({ name, plan });
  }
  return rows;
}

export interface Comparing extends Pick<Rehearsing, 'setting' | 'watch'> {
  readonly rows: readonly [ComparedPlan, ...ComparedPlan[]];
  readonly repeat: number;
  /** Rehearsals at the same time. */
  readonly lanes: number;
  /** Told of each rehearsal when it starts, and again when it is judged. */
  readonly onStart: (name: string, repeat: number) => void;
  readonly onEnd: (name: string, repeat: number, rehearsed: Rehearsed) => void;
}

/** Rejects with what ended a rehearsal, unless it is data: no steady state, a guardrail. */
export async function playComparison(
  comparing: Comparing,
  signal: AbortSignal,
): Promise<Comparison> {
  const { rows, repeat, lanes } = comparing;
  const jobs = Array.from({ length: repeat }, (_, n) =>
    rows.map((row) => ({ row, repeat: n + 1 })),
  ).flat();
  const work = async (job: (typeof jobs)[number], either: AbortSignal) => ({
    row: job.row,
    report: await playOnce(job, comparing, either),
  });
  const played = await inLanes({ lanes, jobs, work }, signal);
  const reportsOf = (row: ComparedPlan) =>
    played.filter((one) => one.row === row).map(({ report }) => report);
  const { scenario, compress, seed } = rows[0].plan;
  const runs = rows.map((row) => summariseRuns(row, reportsOf(row)));
  return { ...compare(scenario.name, runs), compress, seed };
}

async function playOnce(
  { row, repeat }: { readonly row: ComparedPlan; readonly repeat: number },
  { setting, watch, onStart, onEnd }: Comparing,
  signal: AbortSignal,
): Promise<Report> {
  onStart(row.name, repeat);
  const rehearsed = await rehearse(row.plan, { setting, watch }, signal);
  onEnd(row.name, repeat, rehearsed);
  const { error, reason } = rehearsed.end;
  if (error && reason !== 'complete' && error.code !== 'STEADY_STATE_NOT_REACHED') throw error;
  return rehearsed.report;
}

function summariseRuns({ name, plan: { scenario } }: ComparedPlan, reports: readonly Report[]) {
  const checks =
    scenario.clock === undefined
      ? []
      : check(makeCheckInput(scenario, { nowEpochMs: undefined })).findings.map(
          ({ rule, severity, text }) => `${severity}: ${text} (${rule})`,
        );
  return { design: { ...scenario.design, name }, reports, checks };
}

/** Writes every output into a folder; answers the files. Throws CANNOT_WRITE. */
export async function writeComparison(
  dir: string,
  comparison: Comparison,
): Promise<readonly string[]> {
  for (const { file, render } of COMPARISON_FILES)
    await writeRunFile(join(dir, file), render(comparison));
  return COMPARISON_FILES.map(({ file }) => join(dir, file));
}
