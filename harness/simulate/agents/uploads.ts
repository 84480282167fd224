// Uploads of a transcoder in closed form: one request to the origin, over a way whose condition changes in
// steps.

import type { MediaSettings, UploadSettings } from '../../model/scenario.ts';
import { TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import type { Conditions, Wrong } from './forces.ts';
import { changeAfter, valueAt, type Steps } from './steps.ts';

export interface UploadWay {
  readonly flow: Steps<Conditions>;
  readonly origin: Steps<LifeState>;
  readonly transcoder: Steps<LifeState>;
  readonly wrong: Steps<readonly Wrong[]>;
  readonly channel: string;
  /** Bytes of a segment on the link, all rungs together. */
  readonly segmentBytes: number;
}

interface Attempt {
  readonly ok: boolean;
  readonly atMs: number;
}

/** A request over the link and its answer, given up after the uploader's time. */
export function attempt(
  way: UploadWay,
  fromMs: number,
  { timeoutMs }: UploadSettings,
  what: 'playlist' | 'segment',
  media: MediaSettings,
): Attempt {
  const lateMs = fromMs + timeoutMs;
  const failed = { ok: false, atMs: lateMs };
  let atMs = fromMs + TIMES.putMs;
  for (;;) {
    const { forward, backward } = valueAt(way.flow, atMs);
    const cut = forward.cut ?? backward.cut;
    const life = valueAt(way.origin, atMs);
    if (cut === 'refuse' || cut === 'reset') return { ok: false, atMs };
    if (cut === 'drop') {
      const brokenMs = changeAfter(way.flow, atMs);
      return brokenMs < lateMs ? { ok: false, atMs: brokenMs } : failed;
    }
    if (cut !== 'hold' && life === 'down') return { ok: false, atMs };
    if (cut !== 'hold' && life === 'works') {
      const doneMs = atMs + crossMs(way, atMs, what, media);
      if (doneMs > lateMs || isHung(way, atMs)) return failed;
      return { ok: !isRefused(way, atMs), atMs: doneMs };
    }
    atMs = Math.min(changeAfter(way.flow, atMs), changeAfter(way.origin, atMs));
    if (atMs >= lateMs) return failed;
  }
}

/** Both ways over the link. */
export function crossMs(
  { flow, segmentBytes }: UploadWay,
  atMs: number,
  what: 'playlist' | 'segment',
  { ladder }: MediaSettings,
): number {
  const { forward, backward } = valueAt(flow, atMs);
  const bytes = what === 'segment' ? segmentBytes : 500 * ladder.length;
  return forward.delayMs + backward.delayMs + (bytes * 8) / forward.rateKbps;
}

const uploadWrong = ({ wrong, channel }: UploadWay, atMs: number) =>
  valueAt(wrong, atMs).find(
    ({ match, channels }) => match.of === 'upload' && channels.includes(channel),
  )?.answer.kind;
const isHung = (way: UploadWay, atMs: number): boolean => uploadWrong(way, atMs) === 'hang';
const isRefused = (way: UploadWay, atMs: number): boolean => uploadWrong(way, atMs) === 'status';

/** Until when every upload gets through that begins now or later; nothing was wrong since a segment began. */
export function wellUntil(way: UploadWay, nowMs: number, beganMs: number): number {
  const { forward, backward } = valueAt(way.flow, nowMs);
  const isWell =
    (forward.cut ?? backward.cut) === undefined &&
    valueAt(way.origin, nowMs) === 'works' &&
    uploadWrong(way, nowMs) === undefined;
  if (!isWell) return -Infinity;
  return Math.min(
    changeAfter(way.flow, nowMs),
    changeAfter(way.origin, nowMs),
    changeAfter(way.wrong, nowMs),
    changeAfter(way.transcoder, Math.min(nowMs, beganMs)),
  );
}
