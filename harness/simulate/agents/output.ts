// The pictures that a transcoder puts out, in closed form: the production mixer (pipeline/transcoder/
// mixer.ts) over intervals of input instead of pictures.

import type { MediaSettings, TranscoderStage } from '../../model/scenario.ts';
import { PRIME_FRAMES } from '../../pipeline/transcoder/jitterBuffer.ts';
import { GAP_MS_MAX } from '../../pipeline/transcoder/mixer.ts';
import { TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import type { StageNumbers } from '../../faults/kind.ts';
import { findIntervals, type Interval, type Steps } from './steps.ts';

/** `frozen` is a picture that is repeated; between spans nothing is put out. */
export interface OutputSpan extends Interval {
  readonly kind: 'programme' | 'frozen' | 'black' | 'slate';
  /** Begins a new time line of segments. */
  readonly begins: boolean;
}

export interface OutputOptions {
  readonly media: MediaSettings;
  readonly stage: TranscoderStage;
  readonly life: Steps<LifeState>;
  /** When pictures arrive. */
  readonly arrivals: readonly Interval[];
  /** The pictures that the playout sends in place of the programme. */
  readonly picture: Steps<StageNumbers['picture']>;
}

/** From a picture at the playout to the same at the mixer's output. */
export const throughMs = ({ fps }: Pick<MediaSettings, 'fps'>): number =>
  TIMES.encodeContributionMs + TIMES.decodeMs + bufferMs({ fps });

const bufferMs = ({ fps }: Pick<MediaSettings, 'fps'>): number => (PRIME_FRAMES * 1000) / fps;

export function findOutput(options: OutputOptions): OutputSpan[] {
  const lives = findIntervals(options.life, (state) => state === 'works');
  return lives.flatMap((life) => outputOfLife(life, options));
}

function outputOfLife(life: Interval, options: OutputOptions): OutputSpan[] {
  const { arrivals, media, stage } = options;
  const spans: OutputSpan[] = [];
  const put = (fromMs: number, toMs: number, kind: OutputSpan['kind']) => {
    const [from, to] = [Math.max(fromMs, life.fromMs), Math.min(toMs, life.toMs)];
    if (from < to)
      spans.push({ fromMs: from, toMs: to, kind, begins: spans.at(-1)?.toMs !== from });
  };
  let lostMs: number | undefined;
  for (const { fromMs, toMs } of arrivals) {
    if (toMs <= life.fromMs) continue;
    const arrivesMs = Math.max(fromMs, life.fromMs);
    const backMs = backAt(arrivesMs, lostMs, options);
    if (backMs >= toMs + bufferMs(media)) continue; // It went again before it was trusted.
    if (lostMs !== undefined) fill(lostMs, backMs, stage, put);
    putPictures(backMs, toMs + bufferMs(media), options, put);
    lostMs = toMs + bufferMs(media);
  }
  if (lostMs !== undefined && lostMs < Infinity) fill(lostMs, Infinity, stage, put);
  return spans;
}

/** The first programme of all has nothing to prove, nor has one after mere jitter. */
function backAt(
  arrivesMs: number,
  lostMs: number | undefined,
  { media, stage }: OutputOptions,
): number {
  if (lostMs === undefined) return arrivesMs + bufferMs(media);
  return arrivesMs - lostMs < GAP_MS_MAX
    ? Math.max(arrivesMs, lostMs)
    : arrivesMs + stage.failBackMs;
}

type Put = (fromMs: number, toMs: number, kind: OutputSpan['kind']) => void;

function fill(lostMs: number, backMs: number, stage: TranscoderStage, put: Put): void {
  const { inputLoss, inputLossAction } = stage;
  if (inputLossAction === 'pause')
    return put(lostMs, Math.min(backMs, lostMs + GAP_MS_MAX), 'frozen');
  const blackMs = Math.min(backMs, lostMs + inputLoss.repeatMs);
  const thenMs = Math.min(backMs, blackMs + inputLoss.blackMs);
  put(lostMs, blackMs, 'frozen');
  put(blackMs, thenMs, 'black');
  put(thenMs, backMs, inputLoss.then);
}

const LOOKS = { black: 'black', frozen: 'frozen', 'other channel': 'slate' } as const;

/** The pictures of the playout, which may be other ones than the programme. */
function putPictures(fromMs: number, toMs: number, options: OutputOptions, put: Put): void {
  const { times, values } = options.picture;
  const lateMs = throughMs(options.media);
  for (const [i, picture] of values.entries()) {
    const sinceMs = Math.max(fromMs, times[i]! + lateMs);
    const untilMs = Math.min(toMs, (times[i + 1] ?? Infinity) + lateMs);
    if (sinceMs < untilMs) put(sinceMs, untilMs, picture ? LOOKS[picture] : 'programme');
  }
}
