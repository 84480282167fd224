// The ruler judged by a recording of the display: losses of both, edge by edge. The recording knows
// black and standing pictures only; everything else about a viewer is the judge's own.
//
// Nothing is fitted. Both sides tell the machine's time; the page's own clock in the recording shows
// that they do. Two differences are known beforehand and taken off every edge alike: a change is seen
// half a sample after it happened, in the mean; and a picture stands still from the moment the next
// one was due, while the recording only knows when it came.

import type { Report, ScreenClass, Span, Verdict, ViewerResult } from '../model/report.ts';
import {
  SCREEN_GOAL,
  type EdgeError,
  type EdgePair,
  type ScreenReading,
  type ScreenSample,
  type SeenTile,
  type Sighting,
  BLIND_RULERS,
  type BlindRuler,
} from '../model/screenRuler.ts';
import { calibratedPhase, controlLostMs, doubts, longestClass, viewerSpans } from './ruler.ts';
import { clip, coveredMs, lengthMs, union, type Interval } from './spans.ts';
import { aggregate, thousandth } from './statistics.ts';
import { HICCUP_MS } from './thresholds.ts';

export interface ScreenEvidence {
  readonly report: Report;
  readonly sighting: Sighting;
  readonly frameMs: number;
}

export function readScreenRuler({ report, sighting, frameMs }: ScreenEvidence): ScreenReading {
  const audience = report.viewers.filter(({ control }) => !control);
  const watched = watchedBy(report, sighting);
  const samples = audience.flatMap((viewer) => {
    const tile = sighting.tiles.find((one) => one.viewer === viewer.id);
    return tile ? listSamples({ viewer, tile, report, sighting, frameMs, watched }) : [];
  });
  const count = (outcome: ScreenSample['outcome']) =>
    samples.filter((sample) => sample.outcome === outcome).length;
  const errors = listEdgeErrors(samples);
  const [seen, missed, wrong] = [count('seen'), count('missed'), count('false')];
  const watchedMs = Math.round(lengthMs(watched));
  const viewerHours = (watchedMs * audience.length) / 3_600_000;
  const margins = errors.filter(({ as }) => as === ALL).map(({ p95Ms }) => p95Ms);
  const reading = {
    viewers: audience.length,
    seen,
    missed,
    errors,
    watchedMs,
    samples,
    unmeasured: count('unmeasured'),
    blindRecording: samples.filter(({ blind }) => blind === 'recording').length,
    detectionRate: seen + missed > 0 ? thousandth(seen / (seen + missed)) : undefined,
    falseInterruptions: wrong,
    falsePerHour: viewerHours > 0 ? thousandth(wrong / viewerHours) : 0,
    marginMs: margins.length > 0 ? Math.ceil(Math.max(...margins)) : undefined,
    recording: describeRecording(sighting),
    controlLostMs: controlLostMs(report),
  };
  return { ...judgeEdges(report, reading), ...reading };
}

/** While losses are put in and quiet is watched, as far as the recording goes. */
function watchedBy(report: Report, { fromMs, toMs }: Sighting): Interval {
  const watched = clip(calibratedPhase(report), { fromMs, toMs });
  return { fromMs: watched.fromMs, toMs: Math.max(fromMs, watched.toMs) };
}

interface Eyes {
  readonly viewer: ViewerResult;
  readonly tile: SeenTile;
  readonly report: Report;
  readonly sighting: Sighting;
  readonly frameMs: number;
  readonly watched: Interval;
}

/** An edge this near to a moment in which one of the two was blind says nothing. */
const BESIDE_MS = 50;

function listSamples({ viewer, tile, report, sighting, frameMs, watched }: Eyes): ScreenSample[] {
  const spans = viewerSpans(report, viewer.id);
  const measured = union(spans.filter(({ class: name }) => LOST.has(name)));
  const recorded = recordedLosses(tile, sighting.periodMs, frameMs);
  const blind = {
    ruler: spans.filter(({ class: name }) => name === 'unmeasured'),
    recording: sighting.gaps,
  };
  return clusters(measured, recorded)
    .filter(({ all }) => all.fromMs >= watched.fromMs && all.toMs <= watched.toMs)
    .flatMap((cluster) => makeSamples(cluster, { viewer: viewer.id, spans, tile, blind }));
}

const LOST: ReadonlySet<ScreenClass> = new Set(['black', 'frozen', 'stalled', 'dead', 'starting']);

/** Black, and pictures that stand for longer than the judge lets one stand. */
function recordedLosses({ spans }: SeenTile, periodMs: number, frameMs: number): Interval[] {
  const half = periodMs / 2;
  const losses = spans.flatMap(({ look, fromMs, toMs }) => {
    const due = look === 'still' ? fromMs + frameMs : fromMs;
    const stood = look === 'black' || toMs - due > HICCUP_MS;
    return stood ? [{ fromMs: due - half, toMs: toMs - half }] : [];
  });
  // Between a standing picture and a black one there is no programme, but a frame that was due.
  return union(losses, frameMs + periodMs);
}

interface Cluster {
  readonly all: Interval;
  readonly measured: Interval | undefined;
  readonly recorded: Interval | undefined;
}

/** Losses that overlap belong together: from the first beginning to the last end of each side. */
function clusters(measured: readonly Interval[], recorded: readonly Interval[]): Cluster[] {
  const groups = union([...measured, ...recorded]);
  const hull = (intervals: readonly Interval[], { fromMs, toMs }: Interval) => {
    const own = intervals.filter((one) => one.fromMs < toMs && one.toMs > fromMs);
    const [first] = own;
    return first && { fromMs: first.fromMs, toMs: own.at(-1)!.toMs };
  };
  return groups.map((all) => ({
    all,
    measured: hull(measured, all),
    recorded: hull(recorded, all),
  }));
}

interface Around {
  readonly viewer: string;
  readonly spans: readonly Span[];
  readonly tile: SeenTile;
  /** Moments of which one of the two rulers knows nothing. */
  readonly blind: Readonly<Record<BlindRuler, readonly Interval[]>>;
}

/** Nothing for what only one of them saw, and for less than an interruption. */
function makeSamples({ all, measured, recorded }: Cluster, around: Around): ScreenSample[] {
  const { viewer, blind } = around;
  const as = lossName(all, measured, around);
  const both = measured !== undefined && recorded !== undefined;
  if (!both && lengthMs(measured ?? recorded ?? all) < SCREEN_GOAL.missedMs) return [];
  const pair = {
    ...(measured && { measured: rounded(measured) }),
    ...(recorded && { recorded: rounded(recorded) }),
  };
  const isBeside = ({ fromMs, toMs }: Interval) =>
    fromMs <= all.toMs + BESIDE_MS && toMs >= all.fromMs - BESIDE_MS;
  const unsure = BLIND_RULERS.find((ruler) => blind[ruler].some(isBeside));
  if (unsure) return [{ viewer, as, outcome: 'unmeasured', blind: unsure, ...pair }];
  return [{ viewer, as, outcome: both ? 'seen' : measured ? 'false' : 'missed', ...pair }];
}

const rounded = ({ fromMs, toMs }: Interval): EdgePair => ({
  fromMs: thousandth(fromMs),
  toMs: thousandth(toMs),
});

function lossName(all: Interval, measured: Interval | undefined, { spans, tile }: Around) {
  const inside = ({ fromMs, toMs }: Interval) => fromMs < all.toMs && toMs > all.fromMs;
  if (!measured) return tile.spans.find(inside)?.look ?? 'still';
  return longestClass(spans.filter((span) => inside(span) && LOST.has(span.class)));
}

const ALL = 'all';
const EDGES = ['onset', 'end', 'length'] as const;

/** Three lines for each class, then three for all of them. */
function listEdgeErrors(samples: readonly ScreenSample[]): EdgeError[] {
  const seen = samples.filter(({ outcome }) => outcome === 'seen');
  const names = [...new Set(seen.map(({ as }) => as))].toSorted();
  const groups = [
    ...names.map((as) => [as, seen.filter((sample) => sample.as === as)] as const),
    [ALL, seen] as const,
  ];
  return groups.flatMap(([as, own]) =>
    own.length === 0 ? [] : EDGES.map((edge) => summariseEdge(as, edge, own)),
  );
}

function summariseEdge(
  as: string,
  edge: EdgeError['edge'],
  samples: readonly ScreenSample[],
): EdgeError {
  const errors = samples.map(({ measured, recorded }) => ERROR_OF[edge](measured!, recorded!));
  const sizes = errors.map(Math.abs);
  return {
    as,
    edge,
    count: errors.length,
    biasMs: aggregate('mean', errors),
    p50Ms: aggregate('p50', sizes),
    p95Ms: aggregate('p95', sizes),
    worstMs: thousandth(errors.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0]!),
  };
}

const ERROR_OF: Readonly<Record<EdgeError['edge'], (a: EdgePair, b: EdgePair) => number>> = {
  onset: (measured, recorded) => measured.fromMs - recorded.fromMs,
  end: (measured, recorded) => measured.toMs - recorded.toMs,
  length: (measured, recorded) => lengthMs(measured) - lengthMs(recorded),
};

function describeRecording({ fromMs, toMs, periodMs, gaps, clockLagsMs }: Sighting) {
  return {
    samplesPerSecond: periodMs > 0 ? thousandth(1000 / periodMs) : 0,
    blindMs: Math.round(Math.min(coveredMs(gaps), toMs - fromMs)),
    clockLagMs:
      clockLagsMs.length === 0
        ? undefined
        : { p50: aggregate('p50', clockLagsMs), p95: aggregate('p95', clockLagsMs) },
  };
}

/** Share of the time for which a recording may be blind and still judge. */
const BLIND_SHARE_MAX = 0.02;
/**
 * From drawing to the display lie two paints and a sample, 50 ms; a median beyond twice of that, or
 * before the page drew, says that the two clocks are not the same or the display is too slow.
 */
const CLOCK_LAG_MS_MAX = 100;

type ScreenMeasures = Omit<ScreenReading, 'verdict' | 'reasons'>;

/** A machine that was too busy, or a recording that cannot judge, says nothing about the ruler. */
function judgeEdges(
  report: Report,
  reading: ScreenMeasures,
): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const unknown = [...doubts(report), ...unfitRecording(reading)];
  if (unknown.length > 0) return { verdict: 'inconclusive', reasons: unknown };
  const wrong = listProblems(reading);
  return { verdict: wrong.length > 0 ? 'fail' : 'pass', reasons: wrong };
}

function unfitRecording(reading: ScreenMeasures): readonly string[] {
  const { recording, watchedMs, seen, missed, falseInterruptions } = reading;
  const { blindMs, clockLagMs } = recording;
  const lag = clockLagMs?.p50;
  return [
    ...(blindMs > watchedMs * BLIND_SHARE_MAX
      ? [`the recording took no sample for ${blindMs} ms: this machine was too busy to record`]
      : []),
    ...(lag === undefined
      ? ["the page's clock cannot be read in the recording"]
      : lag < 0 || lag > CLOCK_LAG_MS_MAX
        ? [`the recording shows the page's clock ${lag} ms after it was drawn`]
        : []),
    ...(seen + missed + falseInterruptions === 0 ? ['no loss could be compared'] : []),
  ];
}

function listProblems({ errors, missed, falseInterruptions }: ScreenMeasures): readonly string[] {
  const { p95Ms, missedMs } = SCREEN_GOAL;
  return [
    ...(missed > 0 ? [`${missed} losses of ${missedMs} ms or more were not reported`] : []),
    ...(falseInterruptions > 0
      ? [`${falseInterruptions} interruptions were reported that no screen showed`]
      : []),
    ...errors
      .filter((error) => error.as === ALL && error.p95Ms > p95Ms)
      .map((error) => `${error.edge}: p95 is ${error.p95Ms} ms, ${p95Ms} ms are allowed`),
  ];
}
