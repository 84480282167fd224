// The screen of a set-top box: what it shows at each tick of its display, from the pictures that its
// decoder gives it. Pure: pictures and ticks come in with their time.
//
//   pictures   p p p p . . . . . . . . . . . . . . p p p
//   screen         p p p p (held) black black  error    p p
//                          holdMs       errorMs

import type { AlertSign } from '../../harness/model/alertStrip.ts';
import { MARK, type FrameSample } from '../../harness/model/history.ts';
import type { BoxConfig } from '../settings/box.ts';

/** A decoded picture, but for its time. */
export type Look = readonly [mark: FrameSample[1], counter: number, luma: number];

export interface BoxScreen {
  /** `alert` is burnt into the picture. */
  readonly picture: (look: Look, atMs: number, alert?: AlertSign) => void;
  /** Gives what the display shows anew; undefined where the picture before stays. */
  readonly tick: (atMs: number) => Shown | undefined;
  /** Pictures that wait to be shown. */
  readonly waiting: number;
}

export type Shown =
  | {
      readonly kind: 'picture' | 'black';
      readonly frame: FrameSample;
      readonly alert?: AlertSign | undefined;
    }
  /** The error page comes, once. */
  | { readonly kind: 'error' };

const BLACK: Look = [MARK.none, -1, 0];
/** More pictures than those of the jitter buffer and of a burst wait for nothing. */
const WAIT_MS_MAX = 3_000;

type Times = Pick<BoxConfig, 'jitterMs' | 'holdMs' | 'errorMs'>;

/** `startedAtMs`: when it tuned to its channel. */
export function createBoxScreen(times: Times, fps: number, startedAtMs: number): BoxScreen {
  const queue: { readonly look: Look; readonly alert: AlertSign | undefined }[] = [];
  const queueMax = Math.ceil(((times.jitterMs + WAIT_MS_MAX) * fps) / 1000);
  let firstAtMs: number | undefined;
  let shownAtMs = startedAtMs;
  let hasPicture = false;
  let failed = false;
  const show = (look: Look, atMs: number): FrameSample => [atMs, ...look];
  const without = (atMs: number): Shown | undefined => {
    const sinceMs = atMs - shownAtMs;
    if (sinceMs >= times.errorMs) {
      if (failed) return undefined;
      failed = true;
      return { kind: 'error' };
    }
    const isBlack = hasPicture && sinceMs >= times.holdMs;
    return isBlack ? { kind: 'black', frame: show(BLACK, atMs) } : undefined;
  };
  return {
    picture: (look, atMs, alert) => {
      firstAtMs ??= atMs;
      queue.push({ look, alert });
      if (queue.length > queueMax) queue.shift();
    },
    tick: (atMs) => {
      // The jitter buffer fills up first, also after the stream was away.
      const isReady = firstAtMs !== undefined && atMs - firstAtMs >= times.jitterMs;
      const next = isReady ? queue.shift() : undefined;
      if (!next) {
        if (isReady) firstAtMs = undefined;
        return without(atMs);
      }
      shownAtMs = atMs;
      hasPicture = true;
      failed = false;
      return { kind: 'picture', frame: show(next.look, atMs), alert: next.alert };
    },
    get waiting() {
      return queue.length;
    },
  };
}
