// Nothing gets lost between a transcoder and a screen without a trace. What a transcoder put out
// instead of the programme is on the screen of every viewer who played over it, or the viewer
// skipped it; and programme that every stage had is on the screen of a viewer who plays.
//
//   transcoder   p p p p b b b b p p p p p
//   screen               p p p p b b b b p p p p     it lost what was missing
//                        p p p p s s p p p p p       it stalled and skipped the rest: 2 + 2
//                        p p p p p p p p p p p       neither: something measured wrongly

import { nameInstance } from '../design/flows.ts';
import { telling } from '../design/roles.ts';
import { madeAtMs, type FrameTimes } from '../model/hold.ts';
import type { Finding, ScreenClass, Span, ViewerResult } from '../model/report.ts';
import { durationText } from './durationText.ts';
import type { Playback } from './playback.ts';
import type { Recorded } from './recorded.ts';
import { clip, firstWhere, lengthMs, type Interval } from './spans.ts';
import type { StageReport } from './stageReports.ts';
import { GLITCH_MS, RECORD_GAP_MS, STAGE_LOST_MS } from './thresholds.ts';
import type { SeenViewer } from './viewers.ts';

/**
 * A screen may show this much less than a transcoder counted, which counts by the frame: a picture
 * that stands for HICCUP_MS (120 ms) is not called frozen, and both ends of a loss are known to a
 * frame (2 x 40 ms).
 */
const LESS_SHOWN_MS = GLITCH_MS;

/** A shorter loss could be one of a stage: those that report four times a second do not see it. */
const NEVER_SHOWN_MS = STAGE_LOST_MS;

/** Stages report four times a second; both ends of a filler lie within a report. */
const REPORT_MS_MAX = 300;

/** A picture waits this long in a transcoder at most: its jitter buffer holds 480 ms. */
const WAITS_MS = 500;

type Chain = Pick<Recorded, 'run' | 'reports'>;

/** A viewer, and the ways it went over what its chain put out without the programme. */
export interface Watched {
  readonly viewer: SeenViewer;
  readonly played: readonly Played[];
}

export const conservationFindings = (watched: readonly Watched[], chain: Chain): Finding[] => [
  ...notOnScreen(watched),
  ...neverShown(watched, chain),
];

/** Finds the ways of one viewer. */
export const playedBy = (
  viewer: SeenViewer,
  playback: Playback,
  emitted: readonly Emitted[],
): Played[] => emitted.flatMap((one) => playedOver(one, viewer, playback) ?? []);

/** Time in which a transcoder put out pictures without the programme; from report to report. */
export interface Emitted extends Interval {
  readonly stage: string;
  readonly missingMs: number;
  /** Programme made by then had been put out before it … */
  readonly madeBeforeMs: number;
  /** … and programme made later than this came after it. */
  readonly madeAfterMs: number;
}

/**
 * The times in which every transcoder of a channel put out pictures without the programme: which of
 * several a viewer was shown is not recorded.
 */
export function emittedOn(channel: string, { run, reports }: Chain): Emitted[] {
  const { design } = run.plan.scenario;
  const [first = [], ...others] = telling('fill', design.stages).map((filler) => {
    const stage = nameInstance(filler, { name: channel });
    return emittedBy(reports.get(stage) ?? [], {
      stage,
      channelNumber: design.channels.indexOf(channel) + 1,
      startedAtEpochMs: run.startedAtEpochMs,
      fps: design.media.fps,
    });
  });
  return others
    .reduce((all, other) => all.flatMap((one) => other.map((two) => byBoth(one, two))), first)
    .filter(({ missingMs }) => missingMs > LESS_SHOWN_MS);
}

/** Two transcoders without the programme at once: at least for so long, as far as reports tell. */
function byBoth(one: Emitted, two: Emitted): Emitted {
  const both = clip(one, two);
  return {
    ...both,
    stage: `${one.stage} and ${two.stage}`,
    missingMs: Math.min(one.missingMs, two.missingMs, lengthMs(both) - 2 * REPORT_MS_MAX),
    madeBeforeMs: Math.min(one.madeBeforeMs, two.madeBeforeMs),
    madeAfterMs: Math.max(one.madeAfterMs, two.madeAfterMs),
  };
}

export interface TranscoderTimes extends FrameTimes {
  readonly stage: string;
  readonly channelNumber: number;
}

/**
 * Reports in a row that miss the programme from end to end, and those at both ends of them. A few
 * frames here and there, as a busy machine or a starved transcoder repeats, are no such time: where
 * every report has programme, it may lie between repeats too short to be seen.
 */
export function emittedBy(stats: Iterable<StageReport>, times: TranscoderTimes): Emitted[] {
  const groups: Piece[][] = [];
  let open: Piece[] | undefined;
  let before: StageReport | undefined;
  for (const to of stats) {
    const from = before;
    before = to;
    const missing = from && missingFrames(from, to, times.channelNumber);
    if (!missing || missing.frames === 0) {
      open = undefined;
      continue;
    }
    const piece = { from, to, ...missing };
    if (!open) groups.push((open = []));
    open.push(piece);
    if (open.length > 1 && !isFull(piece, times)) open = undefined;
  }
  return groups
    .filter((pieces) => pieces.some(({ isAll }) => isAll))
    .map((pieces) => emittedIn(pieces, times));
}

/** Two reports in a row, and the frames between them that were not the programme. */
interface Piece {
  readonly from: StageReport;
  readonly to: StageReport;
  readonly frames: number;
  /** No programme was put out between the two. */
  readonly isAll: boolean;
}

/**
 * Filler is counted by the transcoder. Pictures without a clock of their own, or with another
 * channel's, are those that came in while the newest counter stood still; where there are several
 * inputs they count together, and nothing is said. None over a restart, where counters begin anew.
 */
function missingFrames(
  from: StageReport,
  to: StageReport,
  channelNumber: number,
): Pick<Piece, 'frames' | 'isAll'> | undefined {
  const grown = (name: 'framesFilled' | 'framesIn' | 'framesOut' | 'framesDropped') =>
    (to[name] ?? 0) - (from[name] ?? 0);
  if (grown('framesOut') <= 0 || from.programmeCounter === undefined) return undefined;
  const stood = from.programmeCounter === to.programmeCounter;
  const strange = [from, to].every(({ channelIn = channelNumber }) => channelIn !== channelNumber);
  const unmarked = (stood || strange) && !to.severalInputs ? grown('framesIn') : 0;
  const filled = grown('framesFilled');
  return {
    frames: Math.max(0, Math.max(filled, unmarked) - grown('framesDropped')),
    isAll: stood || strange || filled >= grown('framesOut'),
  };
}

/** A frame or two may fall on the other side of a report. */
const isFull = ({ from, to, frames }: Piece, { fps }: FrameTimes): boolean =>
  frames >= ((to.atMs - from.atMs) * fps) / 1000 - 2;

function emittedIn(pieces: readonly Piece[], { stage, ...times }: TranscoderTimes): Emitted {
  const [{ from }, { to }] = [pieces[0]!, pieces.at(-1)!];
  const made = ({ programmeCounter, atMs }: StageReport) =>
    madeAtMs(programmeCounter!, atMs, times);
  const frames = pieces.reduce((sum, piece) => sum + piece.frames, 0);
  return {
    stage,
    fromMs: from.atMs,
    toMs: to.atMs,
    missingMs: (frames * 1000) / times.fps,
    // Half a frame: the newest one that was put out before must not count as one that came after.
    madeBeforeMs: made(from) - WAITS_MS,
    madeAfterMs: made(to) + 500 / times.fps,
  };
}

/** The way of a viewer from the programme before to the programme after. */
export interface Played extends Interval {
  readonly emitted: Emitted;
  readonly lostMs: number;
  readonly skippedMs: number;
}

/** Undefined for who did not play before it, and for who has not come to the programme after it. */
function playedOver(
  emitted: Emitted,
  { screen }: SeenViewer,
  { atMs, ageMs }: Playback,
): Played | undefined {
  const madeMs = (i: number) => atMs[i]! - ageMs[i]!;
  const next = atMs.findIndex((_, i) => madeMs(i) > emitted.madeAfterMs);
  const last = atMs.findLastIndex((_, i) => i < next && madeMs(i) <= emitted.madeBeforeMs);
  if (next === -1 || last === -1) return undefined;
  const over = { fromMs: atMs[last]!, toMs: atMs[next]! };
  const skippedMs = Math.max(0, madeMs(next) - madeMs(last) - lengthMs(over));
  return { ...over, emitted, lostMs: lostIn(screen.spans, over), skippedMs };
}

const lostIn = (spans: readonly Span[], over: Interval): number =>
  spans
    .filter((span) => span.class !== 'programme')
    .reduce((sum, span) => sum + Math.max(0, lengthMs(clip(span, over))), 0);

function notOnScreen(watched: readonly Watched[]): Finding[] {
  const gone = watched.flatMap(({ viewer, played }) =>
    played
      .map((one) => ({ ...one, id: viewer.result.id }))
      .filter((one) => one.lostMs + one.skippedMs < one.emitted.missingMs - LESS_SHOWN_MS),
  );
  const worst = gone.toSorted((a, b) => missedBy(b) - missedBy(a))[0];
  if (!worst) return [];
  const { emitted, id, lostMs, skippedMs } = worst;
  const who = [...new Set(gone.map((one) => one.id))].join(', ');
  return [
    {
      rule: 'filler-not-seen',
      verdict: 'inconclusive',
      text: `${emitted.stage} put out ${durationText(emitted.missingMs)} without the programme, and ${id}, who played over it, lost ${durationText(lostMs)} and skipped ${durationText(skippedMs)}; ${who} did not show what the chain put out`,
      atMs: Math.round(emitted.fromMs),
      hint: 'The figures of these screens cannot be trusted: keep the journal and report it.',
    },
  ];
}

const missedBy = ({ emitted, lostMs, skippedMs }: Played): number =>
  emitted.missingMs - lostMs - skippedMs;

/** Classes of a viewer who plays: the player neither waits nor loads nor has given up. */
const PLAYS: ReadonlySet<ScreenClass> = new Set(['black', 'slate', 'frozen']);

function neverShown(watched: readonly Watched[], chain: Chain): Finding[] {
  const said = saidOf(chain);
  const lost = watched.flatMap(({ viewer, played }) =>
    viewer.result.interruptions
      .filter(({ cause, lostFirstAt }) => cause === undefined && lostFirstAt === undefined)
      .filter((interruption) => !played.some((one) => meet(one, interruption)))
      .filter(({ fromMs }) => wasReported(viewer.result, fromMs, said))
      .map(({ fromMs, spans }) => ({ id: viewer.result.id, fromMs, ms: playingMs(spans) })),
  );
  const found = lost.filter(({ ms }) => ms >= NEVER_SHOWN_MS);
  if (found.length === 0) return [];
  const totalMs = found.reduce((sum, { ms }) => sum + ms, 0);
  const who = [...new Set(found.map(({ id }) => id))].join(', ');
  return [
    {
      rule: 'programme-not-shown',
      verdict: 'inconclusive',
      text: `${who} played and did not show the programme for ${durationText(totalMs)} (${found.length === 1 ? 'once' : `${found.length} times`}), although no stage lost it and no fault explains it`,
      atMs: Math.min(...found.map(({ fromMs }) => fromMs)),
      hint: 'The machine or the browser lost it: fewer viewers, or nothing else running.',
    },
  ];
}

/** When the transcoders of a channel said what they put out. */
function saidOf({ run, reports }: Chain): (channel: string) => Float64Array {
  const transcoders = telling('fill', run.plan.scenario.design.stages);
  const known = new Map<string, Float64Array>();
  const timesOf = (channel: string) => {
    const times: number[] = [];
    for (const stage of transcoders)
      for (const { atMs } of reports.get(nameInstance(stage, { name: channel })) ?? [])
        times.push(atMs);
    return times;
  };
  return (channel) => {
    const said = known.get(channel) ?? Float64Array.from(timesOf(channel)).sort();
    known.set(channel, said);
    return said;
  };
}

/** Tells whether a transcoder said what it put out when what was due on the screen was made. */
function wasReported(
  { channel, latencyMs = 0 }: ViewerResult,
  atMs: number,
  said: (channel: string) => Float64Array,
): boolean {
  const times = said(channel);
  const next = times[firstWhere(times.length, (i) => times[i]! > atMs - latencyMs - RECORD_GAP_MS)];
  return next !== undefined && next < atMs - latencyMs + RECORD_GAP_MS;
}

const playingMs = (spans: readonly Span[]): number =>
  spans.filter((span) => PLAYS.has(span.class)).reduce((sum, span) => sum + lengthMs(span), 0);

const meet = (a: Interval, b: Interval): boolean => a.fromMs < b.toMs && b.fromMs < a.toMs;
