// Spans -> interruptions: the longest runs without programme after the first picture.
//
//   p p b b f s s p p p    one interruption b b f s s
//   p p b b p b b p p p    one, when the programme between is a flash shorter than BRIDGE_MS
//   p p b b . . p p p p    unmeasured at its ends is not part of it, in its middle it is
//
// The black screen of a viewer is exactly the sum over its interruptions.

import type { FaultResult, Interruption, InterruptionPart, Span } from '../model/report.ts';
import { findCause, UNKNOWN_WAY, type Loss, type Way } from './cause.ts';
import type { Screen } from './classify.ts';
import { blackScreenMs, isBlackScreen, isOtherLoss } from './ledger.ts';
import type { Playback } from './playback.ts';
import { lengthMs, type Interval } from './spans.ts';
import { lostFirst, mediaAgainMs, type ChannelPath } from './stages.ts';
import { BRIDGE_MS, GLITCH_MS, STAGE_LOST_MS } from './thresholds.ts';

export interface Circumstances {
  /** The faults that concern the viewer's channel. */
  readonly faults: readonly FaultResult[];
  readonly path: ChannelPath;
  /** Glass-to-glass: what happens at the source is seen this much later. */
  readonly latencyMs: number;
  /** Age of the newest programme picture seen before a moment; `latencyMs` when not said. */
  readonly ageBeforeMs?: Playback['ageBeforeMs'];
  /** The places where faults act; anywhere behind the transcoder when not said. */
  readonly way?: Way;
}

type WatchedScreen = Pick<Screen, 'spans' | 'watching'>;

export function findInterruptions(
  screen: WatchedScreen,
  circumstances: Circumstances,
): Interruption[] {
  return bridged(findOutageRuns(screen)).map((run) =>
    describeInterruption(run, screen, circumstances),
  );
}

interface OutageRun extends Interval {
  readonly spans: readonly Span[];
  readonly recovered: boolean;
  /** The viewer left after it: nothing is bridged over an absence. */
  readonly left: boolean;
}

function findOutageRuns({ spans, watching }: Pick<Screen, 'spans' | 'watching'>): OutageRun[] {
  const runs: OutageRun[] = [];
  let first: number | undefined;
  let last = 0;
  const close = (by: 'programme' | 'left' | 'end') => {
    if (first === undefined) return;
    const own = spans.slice(first, last + 1);
    const [fromMs, toMs] = [own[0]!.fromMs, own.at(-1)!.toMs];
    runs.push({ fromMs, toMs, spans: own, recovered: by === 'programme', left: by === 'left' });
    first = undefined;
  };
  for (const [i, span] of spans.entries()) {
    if (span.class === 'programme' || span.class === 'left') close(span.class);
    else if (isOtherLoss(span) || isBlackScreen(span, watching)) {
      first ??= i;
      last = i;
    }
  }
  close('end');
  return runs;
}

const isGlitch = (interval: Interval): boolean => lengthMs(interval) < GLITCH_MS;

/** Two glitches stay two; a flash of programme beside a real loss does not end it. */
function bridged(runs: readonly OutageRun[]): OutageRun[] {
  const result: OutageRun[] = [];
  for (const run of runs) {
    const before = result.at(-1);
    const flashMs = before ? run.fromMs - before.toMs : Infinity;
    if (!before || before.left || flashMs >= BRIDGE_MS || (isGlitch(before) && isGlitch(run))) {
      result.push(run);
    } else {
      const flash = { class: 'programme', fromMs: before.toMs, toMs: run.fromMs } as const;
      const spans = [...before.spans, flash, ...run.spans];
      result[result.length - 1] = { ...run, fromMs: before.fromMs, spans };
    }
  }
  return result;
}

function describeInterruption(
  run: OutageRun,
  screen: WatchedScreen,
  circumstances: Circumstances,
): Interruption {
  const { faults, way = UNKNOWN_WAY } = circumstances;
  const fault = findCause(locateLoss(run, circumstances), faults, way);
  // A glitch is too short for stages that report four times a second.
  const lost = isGlitch(run)
    ? undefined
    : lostFirst(circumstances.path, searchedFor(run, fault, circumstances));
  const blackMs = blackScreenMs(run.spans, screen.watching);
  const besideMs = unmeasuredMs(screen.spans.filter((span) => touches(span, run)));
  return {
    fromMs: run.fromMs,
    toMs: run.toMs,
    blackScreenMs: blackMs,
    atMost: {
      lengthMs: lengthMs(run) + besideMs,
      blackScreenMs: blackMs + besideMs + unmeasuredMs(run.spans),
    },
    spans: run.spans,
    cause: fault?.name,
    lostFirstAt: lost,
    parts: fault
      ? splitIntoParts({ run, fault, lostMs: lost?.atMs, path: circumstances.path })
      : {},
    glitch: isGlitch(run),
    recovered: run.recovered,
  };
}

const unmeasuredMs = (spans: readonly Span[]): number =>
  spans.reduce((sum, span) => sum + (span.class === 'unmeasured' ? lengthMs(span) : 0), 0);

const touches = (span: Interval, run: Interval): boolean =>
  span.toMs === run.fromMs || span.fromMs === run.toMs;

/** The first missing picture is as old as the one before it was when it was shown. */
function locateLoss({ fromMs, spans }: OutageRun, { ageBeforeMs, latencyMs }: Circumstances): Loss {
  return {
    seenAtMs: fromMs,
    madeAtMs: fromMs - (ageBeforeMs?.(fromMs) ?? latencyMs),
    class: spans[0]!.class,
  };
}

/**
 * A stage loses the picture after the fault begins and before the viewer sees it; without a fault,
 * no longer before than the picture takes from the source to the screen.
 */
const searchedFor = (
  { fromMs }: OutageRun,
  fault: FaultResult | undefined,
  { latencyMs }: Circumstances,
): Interval => ({
  fromMs: fault ? fault.fromMs! - STAGE_LOST_MS : fromMs - latencyMs - 2 * STAGE_LOST_MS,
  toMs: fromMs,
});

interface Outage {
  readonly run: OutageRun;
  readonly fault: FaultResult;
  readonly lostMs: number | undefined;
  readonly path: ChannelPath;
}

/** The parts follow each other: from the fault to the moment the viewer sees the programme. */
function splitIntoParts({
  run,
  fault,
  lostMs,
  path,
}: Outage): Partial<Record<InterruptionPart, number>> {
  const parts: Partial<Record<InterruptionPart, number>> = {};
  const since = (from: number, to: number) => Math.max(0, to - from);
  if (lostMs !== undefined) parts.detectMs = since(fault.fromMs!, lostMs);
  const healedMs = fault.toMs;
  if (healedMs === undefined || (run.recovered && run.toMs < healedMs)) return parts;
  if (lostMs !== undefined) parts.outageMs = since(lostMs, healedMs);
  const againMs = mediaAgainMs(path, healedMs);
  if (againMs === undefined) return parts;
  const mediaMs = run.recovered ? Math.min(againMs, Math.max(run.toMs, healedMs)) : againMs;
  parts.refillMs = since(healedMs, mediaMs);
  if (run.recovered) parts.playerMs = since(mediaMs, run.toMs);
  return parts;
}
