// The ruler held against known lengths: for every loss that was put in and every viewer of its
// channel, what the report says, how far that is from the truth, and what it reports that nobody
// put in.

import {
  CLASS_OF_LOSS,
  LOSS_KINDS,
  type FalseInterruption,
  type KnownLoss,
  type LossKind,
  type LossSample,
  type RulerError,
  type RulerReading,
} from '../model/calibration.ts';
import { RULER_ERROR_MS_MAX } from '../model/margin.ts';
import type { Interruption, Report, Span, Verdict, ViewerResult } from '../model/report.ts';
import { sumLedger } from './ledger.ts';
import type { Playback } from './playback.ts';
import { coveredMs, lengthMs, type Interval } from './spans.ts';
import { aggregate, thousandth } from './statistics.ts';

export interface RulerEvidence {
  readonly report: Report;
  readonly losses: readonly KnownLoss[];
  /** When the transcoder of a channel filled although nobody had asked it to. */
  readonly fillers: ReadonlyMap<string, readonly Interval[]>;
  /** The playback of every viewer by id, the control's too. */
  readonly playbacks: ReadonlyMap<string, Playback>;
  readonly frameMs: number;
  /**
   * The distance from its expected time in which a loss is looked for: less than half of what lies
   * between two losses, more than the programme's way from playout to transcoder.
   */
  readonly reachMs: number;
}

export function readRuler(evidence: RulerEvidence): RulerReading {
  const { report, losses, fillers, frameMs, reachMs, playbacks } = evidence;
  const watched = calibratedPhase(report);
  const audience = report.viewers.filter(({ control }) => !control);
  const control = report.viewers.find((viewer) => viewer.control);
  const slipMs = playbacks.get(control?.id ?? '')?.slipMs ?? (() => 0);
  const seen = audience.map((viewer) => {
    const own = losses.filter(({ channel }) => channel === viewer.channel);
    const shownAtMs = playbacks.get(viewer.id)?.shownAtMs ?? (() => undefined);
    return seenBy(viewer, own, {
      reachMs,
      frameMs,
      slipMs,
      shownAtMs,
      screen: viewerSpans(report, viewer.id),
      fillers: (fillers.get(viewer.channel) ?? []).map(({ fromMs, toMs }) => ({
        fromMs: shownAtMs(fromMs) ?? Infinity,
        toMs: shownAtMs(toMs) ?? Infinity,
      })),
    });
  });
  const samples = seen.flatMap((one) => one.samples);
  const errors = listErrors(samples);
  const strangers = seen.flatMap((one) => one.strangers).filter(within(watched));
  const falseInterruptions = strangers.filter(({ glitch }) => !glitch).map(plain);
  const reading = {
    limitMs: RULER_ERROR_MS_MAX,
    frameMs,
    viewers: audience.length,
    errors,
    quietMs: Math.round(lengthMs(watched) - coveredMs(losses.map(lossInterval))),
    falseInterruptions,
    glitches: strangers.filter(({ glitch }) => glitch).map(plain),
    controlLostMs: controlLostMs(report),
    samples,
  };
  return { ...judgeErrors(report, reading), ...reading };
}

const lossInterval = ({ putOutAtMs, lengthMs: forMs }: KnownLoss): Interval => ({
  fromMs: putOutAtMs,
  toMs: putOutAtMs + forMs,
});

/** Losses are put in, and quiet is watched, in the disrupt phase. */
export const calibratedPhase = ({ phases }: Report): Interval =>
  phases.find(({ phase }) => phase === 'disrupt') ?? { fromMs: 0, toMs: 0 };

export const viewerSpans = ({ lanes }: Report, viewer: string): readonly Span[] => {
  const lane = lanes.find(({ kind, id }) => kind === 'viewer' && id === viewer);
  return lane?.kind === 'viewer' ? lane.spans : [];
};

interface Stranger extends FalseInterruption {
  readonly glitch: boolean;
}

const plain = ({ viewer, fromMs, lengthMs: forMs }: Stranger): FalseInterruption => ({
  viewer,
  fromMs,
  lengthMs: forMs,
});

const within =
  (phase: Interval) =>
  ({ fromMs }: FalseInterruption): boolean =>
    phase.fromMs <= fromMs && fromMs < phase.toMs;

interface Search {
  readonly reachMs: number;
  readonly frameMs: number;
  readonly screen: readonly Span[];
  /** When they should have been on this viewer's screen. */
  readonly fillers: readonly Interval[];
  readonly shownAtMs: Playback['shownAtMs'];
  readonly slipMs: Playback['slipMs'];
}

/** A loss this near to another one may be reported as part of it. */
const ASIDE_MS = 1000;

/** Each loss takes the interruption nearest to where it is expected; what is left nobody put in. */
function seenBy(viewer: ViewerResult, losses: readonly KnownLoss[], search: Search) {
  const left = new Set(viewer.interruptions);
  const samples = losses.map((loss): LossSample => {
    const expectedMs = search.shownAtMs(loss.putOutAtMs) ?? Infinity;
    const off = ({ fromMs }: Interruption) => Math.abs(fromMs - expectedMs);
    const nearest = [...left].toSorted((a, b) => off(a) - off(b))[0];
    const found = nearest && off(nearest) <= search.reachMs ? nearest : undefined;
    if (found) left.delete(found);
    return makeSample({ viewer, loss, expectedMs, found }, search);
  });
  const strange = [...left].filter((interruption) => !isBeside(interruption, search.fillers));
  const strangers = strange.map(({ fromMs, blackScreenMs, glitch }): Stranger => ({
    viewer: viewer.id,
    fromMs,
    lengthMs: blackScreenMs,
    glitch,
  }));
  return { samples, strangers };
}

const isBeside = ({ fromMs, toMs }: Interval, intervals: readonly Interval[]): boolean =>
  intervals.some((one) => one.fromMs <= toMs + ASIDE_MS && one.toMs >= fromMs - ASIDE_MS);

interface Sight {
  readonly viewer: ViewerResult;
  readonly loss: KnownLoss;
  readonly expectedMs: number;
  readonly found: Interruption | undefined;
}

function makeSample({ viewer, loss, expectedMs, found }: Sight, search: Search): LossSample {
  const { kind, lengthMs: forMs, putOutAtMs } = loss;
  const head = { viewer: viewer.id, kind, lengthMs: forMs, putOutAtMs };
  const blind = search.screen.filter((span) => span.class === 'unmeasured');
  const where = found ?? {
    fromMs: expectedMs - search.reachMs,
    toMs: expectedMs + forMs + search.reachMs,
  };
  // A loss that begins or ends where nobody could look has no length; beside filler another.
  const unseen = blind.some((span) => span.fromMs <= where.toMs && span.toMs >= where.fromMs);
  if (unseen || isBeside(where, search.fillers)) return { ...head, outcome: 'unmeasured' };
  if (!found) return { ...head, outcome: 'missed', errorMs: -forMs };
  // Playback of everybody stood still for a moment: longer on the screen than it was put out.
  if (Math.abs(search.slipMs(found)) >= search.frameMs) return { ...head, outcome: 'unmeasured' };
  const measuredMs = found.blackScreenMs;
  return {
    ...head,
    outcome: 'seen',
    seenAtMs: found.fromMs,
    measuredMs,
    errorMs: thousandth(measuredMs - forMs),
    as: longestClass(found.spans.filter((span) => span.class !== 'programme')),
  };
}

/** Names the class that takes most of the time. */
export function longestClass(spans: readonly Span[]): Span['class'] {
  const [most] = Object.entries(sumLedger(spans)).toSorted(([, a], [, b]) => b - a);
  return (most?.[0] ?? 'unmeasured') as Span['class'];
}

/** A line for each length of a kind, then one for all of them. */
function listErrors(samples: readonly LossSample[]): RulerError[] {
  return LOSS_KINDS.flatMap((kind) => {
    const own = samples.filter((sample) => sample.kind === kind);
    const lengths = [...new Set(own.map((sample) => sample.lengthMs))].toSorted((a, b) => a - b);
    if (lengths.length === 0) return [];
    const each = lengths.map((forMs) =>
      summariseError(
        kind,
        forMs,
        own.filter((sample) => sample.lengthMs === forMs),
      ),
    );
    return [...each, summariseError(kind, undefined, own)];
  });
}

function summariseError(
  kind: LossKind,
  forMs: number | undefined,
  samples: readonly LossSample[],
): RulerError {
  const measured = samples.filter((sample) => sample.outcome !== 'unmeasured');
  const errors = measured.map(({ errorMs }) => errorMs);
  const sizes = errors.map(Math.abs);
  const any = errors.length > 0;
  return {
    kind,
    lengthMs: forMs,
    samples: samples.length,
    missed: measured.filter(({ outcome }) => outcome === 'missed').length,
    unmeasured: samples.length - measured.length,
    misnamed: measured.filter((s) => s.outcome === 'seen' && s.as !== CLASS_OF_LOSS[kind]).length,
    biasMs: any ? aggregate('mean', errors) : undefined,
    p95Ms: any ? aggregate('p95', sizes) : undefined,
    worstMs: errors.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0],
  };
}

export const controlLostMs = ({ viewers }: Report): number =>
  viewers
    .filter(({ control }) => control)
    .reduce((sum, { blackScreenMs, ledger }) => sum + blackScreenMs + ledger.unmeasured, 0);

/** The findings by which a run proves nothing. */
export const doubts = ({ findings }: Report): readonly string[] =>
  findings.filter(({ verdict }) => verdict === 'inconclusive').map(({ text }) => text);

type RulerMeasures = Omit<RulerReading, 'verdict' | 'reasons'>;

/** A busy machine proves nothing about the ruler, for it nor against it. */
function judgeErrors(
  report: Report,
  { errors, falseInterruptions, limitMs }: RulerMeasures,
): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const unknown = [
    ...doubts(report),
    ...(errors.length === 0 ? ['no loss was put in'] : []),
    ...errors.filter(({ biasMs }) => biasMs === undefined).map((e) => `${errorName(e)}: no sample`),
  ];
  if (unknown.length > 0) return { verdict: 'inconclusive', reasons: unknown };
  const lines = errors.filter((error) => error.lengthMs !== undefined);
  const wrong = [
    ...lines.filter(({ missed }) => missed > 0).map((e) => `${errorName(e)}: ${e.missed} not seen`),
    ...lines
      .filter(({ misnamed }) => misnamed > 0)
      .map((e) => `${errorName(e)}: ${e.misnamed} taken for something else`),
    ...lines
      .filter(({ missed, worstMs }) => missed === 0 && Math.abs(worstMs ?? 0) > limitMs)
      .map((e) => `${errorName(e)}: off by ${e.worstMs} ms, ${limitMs} ms are allowed`),
    ...falseInterruptions.map(
      ({ viewer, lengthMs: forMs }) => `${viewer}: ${forMs} ms of interruption nobody put in`,
    ),
  ];
  return { verdict: wrong.length > 0 ? 'fail' : 'pass', reasons: wrong };
}

const errorName = ({ kind, lengthMs: forMs }: RulerError): string =>
  forMs === undefined ? `${kind} of any length` : `${kind} of ${forMs} ms`;
