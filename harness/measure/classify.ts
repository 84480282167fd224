// Frames, reports and events of one viewer -> spans that cover the session exactly.
//
// A picture is on the screen until the next one is presented. What is presented is a fact; only
// for times in which nothing was presented does the page's own health matter (silence.ts).
//
//   programme   a presented frame of the right channel whose counter moved on
//   frozen      the same counter again, or nothing new while the player says it can play;
//               from when the next new frame was due, if it is late by more than HICCUP_MS
//   stalled     nothing new while the player has nothing to play
//   black       no readable clock and mean luma below BLACK_LUMA
//   slate       the slate mark; also another channel's clock: a picture, but not the programme
//   starting    from join or reload to the first picture of that load, whatever it shows
//   dead        nothing new between a fatal error and startLoad, reload or leave; what was still
//               buffered at the fatal error and is presented counts as what it shows
//   unmeasured  bright and unreadable for longer than ISOLATED_MS, or nobody could know

import type { ScreenClass, Span } from '../model/report.ts';
import { lookOf, type Look } from './look.ts';
import { sessionOf, type Session, type Stretch } from './session.ts';
import { explainSilence, witnessOf, type Witness } from './silence.ts';
import { appendSpan, clip, firstWhere, overlay, wholeMs, type Interval } from './spans.ts';
import { HICCUP_MS, ISOLATED_MS, RECORD_GAP_MS, RELOAD_SETTLE_FRAMES } from './thresholds.ts';
import type { Frames, Track } from './tracks.ts';

export interface ClassifyOptions {
  /** Time of one frame. */
  readonly frameMs: number;
  /** End of the record: where the session of a viewer who never left ends. */
  readonly endMs: number;
}

/** What was on one viewer's screen, end to end from join to leave. */
export interface Screen {
  readonly joinMs: number;
  readonly leaveMs: number;
  readonly spans: readonly Span[];
  /** When the first picture was presented; undefined when none ever was. */
  readonly firstPictureMs: number | undefined;
}

/** Undefined for a viewer who never joined. Spans are half-open, whole milliseconds, without gap or overlap. */
export function classify(track: Track, options: ClassifyOptions): Screen | undefined {
  const session = sessionOf(track.events, options.endMs);
  if (!session) return undefined;
  const context = { track, frameMs: options.frameMs, witness: witnessOf(track, session) };
  const spans: Span[] = [];
  for (const stretch of session.stretches) {
    for (const span of spansOfStretch(stretch, context)) appendSpan(spans, span);
  }
  const pageLost = pageLostOf(session, track.frames);
  const screen = wholeMs(overlay<ScreenClass>(spans, pageLost, { as: 'unmeasured' }));
  return {
    joinMs: Math.round(session.fromMs),
    leaveMs: Math.round(session.toMs),
    spans: screen,
    firstPictureMs: screen.find((span) => PICTURES.has(span.class))?.fromMs,
  };
}

const PICTURES: ReadonlySet<ScreenClass> = new Set(['programme', 'black', 'slate']);

/** A page that came back shows nothing yet: that is the harness's doing until its first picture. */
function pageLostOf({ pageLost, toMs: endMs }: Session, { atMs, count }: Frames): Interval[] {
  return pageLost.map(({ fromMs, toMs }) => {
    const next = firstWhere(count, (i) => atMs[i]! >= toMs);
    return { fromMs, toMs: next < count ? Math.min(atMs[next]!, endMs) : endMs };
  });
}

interface Context {
  readonly track: Track;
  readonly frameMs: number;
  readonly witness: Witness;
}

function spansOfStretch(stretch: Stretch, context: Context): Span[] {
  const { fromMs, toMs } = stretch;
  if (stretch.kind === 'away') return [{ class: 'left', fromMs, toMs }];
  const { first, last } = framesOf(stretch, context);
  const heardMs = lastHeardMs(stretch, last, context.track);
  const spans = [...spansOfLoad({ stretch, first, last, heardMs }, context)];
  // What the last report showed is believed until the end, if that is near enough.
  const tail = toMs - heardMs <= RECORD_GAP_MS ? spans.at(-1)?.class : undefined;
  appendSpan(spans, { class: tail ?? 'unmeasured', fromMs: heardMs, toMs });
  return spans;
}

interface Range {
  readonly first: number;
  /** The index behind the last frame. */
  readonly last: number;
}

function framesOf({ fromMs, toMs, reload }: Stretch, { track, frameMs }: Context): Range {
  const { atMs, count } = track.frames;
  const settledMs = reload ? fromMs + RELOAD_SETTLE_FRAMES * frameMs : fromMs;
  return {
    first: firstWhere(count, (i) => atMs[i]! >= settledMs),
    last: firstWhere(count, (i) => atMs[i]! >= toMs),
  };
}

function lastHeardMs({ fromMs, toMs }: Stretch, last: number, { frames, reports }: Track): number {
  const report = reports[firstWhere(reports.length, (i) => reports[i]!.atMs > toMs) - 1];
  return Math.max(fromMs, Math.min(toMs, Math.max(report?.atMs ?? 0, frames.atMs[last - 1] ?? 0)));
}

interface Load extends Range {
  readonly stretch: Stretch;
  readonly heardMs: number;
}

/** Covers the load from its start to when the page was last heard. */
function spansOfLoad({ stretch, first, last, heardMs }: Load, context: Context): Span[] {
  const { witness, frameMs, track } = context;
  const { atMs } = track.frames;
  const spans: Span[] = [];
  const firstMs = first < last ? atMs[first]! : heardMs;
  const start = { after: 'starting', fromMs: stretch.fromMs, toMs: firstMs } as const;
  for (const span of explainSilence(start, witness)) appendSpan(spans, span);
  let standing: Standing | undefined;
  for (const picture of picturesOf(track.frames, { first, last }, heardMs)) {
    if (standing && !picture.fresh) {
      standing.presentedMs.push(picture.atMs);
      continue;
    }
    if (standing) closePicture(spans, standing, { untilMs: picture.atMs, frameMs, witness });
    standing = { look: picture.look, presentedMs: [picture.atMs] };
  }
  if (standing) closePicture(spans, standing, { untilMs: heardMs, frameMs, witness });
  return spans;
}

/** A picture and every time it was presented again, unchanged. */
interface Standing {
  readonly look: Look;
  readonly presentedMs: number[];
}

interface Picture {
  readonly atMs: number;
  readonly look: Look;
  /** New to the screen: another look than before, or a counter that moved on. */
  readonly fresh: boolean;
}

/** Presented frames in order, without short runs of unreadable ones. */
function* picturesOf(frames: Frames, { first, last }: Range, heardMs: number): Generator<Picture> {
  let before: { look: Look; counter: number } | undefined;
  for (let i = first; i < last; i++) {
    const look = lookAt(frames, i);
    if (look === 'unmeasured' && before?.look !== 'unmeasured') {
      const next = firstReadable(frames, i, last);
      const untilMs = next < last ? frames.atMs[next]! : heardMs;
      if (before && untilMs - frames.atMs[i]! <= ISOLATED_MS) {
        i = next - 1;
        continue;
      }
    }
    const counter = frames.counter[i]!;
    const same = look === 'programme' && before?.look === look && before.counter === counter;
    yield { atMs: frames.atMs[i]!, look, fresh: !same };
    before = { look, counter };
  }
}

function firstReadable(frames: Frames, from: number, last: number): number {
  let i = from;
  while (i < last && lookAt(frames, i) === 'unmeasured') i += 1;
  return i;
}

const lookAt = ({ mark, luma }: Frames, i: number): Look => lookOf(mark[i]!, luma[i]!);

interface Closing {
  readonly untilMs: number;
  readonly frameMs: number;
  readonly witness: Witness;
}

/** Writes what one picture was from its first presentation to its successor's. */
function closePicture(
  spans: Span[],
  picture: Standing,
  { untilMs, frameMs, witness }: Closing,
): void {
  const { look, presentedMs } = picture;
  const fromMs = presentedMs[0]!;
  const dueMs = fromMs + frameMs;
  if (untilMs - dueMs <= HICCUP_MS) {
    appendSpan(spans, { class: look, fromMs, toMs: untilMs });
    return;
  }
  appendSpan(spans, { class: look, fromMs, toMs: dueMs });
  const still = look === 'programme' ? 'frozen' : look;
  for (const [i, atMs] of presentedMs.entries()) {
    const nextMs = presentedMs[i + 1] ?? untilMs;
    const silentMs = nextMs - (atMs + frameMs) > HICCUP_MS ? atMs + frameMs : nextMs;
    const shown = clip({ fromMs: atMs, toMs: silentMs }, { fromMs: dueMs, toMs: untilMs });
    appendSpan(spans, { class: still, ...shown });
    const silence = { after: look, fromMs: silentMs, toMs: nextMs };
    if (silentMs < nextMs)
      for (const span of explainSilence(silence, witness)) appendSpan(spans, span);
  }
}
