// Filler and repeats that nobody asked for: neither a fault on the way to the transcoder nor a
// command. The machine was late, and what viewers lost by it says nothing of the scenario.

import { nameInstance } from '../design/flows.ts';
import { findRole, telling } from '../design/roles.ts';
import type { History } from '../model/history.ts';
import type { FaultResult, Finding, ScreenClass } from '../model/report.ts';
import type { Design, Stage } from '../model/scenario.ts';
import type { Screen } from './classify.ts';
import { withUnmeasured } from './control.ts';
import { durationText } from './durationText.ts';
import { concerning } from './faults.ts';
import { fillerPieces } from './fillers.ts';
import { findKnownLosses } from './knownLosses.ts';
import { findPlaces } from './place.ts';
import type { Playback } from './playback.ts';
import { clip, lengthMs, touching, union, type Interval } from './spans.ts';
import type { StageReports } from './stageReports.ts';
import { HICCUP_MS, STAGE_LOST_MS } from './thresholds.ts';

/** Filler of one transcoder of one channel, in the time of the run. */
export interface StrayFiller {
  readonly stage: string;
  readonly channel: string;
  readonly intervals: readonly Interval[];
}

export interface FillerSources {
  readonly history: History;
  readonly faults: readonly FaultResult[];
  readonly reports: StageReports;
}

/** Finds the stray fillers of every transcoder of the design, in its order. */
export function findStrayFillers({ history, faults, reports }: FillerSources): StrayFiller[] {
  const { design } = history.run.plan.scenario;
  const known = findKnownLosses(history);
  const frameMs = 1000 / design.media.fps;
  return telling('fill', design.stages).flatMap((transcoder) =>
    design.channels.flatMap((channel): StrayFiller[] => {
      const stage = nameInstance(transcoder, { name: channel });
      const losses = known.filter((loss) => loss.channel === channel);
      const pieces = fillerPieces({ stats: reports.get(stage) ?? [], losses, frameMs });
      const asked = askedFillers(concerning(faults, channel), transcoder, design);
      const intervals = union(strayPieces(pieces, asked));
      return intervals.length === 0 ? [] : [{ stage, channel, intervals }];
    }),
  );
}

/** Every time in which a transcoder of a channel put out filler, asked for or not. */
export const channelFillers = (
  channel: string,
  design: Design,
  reports: StageReports,
): Interval[] =>
  union(
    telling('fill', design.stages).flatMap((stage) => {
      const stats = reports.get(nameInstance(stage, { name: channel })) ?? [];
      return fillerPieces({ stats, losses: [], frameMs: 1 });
    }),
  );

/** A sender whose connection ended, or whose encoder is another one again, is back within this time. */
const BACK_WITHIN_MS = 3000;

/**
 * When filler that begins is asked for: while a fault on the way to this transcoder, or on itself, is
 * in force, and until its input can be back, or shown again, after the heal.
 */
function askedFillers(
  faults: readonly FaultResult[],
  transcoder: Stage,
  design: Design,
): Interval[] {
  const inputs = design.links.filter(({ to }) => to === transcoder.name);
  const backMs =
    BACK_WITHIN_MS + (inputs.length > 1 ? (findRole(transcoder).clearMs?.(transcoder) ?? 0) : 0);
  return faults
    .filter((fault) => reaches(fault, transcoder, design))
    .flatMap(({ fromMs, toMs = Infinity }) =>
      fromMs === undefined ? [] : [{ fromMs: fromMs - HICCUP_MS, toMs: toMs + backMs }],
    );
}

/** Tells whether a fault can leave this transcoder without a picture to put out. */
function reaches(fault: FaultResult, { name }: Stage, design: Design): boolean {
  const targets = fault.links.map((target) => design.links.find((link) => link.name === target));
  return findPlaces(fault, design).some((place, i) => {
    switch (place) {
      case 'source':
      case 'feed':
        return (targets[i]?.to ?? name) === name;
      case 'transcoder':
        return fault.links[i] === name;
      case 'delivery':
        return false;
    }
  });
}

/** Filler that was asked for goes on until it ends, however long after the heal. */
function strayPieces(pieces: readonly Interval[], asked: readonly Interval[]): Interval[] {
  let goesOnFromMs = -Infinity;
  return pieces.filter((piece) => {
    const isAsked =
      piece.fromMs === goesOnFromMs ||
      asked.some(({ fromMs, toMs }) => piece.toMs > fromMs && piece.fromMs <= toMs);
    if (isAsked) goesOnFromMs = piece.toMs;
    return !isAsked;
  });
}

/** The programme is put out at most this long after it was made: the feed, and a full jitter buffer. */
const PUT_OUT_WITHIN_MS = 1000;

/** A screen without the filler that nobody asked for, and what that took from it. */
export interface Strayless {
  readonly screen: Screen;
  readonly lost: readonly Interval[];
}

/**
 * Makes filler unmeasured where this viewer would have been shown a stray one: seconds after it was
 * put out, as its frame clock says. A picture of the programme stays what it is.
 */
export function withoutStrays(
  screen: Screen,
  playback: Playback,
  fillers: readonly Interval[],
): Strayless {
  const shownAtMs = (madeAtMs: number) =>
    playback.shownAtMs(madeAtMs) ?? madeAtMs + (playback.ageBeforeMs(Infinity) ?? 0);
  const shown = union(
    fillers.map(({ fromMs, toMs }) => ({
      fromMs: Math.round(shownAtMs(fromMs - PUT_OUT_WITHIN_MS)),
      toMs: Math.round(shownAtMs(toMs) + STAGE_LOST_MS),
    })),
  );
  const lost = screen.spans
    .filter((span) => FILLER_CLASSES.has(span.class))
    .flatMap((span) => touching(shown, span).map((interval) => clip(interval, span)));
  return { screen: withUnmeasured(screen, shown, (was) => FILLER_CLASSES.has(was)), lost };
}

const FILLER_CLASSES: ReadonlySet<ScreenClass> = new Set(['black', 'frozen', 'slate']);

/** A loss of viewers of a channel to filler that nobody asked for. */
export interface StrayLoss extends Interval {
  readonly channel: string;
}

/** One for each transcoder whose filler was on a screen. */
export const strayFindings = (
  strays: readonly StrayFiller[],
  losses: readonly StrayLoss[],
): Finding[] =>
  strays.flatMap(({ stage, channel }): Finding[] => {
    const own = losses.filter((loss) => loss.channel === channel);
    if (own.length === 0) return [];
    const lostMs = own.reduce((sum, loss) => sum + lengthMs(loss), 0);
    return [
      {
        rule: 'stray-filler',
        verdict: 'pass',
        text: `${stage} put out filler that no fault asked for: ${durationText(lostMs)} of what viewers of ${channel} were shown is unmeasured`,
        atMs: Math.min(...own.map(({ fromMs }) => fromMs)),
        hint: 'The machine was too busy: fewer channels or viewers, or nothing else running.',
      },
    ];
  });
