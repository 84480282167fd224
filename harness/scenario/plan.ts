// Turns a scenario into its timeline: windows and faults become inject and heal actions. Pure.

import { PARTS_MAX } from '../faults/kind.ts';
import { healedWords, injectedWords, findKind, findTraits } from '../faults/kinds.ts';
import { seededRandom, type Random } from '../kernel/random.ts';
import { sumCutMs } from '../model/cutTime.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan, PlannedAction } from '../model/plan.ts';
import {
  isOnStages,
  type Design,
  type Disruption,
  type Fault,
  type Scenario,
} from '../model/scenario.ts';
import { alertSteps } from './alertSteps.ts';
import { audienceSteps } from './audience.ts';
import { sharedLinks } from '../design/flows.ts';
import { listOutages } from './outages.ts';
import { routedOccurrences } from './routed.ts';
import { occurrenceEnd, drawTimeline, type Occurrence, type PlayedOccurrence } from './timeline.ts';

export interface PlanOptions {
  /**
   * Divides the scenario's own times (when, how long, pace) and nothing else: segment length,
   * time-outs, retries, routing timers, the player's delays and the recover deadline stay.
   */
  readonly compress: number;
  readonly seed: number;
}

/** @throws HarnessError SCENARIO_INVALID when the timeline contradicts itself. */
export function plan(scenario: Scenario, { compress, seed }: PlanOptions): Plan {
  const timeline = drawTimeline(scenario, seed);
  const endPlayed = (occurrence: Occurrence) => Math.round(occurrenceEnd(occurrence) / compress);
  const random = seededRandom(seed);
  const onLinks = timeline
    .filter(actsOnLinks)
    .map((occurrence) => played(occurrence, compress))
    .flatMap((occurrence) => divided(occurrence, random.fork(`bursts of ${occurrence.id}`)));
  const occurrences = [...onLinks, ...routedOccurrences(scenario, timeline, compress)];
  refuseContradiction(occurrences);
  const actions = occurrences
    .flatMap((occurrence) => planActions(occurrence, scenario.design, compress))
    .toSorted(byTime);
  const alerts = alertSteps(scenario, compress);
  const disruptMs = largest([
    ...[...actions, ...alerts].map(({ atMs }) => atMs),
    ...timeline.map(endPlayed),
  ]);
  const audience = audienceSteps(scenario, { compress, seed, endMs: disruptMs * compress });
  const outages = listOutages(scenario, seed);
  return {
    scenario,
    compress,
    seed,
    actions,
    ...(audience.length > 0 && { audience }),
    ...(alerts.length > 0 && { alerts }),
    ...(outages.length > 0 && { outages }),
    disruptMs,
    recoverWithinMs: scenario.recover.withinMs,
    cutMs: sumCutMs(
      occurrences
        .filter(({ fault }) => findTraits(fault).nature === 'cut')
        .map((one) => ({ fromMs: one.fromMs, toMs: occurrenceEnd(one) })),
    ),
  };
}

/** Gives the largest, at least 0; as arguments of a call there may be too many. */
const largest = (numbers: readonly number[]): number =>
  numbers.reduce((most, one) => Math.max(most, one), 0);

const actsOnLinks = (occurrence: Occurrence): occurrence is Occurrence & { fault: Fault } =>
  occurrence.fault.kind !== 'path';

/** An end stays behind its beginning however much is compressed: a millisecond at least. */
function played(occurrence: Occurrence & { fault: Fault }, compress: number): PlayedOccurrence {
  const fromMs = Math.round(occurrence.fromMs / compress);
  const ends = occurrence.ends.map((end) => ({
    ...end,
    atMs: Math.max(Math.round(end.atMs / compress), fromMs + 1),
  }));
  const fault = findKind(occurrence.fault).compressed?.(occurrence.fault, compress);
  return { ...occurrence, fault: fault ?? occurrence.fault, fromMs, ends };
}

/** Each part of what comes in parts by itself; anything else as it is. */
function divided(occurrence: PlayedOccurrence, random: Random): PlayedOccurrence[] {
  const { fault, id, of, fromMs, prove } = occurrence;
  const parts = findKind(fault).divided?.(fault, occurrenceEnd(occurrence) - fromMs, random);
  if (!parts || parts.every((part) => part.fault === fault)) return [occurrence];
  if (parts.length > PARTS_MAX) throw tooMany(of);
  return parts.map((part, i) => ({
    ...occurrence,
    id: `${id}.${i + 1}`,
    fromMs: fromMs + part.fromMs,
    whole: undefined,
    fault: { ...part.fault, channels: lastingAt(fromMs + part.fromMs, occurrence) },
    ends: [{ atMs: fromMs + part.fromMs + part.forMs }],
    prove: { inject: prove.inject && i === 0, heal: prove.heal && i === parts.length - 1 },
  }));
}

/** Channels that have not come back yet. */
const lastingAt = (atMs: number, { ends, fault }: PlayedOccurrence): readonly string[] =>
  ends.flatMap((end) => (end.atMs > atMs ? (end.channels ?? fault.channels) : []));

const tooMany = (name: string): HarnessError =>
  new HarnessError('SCENARIO_INVALID', `${name} comes in more than ${PARTS_MAX} bursts`, {
    target: name,
    hint: 'make it shorter, its bursts longer, or its share smaller',
  });

function planActions(
  occurrence: PlayedOccurrence,
  design: Design,
  compress: number,
): PlannedAction[] {
  const { id, of, window, fault, fromMs, prove, why } = occurrence;
  const step = (does: 'inject' | 'heal', atMs: number, proven: boolean) => ({
    does,
    of,
    window: window?.name,
    atMs,
    scenarioAtMs: Math.round(atMs * compress),
    ...(proven ? {} : { prove: false as const }),
    ...findTraits(fault),
  });
  const because = why === undefined ? '' : ` (${why})`;
  const expect = injectedWords(fault) + because;
  return [
    { id: `${id}:inject`, ...step('inject', fromMs, prove.inject), fault, expect },
    ...planHeals(occurrence, design).map(({ atMs, part, suffix }) => ({
      id: `${id}:heal${suffix}`,
      ...step('heal', atMs, prove.heal),
      fault: part,
      expect: healedWords(part),
    })),
  ];
}

interface PlannedHeal {
  readonly atMs: number;
  /** The part of the fault that this step gives back. */
  readonly part: Fault;
  readonly suffix: string;
}

/**
 * Channel by channel where a restore is staged. A link that carries all channels together cannot
 * come back for one of them: it does with the last.
 */
function planHeals({ fault: own, whole, ends }: PlayedOccurrence, design: Design): PlannedHeal[] {
  const fault = wholeOnLinks(own, whole);
  const staged = ends.some(({ channels }) => channels !== undefined);
  const together = staged && !isOnStages(fault) ? sharedLinks(design, fault.links) : [];
  const apart = fault.links.filter((link) => !together.includes(link));
  const steps = ends.flatMap(({ atMs, channels }): PlannedHeal[] => {
    if (!channels) return [{ atMs, part: fault, suffix: '' }];
    if (apart.length === 0 && together.length > 0) return [];
    return [{ atMs, part: { ...fault, links: apart, channels }, suffix: `:${channels.join('+')}` }];
  });
  if (together.length === 0) return steps;
  const lastMs = Math.max(...ends.map(({ atMs }) => atMs));
  return [...steps, { atMs: lastMs, part: { ...fault, links: together }, suffix: '' }];
}

/** A link that is well again carries all that the full size took, not only what the last step did. */
const wholeOnLinks = (own: Fault, whole: Disruption | undefined): Fault =>
  whole === undefined || whole.kind === 'path' || isOnStages(whole) ? own : whole;

/** Heals go first at the same instant, so that what follows is not undone by what ends. */
function byTime(a: PlannedAction, b: PlannedAction): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  return a.does === b.does ? 0 : a.does === 'heal' ? -1 : 1;
}

/**
 * Refuses two faults at one place that can take one only, such as two lives of a stage: the first to
 * end would end it for both.
 */
function refuseContradiction(occurrences: readonly PlayedOccurrence[]): void {
  let lasting: readonly PlayedOccurrence[] = [];
  for (const b of occurrences.filter(isAlone).toSorted((a, b) => a.fromMs - b.fromMs)) {
    lasting = lasting.filter((a) => occurrenceEnd(a) > b.fromMs);
    const a = lasting.find((other) => excludes(other.fault, b.fault) && meet(other, b));
    if (a) throw contradiction(a, b);
    lasting = [...lasting, b];
  }
}

/** Links take most faults beside each other, and there may be very many of them. */
const isAlone = ({ fault }: PlayedOccurrence): boolean => excludes(fault, fault);

function excludes(a: Fault, b: Fault): boolean {
  if (a.kind !== b.kind) return false;
  const kind = findKind(a);
  return !(kind.goesWith?.(a, b) ?? kind.on === 'links');
}

const contradiction = (a: PlayedOccurrence, b: PlayedOccurrence): HarnessError =>
  new HarnessError(
    'SCENARIO_INVALID',
    `${a.id} and ${b.id} are in force on the same ${isOnStages(a.fault) ? 'stage' : 'link'} at the same time, which can only do one of them`,
    { target: b.of, hint: 'move one of them, or make it another kind of fault' },
  );

function meet(a: PlayedOccurrence, b: PlayedOccurrence): boolean {
  return (
    a.fromMs < occurrenceEnd(b) &&
    b.fromMs < occurrenceEnd(a) &&
    hurtPlaces(a.fault).some((place) => hurtPlaces(b.fault).includes(place)) &&
    a.fault.channels.some((channel) => b.fault.channels.includes(channel))
  );
}

const hurtPlaces = (fault: Fault): readonly string[] =>
  isOnStages(fault) ? fault.stages : fault.links;
