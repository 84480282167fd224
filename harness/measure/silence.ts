// Explains why no picture was presented, for a stretch of time without any presented frame: nobody
// could know, the player was dead, it was loading its first picture, it was starved, or the picture
// stood still although the player could play.

import type { ScreenClass, Span } from '../model/report.ts';
import type { Session } from './session.ts';
import { appendSpan, joined, lengthMs, touching, type Interval } from './spans.ts';
import { HICCUP_MS, LATE_MS_MAX, PLAYER_STATE_MS, RECORD_GAP_MS } from './thresholds.ts';
import type { ViewerTrack } from './tracks.ts';

/** The page's record of itself and of its player, over the session. */
export interface Witness {
  /** Times in which the page may have missed a frame. */
  readonly blind: readonly Blind[];
  readonly dead: readonly Interval[];
  /** The player had nothing to play. */
  readonly starved: readonly Interval[];
}

interface Blind extends Interval {
  /** Nothing was heard at all; else the page was late but spoke before and after. */
  readonly gap: boolean;
}

export const makeWitness = (track: ViewerTrack, session: Session): Witness => ({
  blind: findBlindness(track, session),
  dead: session.dead,
  starved: findStarvation(track, session),
});

/** Finds the time between two signs of life when the page was late or they lie too far apart. */
function findBlindness({ reports }: ViewerTrack, { stretches }: Session): Blind[] {
  const joins = stretches.filter(({ kind, reload }) => kind === 'load' && !reload);
  const begun = joins.map(({ fromMs }) => ({ atMs: fromMs, lateMs: 0, joins: true }));
  const blind: Blind[] = [];
  let fromMs = Infinity;
  const late = listSigns(reports, (i) => ({ lateMs: reports.lateMs[i]!, joins: false }));
  for (const { atMs, lateMs, joins: begins } of inTime(begun, late)) {
    const gap = atMs - fromMs > RECORD_GAP_MS;
    if (!begins && (gap || lateMs > LATE_MS_MAX)) blind.push({ fromMs, toMs: atMs, gap });
    fromMs = atMs;
  }
  return blind.filter((interval) => interval.toMs > interval.fromMs);
}

/** Finds starved times by the player's events, which are exact, and its reported state. */
function findStarvation({ events, reports }: ViewerTrack, session: Session): Interval[] {
  const changes = events
    .filter(({ event }) => event === 'waiting' || event === 'playing')
    .map(({ event, atMs }) => ({ atMs, starved: event === 'waiting' }));
  const states = listSigns(reports, (i) => ({ starved: reports.canPlay[i] === 0 }));
  const starved: Interval[] = [];
  let fromMs: number | undefined;
  for (const change of inTime(changes, states)) {
    if (change.starved) fromMs ??= change.atMs;
    else if (fromMs !== undefined) {
      starved.push({ fromMs, toMs: change.atMs });
      fromMs = undefined;
    }
  }
  if (fromMs !== undefined) starved.push({ fromMs, toMs: Math.max(session.toMs, fromMs) });
  return starved;
}

interface At {
  readonly atMs: number;
}

/** Reports one by one: a night has a hundred thousand. */
function* listSigns<S>(
  { atMs }: ViewerTrack['reports'],
  sign: (i: number) => S,
): Generator<S & At> {
  for (const [i, at] of atMs.entries()) yield { ...sign(i), atMs: at };
}

/** Both in one order of time; of the same moment those of the list first. */
function* inTime<S extends At>(list: readonly S[], others: Iterable<S>): Generator<S> {
  let next = 0;
  for (const other of others) {
    while (next < list.length && list[next]!.atMs <= other.atMs) yield list[next++]!;
    yield other;
  }
  yield* list.slice(next);
}

export interface Silence extends Interval {
  /** `starting` before the first picture of a load, else what the last picture was. */
  readonly after: 'starting' | ScreenClass;
}

/** Cuts a silence into spans that cover it exactly. */
export function explainSilence(silence: Silence, witness: Witness): Span[] {
  const blind = touching(witness.blind, silence).filter((b) => b.gap || !isInside(b, silence));
  const dead = touching(witness.dead, silence);
  const starved = silence.after === 'starting' ? [] : touching(witness.starved, silence);
  const spans: Span[] = [];
  const edges = [...blind, ...dead, ...starved].flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  let fromMs = silence.fromMs;
  for (const toMs of [...edges, silence.toMs].toSorted((a, b) => a - b)) {
    if (toMs <= fromMs || toMs > silence.toMs) continue;
    const middle = (fromMs + toMs) / 2;
    const within = (intervals: readonly Interval[]) =>
      intervals.some((i) => i.fromMs <= middle && middle < i.toMs);
    const reason = within(blind)
      ? 'unmeasured'
      : within(dead)
        ? 'dead'
        : within(starved)
          ? 'stalled'
          : standing(silence.after);
    appendSpan(spans, { class: reason, fromMs, toMs });
    fromMs = toMs;
  }
  return withoutSlivers(withOneState(spans));
}

/**
 * A late page that saw the same silence before and after missed nothing; one that was late when
 * the silence began or ended does not know when that was.
 */
const isInside = (blind: Interval, silence: Interval): boolean =>
  blind.fromMs - silence.fromMs > HICCUP_MS && silence.toMs - blind.toMs > HICCUP_MS;

/** A standing picture of the programme is a freeze; standing black is black, a standing slate a slate. */
const standing = (after: Silence['after']): ScreenClass =>
  after === 'programme' ? 'frozen' : after;

/** The player's state is sampled: a short piece of one state joins a longer piece of another. */
function withOneState(spans: readonly Span[]): Span[] {
  return joined(
    spans.map((span, i) => {
      if (!STATES.has(span.class) || lengthMs(span) >= PLAYER_STATE_MS) return span;
      const longer = [spans[i - 1], spans[i + 1]]
        .filter((other) => other !== undefined)
        .filter((other) => STATES.has(other.class) && lengthMs(other) > lengthMs(span))
        .toSorted((a, b) => lengthMs(b) - lengthMs(a));
      return longer[0] ? { ...span, class: longer[0].class } : span;
    }),
  );
}

const STATES: ReadonlySet<ScreenClass> = new Set(['frozen', 'black', 'slate', 'stalled']);

/** Makes the rest of a silence beside an unmeasured moment unmeasured, if too short to be told. */
function withoutSlivers(spans: readonly Span[]): Span[] {
  const isBlind = (span: Span | undefined) => span?.class === 'unmeasured';
  return joined(
    spans.map((span, i) =>
      lengthMs(span) <= HICCUP_MS && (isBlind(spans[i - 1]) || isBlind(spans[i + 1]))
        ? { ...span, class: 'unmeasured' as const }
        : span,
    ),
  );
}
