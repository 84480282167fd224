// The timeline as text, for people who want to know what a run will do before it does it.

import Table from 'cli-table3';
import { formatDuration } from '../kernel/duration.ts';
import { isoIn } from '../kernel/zone.ts';
import type { Plan, PlannedAction } from '../model/plan.ts';
import { listGroups, type Drawn, type Scenario } from '../model/scenario.ts';

/** `columns`: cells of the terminal; tables are as wide as they need to be where there is none. */
export function printPlan(plan: Plan, columns = Infinity): string {
  const { scenario } = plan;
  return [
    `${scenario.title} (${scenario.name}, ${scenario.kind})`,
    `design ${scenario.design.name}: ${scenario.design.title}`,
    `${audience(scenario).join('\n')}; seed ${plan.seed}`,
    ...timeZero(scenario),
    compression(plan),
    '',
    phases(plan, columns),
    '',
    actions(plan, columns),
    ...alertLines(plan),
    ...comings(plan),
    '',
    'expected:',
    ...scenario.expectations.map((expectation) => `  ${expectation.text}`),
  ].join('\n');
}

/** One line for each group. */
const audience = (scenario: Scenario): readonly string[] =>
  listGroups(scenario).map((group) => {
    const { name, count, player, policy, weight, channel, zipf, curve } = group;
    const what = policy.onFatal === 'none' ? 'nothing' : `${policy.onFatal} ${waits(policy)}`;
    const mix = zipf === undefined ? '' : ` by Zipf's law (${zipf})`;
    const where = channel ?? `${scenario.design.channels.length} channels${mix}`;
    const presence = PRESENCE.flatMap((key) => {
      const at = group[key];
      return at ? [`, ${key} at ${timeText(at)}`] : [];
    });
    return [
      name === undefined ? '' : `${name}: `,
      `${count} ${player} viewers on ${where}`,
      weight === undefined ? '' : `, each for ${weight}`,
      ...presence,
      ...(curve ? [`, as many at each hour as ${curve.title ?? 'their curve'} has`] : []),
      `, on a fatal error: ${what}`,
    ].join('');
  });

const PRESENCE = ['joins', 'leaves', 'returns'] as const;

const timeText = ({ fromMs, toMs }: Drawn): string =>
  fromMs === toMs ? formatDuration(fromMs) : `${formatDuration(fromMs)}..${formatDuration(toMs)}`;

const timeZero = ({ clock, zone }: Scenario): string[] =>
  clock === undefined ? [] : [`time zero is ${clock}${zone === undefined ? '' : ` (${zone})`}`];

const waits = ({ delayMs, jitterMs }: { delayMs: number; jitterMs: number }): string =>
  `after ${formatDuration(delayMs)}${jitterMs > 0 ? ` plus up to ${formatDuration(jitterMs)}` : ''}`;

function compression({ compress, cutMs, scenario: { compressAtMost = Infinity } }: Plan): string {
  if (compress === 1) return `full length; cut for ${formatDuration(cutMs)}`;
  const cut = `compressed ${compress} times: cut for ${formatDuration(cutMs)} as played, ${formatDuration(cutMs * compress)} in the scenario`;
  return compress <= compressAtMost
    ? cut
    : `${cut}; its expectations hold up to --compress ${compressAtMost}, and a run is inconclusive`;
}

function phases(plan: Plan, columns: number): string {
  const { steady } = plan.scenario;
  const rows = [
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
  ];
  return drawTable(['phase', 'takes', 'expected'], rows, { columns });
}

function actions(plan: Plan, columns: number): string {
  if (plan.actions.length === 0) return 'no actions: nothing is disturbed';
  const { clock } = plan.scenario;
  const head = ['played', 'scenario', ...(clock ? ['clock'] : []), 'action', 'expected'];
  const rows = plan.actions.slice(0, ACTIONS_SHOWN_MAX).map((each) => row(each, plan.scenario));
  const table = drawTable(head, rows, { columns, last: EXPECTED_WIDTH });
  const more = plan.actions.length - ACTIONS_SHOWN_MAX;
  return more > 0 ? `${table}\n… and ${more} more actions; as JSON all of them are there` : table;
}

/** One line for each alert. */
function alertLines({ scenario, compress }: Plan): readonly string[] {
  const { alerts = [], clock, zone } = scenario;
  const timeOf = (ms: number) =>
    `+${formatDuration(Math.round(ms / compress))}` +
    (clock === undefined ? '' : ` (${wallClock({ clock, zone }, ms)})`);
  const lines = alerts.map(({ id, atMs, updates, endMs, areas, carriages, severity, exercise }) =>
    [
      `  ${id}: ${exercise ? 'EXERCISE, ' : ''}${severity}, at ${timeOf(atMs)}`,
      ...updates.map((update) => `update ${timeOf(update.atMs)}`),
      `end ${timeOf(endMs)}`,
      `area ${areas.length > 0 ? areas.join(' or ') : 'everywhere'}`,
      `by ${carriages.join(' and ')}`,
    ].join(', '),
  );
  return alerts.length === 0 ? [] : ['', 'alerts, as played:', ...lines];
}

/** One line for each moment at which viewers come or go. */
function comings({ audience = [], compress, scenario: { clock, zone } }: Plan): readonly string[] {
  if (audience.length === 0) return [];
  const moments = Map.groupBy(audience, ({ atMs, does }) => `${atMs} ${does}`);
  const lines = [...moments.values()].map((steps) => {
    const { atMs, does } = steps[0]!;
    const time = clock === undefined ? '' : `  ${wallClock({ clock, zone }, atMs * compress)}`;
    return `  +${formatDuration(atMs)}${time}  ${steps.map(({ viewer }) => viewer).join(', ')}: ${does}`;
  });
  return ['', 'viewers who come and go, as played:', ...lines];
}

/** The number of actions shown: nobody reads more, and laying out very many takes minutes. */
const ACTIONS_SHOWN_MAX = 2000;

function row(action: PlannedAction, { clock, zone }: Scenario): string[] {
  const time = clock === undefined ? [] : [wallClock({ clock, zone }, action.scenarioAtMs)];
  return [
    `+${formatDuration(action.atMs)}`,
    `+${formatDuration(action.scenarioAtMs)}`,
    ...time,
    action.id,
    action.expect,
  ];
}

interface ClockOfScenario {
  readonly clock: string;
  readonly zone: string | undefined;
}

/** Local time in the scenario's zone, or at the offset of its clock; with the date on another day. */
export function wallClock({ clock, zone }: ClockOfScenario, afterMs: number): string {
  const at = zone ?? /[+-]\d\d:\d\d$/.exec(clock)?.[0] ?? 'UTC';
  const localIso = (ms: number) => isoIn(Date.parse(clock) + ms, at);
  const [day, time] = localIso(afterMs).slice(0, 19).split('T');
  return localIso(0).startsWith(day ?? '') ? (time ?? '') : `${day} ${time}`;
}

/** Sentences are wrapped so that the table fits a wide terminal. */
const EXPECTED_WIDTH = 72;
/** Sentences are still read in a column of this width; where there is less, rows are lines. */
const EXPECTED_WIDTH_MIN = 16;
/** A blank on each side of a cell. */
const PADDING = 2;

interface TableSize {
  /** Cells of the terminal. */
  readonly columns: number;
  /** Width of the last column where there is room; as wide as it needs to be when not said. */
  readonly last?: number;
}

/** Makes a table whose last column takes what the others leave of the terminal, or no table where that is too little. */
function drawTable(head: string[], rows: string[][], { columns, last }: TableSize): string {
  const widths = head.map(
    (_, i) => PADDING + Math.max(...[head, ...rows].map((cells) => (cells[i] ?? '').length)),
  );
  const others = widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
  const room = columns - others - (head.length + 1);
  if (room < EXPECTED_WIDTH_MIN) return rows.map(asLines).join('\n');
  const colWidths = widths.with(-1, Math.min(last ?? widths.at(-1) ?? 0, room));
  const style = { head: [], border: [], compact: true };
  const table = new Table({ head, colWidths, wordWrap: true, style });
  table.push(...rows);
  return table.toString();
}

/** The sentence of a row stands below its other cells. */
const asLines = (cells: readonly string[]): string =>
  `${cells
    .slice(0, -1)
    .filter((cell) => cell !== '')
    .join('  ')}\n    ${cells.at(-1)}`;
