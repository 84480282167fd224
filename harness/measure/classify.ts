// Frames, reports and events of one viewer -> spans that cover the session exactly.
//
// A picture is on the screen until the next one is presented. What is presented is a fact; only
// for times in which nothing was presented (silence.ts), or nothing that the page could see (gap.ts),
// does the page's own health matter.
//
//   programme   a presented frame of the right channel whose counter moved on
//   frozen      the same counter again, or nothing new while the player says it can play;
//               from when the next new frame was due, if it is late by more than HICCUP_MS
//   stalled     nothing new while the player has nothing to play
//   black       no readable clock and mean luma below BLACK_LUMA
//   slate       the slate mark; also another channel's clock: a picture, but not the programme
//   starting    from join or reload to the first picture of that load, whatever it shows; a first
//               picture that stands until playback begins is part of it
//   dead        nothing new between a fatal error and startLoad, reload or leave; what was still
//               buffered at the fatal error and is presented counts as what it shows
//   unmeasured  bright and unreadable for longer than ISOLATED_MS, or nobody could know

import type { ScreenClass, Span } from '../model/report.ts';
import { explainGap, type Presentation } from './gap.ts';
import type { Look } from './look.ts';
import { readPictures, type FrameRange, type Picture } from './pictures.ts';
import { readSession, type Session, type PlayerLife } from './session.ts';
import { explainSilence, makeWitness, type Witness } from './silence.ts';
import { appendSpan, clip, firstWhere, overlay, wholeMs, type Interval } from './spans.ts';
import { HICCUP_MS, RECORD_GAP_MS, RELOAD_SETTLE_FRAMES } from './thresholds.ts';
import type { ViewerTrack } from './tracks.ts';

export interface ClassifyOptions {
  /** Time of one frame. */
  readonly frameMs: number;
  /** End of the record: where the session of a viewer who never left ends. */
  readonly endMs: number;
}

/** The classes of one viewer's screen, end to end from join to leave. */
export interface Screen {
  readonly joinMs: number;
  readonly leaveMs: number;
  readonly spans: readonly Span[];
  /** When there was no page to look with. */
  readonly pageLost: readonly Interval[];
  /** For each time that the viewer came: from its first picture until it left. */
  readonly watching: readonly Interval[];
}

/** Undefined for a viewer who never joined. Spans are half-open, whole milliseconds, without gap or overlap. */
export function classify(track: ViewerTrack, options: ClassifyOptions): Screen | undefined {
  if (track.shown.length > 0) return screenShown(track, options.endMs);
  const session = readSession(track.events, options.endMs);
  if (!session) return undefined;
  const context = { track, frameMs: options.frameMs, witness: makeWitness(track, session) };
  const spans: Span[] = [];
  for (const stretch of session.stretches) {
    for (const span of spansOfStretch(stretch, context)) appendSpan(spans, span);
  }
  const pageLost = findPageLoss(session, track);
  const screen = wholeMs(overlay<ScreenClass>(spans, pageLost, { as: 'unmeasured' }));
  return {
    joinMs: Math.round(session.fromMs),
    leaveMs: Math.round(session.toMs),
    spans: screen,
    pageLost,
    watching: watchingIn(screen),
  };
}

/** The record says what was shown; what it does not say nobody knows. */
function screenShown({ shown, events }: ViewerTrack, endMs: number): Screen {
  const said = { fromMs: shown[0]!.fromMs, toMs: Math.max(...shown.map(({ toMs }) => toMs)) };
  const { stretches, fromMs, toMs } = readSession(events, endMs) ?? { stretches: [], ...said };
  const away = stretches.filter(({ kind }) => kind === 'away');
  const spans = wholeMs(
    overlay<ScreenClass>(seenIn(shown, { fromMs, toMs }), away, { as: 'left' }),
  );
  return {
    joinMs: Math.round(fromMs),
    leaveMs: Math.round(toMs),
    spans,
    pageLost: [],
    watching: watchingIn(spans),
  };
}

function seenIn(shown: ViewerTrack['shown'], session: Interval): Span[] {
  const spans: Span[] = [];
  let at = session.fromMs;
  for (const { look, ...said } of shown) {
    const { fromMs, toMs } = clip(said, { fromMs: at, toMs: session.toMs });
    appendSpan(spans, { class: 'unmeasured', fromMs: at, toMs: Math.min(fromMs, session.toMs) });
    appendSpan(spans, { class: look, fromMs, toMs });
    at = Math.max(at, toMs);
  }
  appendSpan(spans, { class: 'unmeasured', fromMs: at, toMs: session.toMs });
  return spans;
}

const PICTURES: ReadonlySet<ScreenClass> = new Set(['programme', 'black', 'slate']);

function watchingIn(spans: readonly Span[]): readonly Interval[] {
  const watching: Interval[] = [];
  let fromMs: number | undefined;
  for (const span of spans) {
    if (PICTURES.has(span.class)) fromMs ??= span.fromMs;
    if (span.class !== 'left' || fromMs === undefined) continue;
    watching.push({ fromMs, toMs: span.fromMs });
    fromMs = undefined;
  }
  return fromMs === undefined ? watching : [...watching, { fromMs, toMs: spans.at(-1)!.toMs }];
}

/**
 * Gives the time since the page was last heard of. One that came back shows nothing yet: that is
 * the harness's doing until its first picture.
 */
function findPageLoss(
  { pageLost, toMs: endMs }: Session,
  { frames, reports }: ViewerTrack,
): Interval[] {
  const { atMs, count } = frames;
  return pageLost.map(({ fromMs, toMs }) => {
    const heard = lastBefore(reports, fromMs);
    const next = firstWhere(count, (i) => atMs[i]! >= toMs);
    // Whole milliseconds, as spans are: what is left beside it would be nobody's.
    return {
      fromMs: Math.floor(heard ?? fromMs),
      toMs: Math.ceil(next < count ? Math.min(atMs[next]!, endMs) : endMs),
    };
  });
}

interface Context {
  readonly track: ViewerTrack;
  readonly frameMs: number;
  readonly witness: Witness;
}

function spansOfStretch(stretch: PlayerLife, context: Context): Span[] {
  const { fromMs, toMs } = stretch;
  if (stretch.kind === 'away') return [{ class: 'left', fromMs, toMs }];
  const { first, last } = selectFrames(stretch, context);
  const heardMs = lastHeardMs(stretch, last, context.track);
  const spans: Span[] = [];
  for (const { class: name, ...span } of spansOfLoad({ stretch, first, last, heardMs }, context))
    appendSpan(spans, { class: name, ...clip(span, { fromMs, toMs: heardMs }) });
  // The last report's class is believed until the end, if that is near enough.
  const tail = toMs - heardMs <= RECORD_GAP_MS ? spans.at(-1)?.class : undefined;
  appendSpan(spans, { class: tail ?? 'unmeasured', fromMs: heardMs, toMs });
  return spans;
}

/** A frame that comes at the end or later is one more of them, if it tells of unseen ones before it. */
function selectFrames(
  { fromMs, toMs, reload }: PlayerLife,
  { track, frameMs }: Context,
): FrameRange {
  const { atMs, count, unseen } = track.frames;
  const settledMs = reload ? fromMs + RELOAD_SETTLE_FRAMES * frameMs : fromMs;
  const first = firstWhere(count, (i) => atMs[i]! >= settledMs);
  const last = firstWhere(count, (i) => atMs[i]! >= toMs);
  return { first, last: first < last && unseen[last]! > 0 ? last + 1 : last };
}

function lastHeardMs({ fromMs, toMs }: PlayerLife, last: number, track: ViewerTrack): number {
  const heard = lastBefore(track.reports, toMs) ?? 0;
  return Math.max(fromMs, Math.min(toMs, Math.max(heard, track.frames.atMs[last - 1] ?? 0)));
}

/** When the page reported last, until this moment. */
const lastBefore = ({ atMs }: ViewerTrack['reports'], untilMs: number): number | undefined =>
  atMs[firstWhere(atMs.length, (i) => atMs[i]! > untilMs) - 1];

interface Load extends FrameRange {
  readonly stretch: PlayerLife;
  readonly heardMs: number;
}

/** Covers the load from its start to when the page was last heard, or longer. */
function spansOfLoad({ stretch, first, last, heardMs }: Load, context: Context): Span[] {
  const { witness, frameMs, track } = context;
  const spans: Span[] = [];
  const firstMs = first < last ? playsFromMs({ first, last }, stretch, track) : heardMs;
  const start = { after: 'starting', fromMs: stretch.fromMs, toMs: firstMs } as const;
  for (const span of explainSilence(start, witness)) appendSpan(spans, span);
  let standing: Standing | undefined;
  for (const presented of readPictures(track.frames, { first, last }, heardMs)) {
    const picture = { ...presented, atMs: Math.max(firstMs, presented.atMs) };
    if (standing && !picture.fresh) {
      standing.presented.push(picture);
      continue;
    }
    if (standing) closePicture(spans, standing, { next: picture, frameMs, witness });
    standing = picture.look && { look: picture.look, presented: [picture] };
  }
  return spans;
}

/** The first picture is presented as soon as it is decoded; playback begins a moment later. */
function playsFromMs(
  { first, last }: FrameRange,
  { toMs }: PlayerLife,
  track: ViewerTrack,
): number {
  const { atMs, counter, mark } = track.frames;
  const firstMs = atMs[first]!;
  const change = track.events.find((it) => it.atMs >= firstMs && STARTS_OR_STOPS.has(it.event));
  if (change?.event !== 'playing' || change.atMs >= toMs) return firstMs;
  let moved = first + 1;
  while (moved < last && counter[moved] === counter[first] && mark[moved] === mark[first]) moved++;
  return Math.min(change.atMs, moved < last ? atMs[moved]! : Infinity);
}

const STARTS_OR_STOPS: ReadonlySet<string> = new Set(['playing', 'waiting']);

/** A picture and every time it was presented again, unchanged. */
interface Standing {
  readonly look: Look;
  readonly presented: Presentation[];
}

interface Closing {
  /** The presentation that came after it. */
  readonly next: Omit<Picture, 'fresh'>;
  readonly frameMs: number;
  readonly witness: Witness;
}

/** Writes what one picture was from its first presentation to its successor's. */
function closePicture(spans: Span[], picture: Standing, closing: Closing): void {
  const { look, presented } = picture;
  const { next, frameMs, witness } = closing;
  const fromMs = presented[0]!.atMs;
  const dueMs = fromMs + frameMs;
  if (next.atMs - dueMs <= HICCUP_MS) {
    appendSpan(spans, { class: look, fromMs, toMs: next.atMs });
    return;
  }
  appendSpan(spans, { class: look, fromMs, toMs: dueMs });
  const still: ScreenClass = look === 'programme' ? 'frozen' : look;
  for (const [i, before] of presented.entries()) {
    const again = presented[i + 1];
    const after = again ?? next;
    const silentMs =
      after.atMs - (before.atMs + frameMs) > HICCUP_MS ? before.atMs + frameMs : after.atMs;
    const shown = clip({ fromMs: before.atMs, toMs: silentMs }, { fromMs: dueMs, toMs: next.atMs });
    appendSpan(spans, { class: still, ...shown });
    if (silentMs >= after.atMs) continue;
    const ends = { shows: i === 0 && !again ? look : still, thenShows: again ? still : next.look };
    const gap = { before, fromMs: silentMs, next: after, after: look, ...ends, frameMs };
    for (const span of explainGap(gap, witness)) appendSpan(spans, span);
  }
}
