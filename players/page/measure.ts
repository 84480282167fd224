// Watches one video element: every presented frame becomes a sample with its time, its identity
// and its brightness.

import { MARK, type FrameSample, type Mark } from '../../harness/model/history.ts';
import type { FrameIdentity } from '../../harness/model/frameClock.ts';
import type { AlertSign } from '../../harness/model/alertStrip.ts';
import { PICTURE, readPicture } from './picture.ts';
import { countPictures } from './stillness.ts';
import { unseenBetween } from './unseen.ts';

/** Reads the frame a video element shows now. One for the whole page: it owns the only canvas. */
export type Eye = (video: HTMLVideoElement) => Uint8ClampedArray;

interface LookedAt {
  readonly identified: readonly [mark: Mark, counter: number, luma: number];
  readonly alert?: AlertSign | undefined;
}

/** Tells pictures of PICTURE's size, in the order in which they are shown. */
type LookAt = (rgba: ArrayLike<number>) => LookedAt;

/** By the frame clock of a channel. */
export const byClock =
  (channelNumber: number): LookAt =>
  (rgba) => {
    const { identity, luma, alert } = readPicture(rgba);
    const mark = frameMark(identity, channelNumber);
    return { identified: [mark, identity?.counter ?? -1, luma], alert };
  };

/** Where there is no clock: by whether a picture differs from the one before. */
export function byChange(): LookAt {
  const count = countPictures();
  return (rgba) => {
    const { counter, luma } = count(rgba);
    return { identified: [MARK.plain, counter, luma] };
  };
}

/**
 * A canvas in main memory, because every frame is read back. The cost is the conversion of the
 * frame to RGB, 0.3 to 0.6 ms at 320x180 whatever the size of the canvas; reading the planes with
 * VideoFrame.copyTo costs the same processor time in all, and depends on the format of the frame.
 */
export function createEye(): Eye {
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE.width;
  canvas.height = PICTURE.height;
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('this browser has no 2d canvas');
  return (video) => {
    context.drawImage(video, 0, 0, PICTURE.width, PICTURE.height);
    return context.getImageData(0, 0, PICTURE.width, PICTURE.height).data;
  };
}

/**
 * Calls back with every presented frame until the returned function is called. The time of a frame
 * is when the browser expects it to be on the screen (`expectedDisplayTime`): one paint, 17 ms,
 * after it was handed over, and free of how late this callback itself runs.
 */
export function watchFrames(
  video: HTMLVideoElement,
  eye: Eye,
  look: LookAt,
  onFrame: (frame: FrameSample, alert: AlertSign | undefined, rgba: Uint8ClampedArray) => void,
): () => void {
  let handle = 0;
  let before: VideoFrameCallbackMetadata | undefined;
  const next = (_now: number, frame: VideoFrameCallbackMetadata): void => {
    handle = video.requestVideoFrameCallback(next);
    const rgba = eye(video);
    const { identified, alert } = look(rgba);
    const atMs = Math.round((performance.timeOrigin + frame.expectedDisplayTime) * 10) / 10;
    onFrame([atMs, ...identified, ...unseenBetween(before, frame)], alert, rgba);
    before = frame;
  };
  handle = video.requestVideoFrameCallback(next);
  return () => video.cancelVideoFrameCallback(handle);
}

function frameMark(identity: FrameIdentity | undefined, channelNumber: number): Mark {
  if (!identity) return MARK.none;
  if (identity.slate) return MARK.slate;
  return identity.channel === channelNumber ? MARK.programme : MARK.other;
}
