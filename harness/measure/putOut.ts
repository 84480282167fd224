// Finds out what was in media that a light viewer played. It sees no picture; but its playlist says
// when the media was put out, and the transcoder reported what it put out then.
//
//   transcoder  p p p p|p p s s|s s s s|s p p p|      four reports a second
//   it put out  programme   ?     slate     ?         a mixed quarter of a second is unknown

import { nameInstance } from '../design/flows.ts';
import { telling } from '../design/roles.ts';
import type { ShownRecord } from '../model/history.ts';
import type { Recorded } from './recorded.ts';
import { clip, touching, type Interval } from './spans.ts';
import type { StageReport } from './stageReports.ts';

/** Pictures of one kind that a transcoder put out; neighbours touch. */
export interface PutOut extends Interval {
  readonly look: ShownRecord['look'];
  /** The frame clock at its beginning; of the programme only. */
  readonly counter?: number;
}

/** Frames of a report that may be missing or repeated: a busy machine does that (HICCUP_MS). */
const FRAMES_OFF = 3;
/**
 * The newest frame clock in a segment, by its name, and the one that was put out last in it, by the
 * transcoder's reports, are no further apart than this; else the dates are not true.
 */
const TRUE_WITHIN_MS = 1_500;

/** Lists what every transcoder of a channel put out; where two differ nobody knows which was played. */
export function putOutOn(channel: string, { run, reports }: Pick<Recorded, 'run' | 'reports'>) {
  const { design } = run.plan.scenario;
  const channelNumber = design.channels.indexOf(channel) + 1;
  const [first = [], ...others] = telling('fill', design.stages).map((stage) =>
    putOutBy(reports.get(nameInstance(stage, { name: channel })) ?? [], {
      channelNumber,
      fps: design.media.fps,
    }),
  );
  return others.reduce((all, other) => agreed(all, other, design.media.fps), first);
}

interface Reading {
  readonly channelNumber: number;
  readonly fps: number;
}

/** From one report to the next. */
export function putOutBy(stats: Iterable<StageReport>, reading: Reading): PutOut[] {
  const found: PutOut[] = [];
  let before: StageReport | undefined;
  for (const report of stats) {
    if (before) append(found, between(before, report, reading), reading.fps);
    before = report;
  }
  return found;
}

function between(from: StageReport, to: StageReport, { channelNumber }: Reading): PutOut {
  const grown = (name: 'framesOut' | 'framesFilled' | 'programmeCounter') =>
    (to[name] ?? 0) - (from[name] ?? 0);
  const [out, filled, moved] = [
    grown('framesOut'),
    grown('framesFilled'),
    grown('programmeCounter'),
  ];
  const span = { fromMs: from.atMs, toMs: to.atMs };
  const isOwn = [from, to].every(({ channelIn = channelNumber }) => channelIn === channelNumber);
  const { programmeCounter: counter } = from;
  if (out <= 0 || filled < 0 || !isOwn) return { ...span, look: 'unmeasured' };
  if (filled <= FRAMES_OFF && counter !== undefined && moved >= out - filled - FRAMES_OFF)
    return { ...span, look: 'programme', counter };
  if (filled < out - FRAMES_OFF) return { ...span, look: 'unmeasured' };
  return { ...span, look: FILL_LOOKS[to.fill ?? 'none'] };
}

const FILL_LOOKS = {
  none: 'unmeasured',
  paused: 'unmeasured',
  repeat: 'frozen',
  black: 'black',
  slate: 'slate',
} as const satisfies Record<string, ShownRecord['look']>;

/** Joins what goes on in the same way. */
function append(found: PutOut[], next: PutOut, fps: number): void {
  const last = found.at(-1);
  const goesOn =
    last?.look === next.look &&
    last.toMs === next.fromMs &&
    (next.counter === undefined ||
      Math.abs(counterAt(last, next.fromMs, fps)! - next.counter) <= FRAMES_OFF);
  if (goesOn) found[found.length - 1] = { ...last, toMs: next.toMs };
  else found.push(next);
}

const counterAt = ({ counter, fromMs }: PutOut, atMs: number, fps: number): number | undefined =>
  counter === undefined ? undefined : counter + Math.round(((atMs - fromMs) * fps) / 1000);

function agreed(one: readonly PutOut[], two: readonly PutOut[], fps: number): PutOut[] {
  return one.flatMap((a) =>
    touching(two, a).map((b): PutOut => {
      const both = clip(b, a);
      if (a.look !== b.look) return { ...both, look: 'unmeasured' };
      const counter = counterAt(a, both.fromMs, fps);
      return { ...both, look: a.look, counter };
    }),
  );
}

/**
 * Spans of media become spans of what was in it. `unmeasured` where no transcoder reported, and
 * where the name of the segment says that its dates are not true.
 */
export function asPutOut(
  shown: readonly ShownRecord[],
  put: readonly PutOut[],
  fps: number,
): readonly ShownRecord[] {
  return shown.flatMap((record) => {
    if (record.look !== 'programme') return [record];
    const { media } = record;
    if (!media || !isTrue(media, put, fps)) return [{ ...record, look: 'unmeasured' as const }];
    return divideSpan(record, put, fps);
  });
}

type Media = NonNullable<ShownRecord['media']>;

function isTrue({ endMs, newest }: Media, put: readonly PutOut[], fps: number): boolean {
  const last = put.findLast(({ fromMs }) => fromMs < endMs);
  if (!last || last.toMs < endMs) return false;
  if (last.look !== 'programme') return true;
  const due = counterAt(last, endMs, fps)!;
  return newest !== undefined && Math.abs(newest - due) <= (TRUE_WITHIN_MS * fps) / 1000;
}

function divideSpan(record: ShownRecord, put: readonly PutOut[], fps: number): ShownRecord[] {
  const { media } = record;
  const laterMs = record.fromMs - media!.atMs;
  const played = { fromMs: media!.atMs, toMs: media!.atMs + record.toMs - record.fromMs };
  return touching(put, played).map((piece): ShownRecord => {
    const { fromMs, toMs } = clip(piece, played);
    const counter = counterAt(piece, fromMs, fps);
    return {
      ...record,
      look: piece.look,
      fromMs: fromMs + laterMs,
      toMs: toMs + laterMs,
      ...(counter !== undefined && { counter }),
    };
  });
}
