// Tells what happened in words made from the data: the first thing a reader of any output sees.

import type { Margin } from '../harness/model/margin.ts';
import type { FaultResult, Report, Summary } from '../harness/model/report.ts';
import { counted, formatMs, formatStatistic, shownMs } from './duration.ts';
import { askedAtEnd } from './recovery.ts';

/** One paragraph: what was done to the pipeline, what viewers lost, how they came back. */
export function describeRun(report: Report): string {
  const sentences = [
    ...simulation(report),
    ...[...causes(report), effect(report), ...recovery(report), ...doubt(report)],
  ];
  return sentences.join(' ');
}

/** Gives the note wherever a number of a compressed run is shown; undefined at full length. */
export const compressionNote = ({ run }: Report): string | undefined =>
  compressionText(run.compress);

/** The same for runs whose reports are not at hand. */
export function compressionText(compress: number): string | undefined {
  if (compress === 1) return undefined;
  return (
    `Played ${compress}x compressed: the scenario's own times are divided by ${compress}, ` +
    `timers of players and servers are not. A full-length outage is not ${compress} times these figures.`
  );
}

/** Faults that were really in force, by what the scenario calls them. */
function inForce(faults: readonly FaultResult[]): Map<string, FaultResult[]> {
  const groups = new Map<string, FaultResult[]>();
  for (const fault of faults.filter((f) => f.fromMs !== undefined)) {
    const key = `${fault.window ?? ''}\n${fault.name}\n${fault.kind}\n${fault.effect}`;
    groups.set(key, [...(groups.get(key) ?? []), fault]);
  }
  return groups;
}

function causes(report: Report): string[] {
  const groups = [...inForce(report.faults).values()];
  const { engine, environment } = report.run;
  if (engine === 'run' && environment.runtime === 'none')
    return ['A stream of others was watched.'];
  if (groups.length === 0) {
    return report.faults.length === 0
      ? ['No fault was planned.']
      : ['None of the planned faults was in force.'];
  }
  const shown = groups.slice(0, CAUSES_MAX).map((group) => cause(report, group));
  const more = groups.length - shown.length;
  return more > 0 ? [...shown, `${counted(more, 'more fault')} followed.`] : shown;
}

/** A paragraph stays a paragraph; the rest is in the tables. */
const CAUSES_MAX = 3;

function cause(report: Report, group: readonly FaultResult[]): string {
  const [first] = group;
  if (!first) return '';
  const who = first.window ? `Maintenance window "${first.window}"` : `Fault "${first.name}"`;
  const targets = listed(distinct(group.flatMap((f) => f.links))) || 'nothing';
  const channels = distinct(group.flatMap((f) => f.channels));
  const on = channels.length > 0 ? ` for ${listed(channels.map((c) => `"${c}"`))}` : '';
  return `${who} ${act(first, targets)}${on} ${lasting(report, group)}.`;
}

function act({ verb: { verb, then, told }, effect }: FaultResult, targets: string): string {
  return [verb, targets, then, told && `(${effect})`].filter(Boolean).join(' ');
}

function lasting(report: Report, group: readonly FaultResult[]): string {
  const spans = group
    .map(({ fromMs, toMs }) => ({ fromMs: fromMs ?? 0, toMs: toMs ?? report.run.endedAtMs }))
    .toSorted((a, b) => a.fromMs - b.fromMs);
  let [bursts, ms, endMs] = [0, 0, -Infinity];
  for (const { fromMs, toMs } of spans) {
    if (fromMs > endMs) bursts += 1;
    ms += Math.max(0, toMs - Math.max(fromMs, endMs));
    endMs = Math.max(endMs, toMs);
  }
  const steps = new Set(spans.map(({ toMs }) => toMs)).size;
  const how =
    bursts > 1 ? `, in ${bursts} bursts` : steps > 1 ? `, given back in ${steps} steps` : '';
  return `during ${formatMs(ms)}${standsFor(report, ms)}${how}`;
}

/** Gives the time the reader's chain would show: the run's time times the compression. */
const standsFor = (report: Report, ms: number): string =>
  report.run.compress === 1 ? '' : ` (standing for ${formatMs(shownMs(ms) * report.run.compress)})`;

function effect({ audience }: Report): string {
  const { viewers, interrupted, blackScreenMs, atMost } = audience;
  const black = (stat: 'p50' | 'max') =>
    formatStatistic([blackScreenMs, atMost.blackScreenMs], stat);
  if (viewers === 0) return 'Nobody was watching.';
  if (interrupted === 0) return `None of ${counted(viewers, 'viewer')} lost the programme.`;
  return (
    `${losers(interrupted, viewers)} lost the programme: black screen ` +
    `${black('p50')} at the median, ${black('max')} at worst.`
  );
}

function losers(interrupted: number, viewers: number): string {
  if (viewers === 1) return 'The viewer';
  return interrupted === viewers
    ? `All ${viewers} viewers`
    : `${interrupted} of ${viewers} viewers`;
}

function recovery({ audience }: Report): string[] {
  const { interrupted, recovered, recoveryUnseen, timeToRecoverMs, atMost } = audience;
  const unknown = unseen(recoveryUnseen);
  if (interrupted === 0) return unknown;
  const back = (low: Summary, stat: 'p50' | 'max') =>
    formatStatistic([low, atMost.timeToRecoverMs], stat);
  const lost = askedAtEnd(audience) - recovered - recoveryUnseen;
  const took = timeToRecoverMs
    ? `The programme was back ${back(timeToRecoverMs, 'p50')} after the last heal at the median, ${back(timeToRecoverMs, 'max')} at worst.`
    : '';
  const never = lost > 0 ? `${counted(lost, 'viewer')} never saw it again.` : '';
  return [took, never, ...unknown].filter((text) => text !== '');
}

const unseen = (count: number): string[] =>
  count === 0
    ? []
    : [`For ${counted(count, 'viewer')} it is unknown whether the programme was there at the end.`];

/** A model never looks like a run. */
function simulation({ run: { simulated } }: Report): string[] {
  if (!simulated) return [];
  const players = Object.entries(simulated.players).map(([name, version]) => `${name} ${version}`);
  return [
    `Simulated in virtual time by the engine ${simulated.engine} (${listed(players)}): nobody watched this, and a control viewer does not apply.`,
  ];
}

/** Tells how far off durations may be, and how that is known. */
export const marginText = ({ margin, run }: Pick<Report, 'margin' | 'run'>): string =>
  run.simulated?.agreement ?? rulerMargin(margin);

function rulerMargin({ ms, from }: Margin): string {
  const off = `Durations of an interruption are right within ${formatMs(ms)}`;
  if (from === undefined)
    return `${off}: assumed, for nobody calibrated this machine with so many viewers (ecran-noir calibrate --screen).`;
  return `${off}: found against a recording of the screen on ${from.madeAt.slice(0, 10)}, with ${counted(from.viewers, 'viewer')}.`;
}

const doubt = (report: Report): string[] =>
  report.verdict === 'inconclusive'
    ? ['The run does not prove these figures: see the findings.']
    : [];

const distinct = (names: readonly string[]): string[] => [...new Set(names)];

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
