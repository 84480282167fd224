// The timeline as text, for people who want to know what a run will do before it does it.

import Table from 'cli-table3';
import { formatDuration } from '../kernel/duration.ts';
import type { Plan, PlannedAction } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';

export function printPlan(plan: Plan): string {
  const { scenario } = plan;
  return [
    `${scenario.title} (${scenario.name}, ${scenario.kind})`,
    `design ${scenario.design.name}: ${scenario.design.title}`,
    `${audience(scenario)}; seed ${plan.seed}`,
    compression(plan),
    '',
    phases(plan),
    '',
    actions(plan),
    '',
    'expected:',
    ...scenario.expectations.map((expectation) => `  ${expectation.text}`),
  ].join('\n');
}

function audience({ viewers, design }: Scenario): string {
  const { count, player, policy } = viewers;
  const what = policy.onFatal === 'none' ? 'nothing' : `${policy.onFatal} ${waits(policy)}`;
  return `${count} ${player} viewers on ${design.channels.length} channels, on a fatal error: ${what}`;
}

const waits = ({ delayMs, jitterMs }: { delayMs: number; jitterMs: number }): string =>
  `after ${formatDuration(delayMs)}${jitterMs > 0 ? ` plus up to ${formatDuration(jitterMs)}` : ''}`;

const compression = ({ compress, cutMs }: Plan): string =>
  compress === 1
    ? `full length; cut for ${formatDuration(cutMs)}`
    : `compressed ${compress} times: cut for ${formatDuration(cutMs)} as played, ${formatDuration(cutMs * compress)} in the scenario`;

function phases(plan: Plan): string {
  const { steady } = plan.scenario;
  const table = plain(['phase', 'takes', 'expected']);
  table.push(
    ['provision', '', 'every stage answers, every proxy is up'],
    [
      'steady',
      `up to ${formatDuration(steady.withinMs)}`,
      `every viewer sees the programme for ${formatDuration(steady.holdMs)} without a break`,
    ],
    ['disrupt', formatDuration(plan.disruptMs), `${plan.actions.length} actions, each proven`],
    [
      'recover',
      `up to ${formatDuration(plan.recoverWithinMs)}`,
      'every viewer sees the programme again',
    ],
    ['judge', '', 'expectations against what was seen'],
    ['teardown', '', 'everything stopped and removed'],
  );
  return table.toString();
}

function actions(plan: Plan): string {
  if (plan.actions.length === 0) return 'no actions: nothing is disturbed';
  const { clock } = plan.scenario;
  const head = ['played', 'scenario', ...(clock ? ['clock'] : []), 'action', 'expected'];
  const table = plain(head, [...head.slice(1).map(() => null), EXPECTED_WIDTH]);
  for (const action of plan.actions) table.push(row(action, clock));
  return table.toString();
}

function row(action: PlannedAction, clock: string | undefined): string[] {
  const time = clock === undefined ? [] : [wallClock(clock, action.scenarioAtMs)];
  return [
    `+${formatDuration(action.atMs)}`,
    `+${formatDuration(action.scenarioAtMs)}`,
    ...time,
    action.id,
    action.expect,
  ];
}

/** Local time in the offset that the scenario's clock is written in. */
export function wallClock(clock: string, afterMs: number): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)$/.exec(clock) ?? [];
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(Date.parse(clock) + offsetMs + afterMs).toISOString().slice(11, 19);
}

/** Sentences are wrapped so that the table fits a wide terminal. */
const EXPECTED_WIDTH = 72;

/** Widths of columns; null for as wide as it needs to be. */
const plain = (head: string[], colWidths: (number | null)[] = []) =>
  new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [], compact: true } });
