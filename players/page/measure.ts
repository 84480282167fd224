// Watches one video element: every presented frame becomes a sample with its time, its identity
// and its brightness.

import { MARK, type FrameSample, type Mark } from '../../harness/model/history.ts';
import type { FrameIdentity } from '../../harness/model/frameClock.ts';
import type { AlertSign } from '../../harness/model/alertStrip.ts';
import type { Eye } from './eye.ts';
import type { SeenFrame } from './seenFrame.ts';
import { readPicture, type Luma } from './picture.ts';
import { countPictures } from './stillness.ts';
import { unseenBetween } from './unseen.ts';

interface LookedAt {
  readonly identified: readonly [mark: Mark, counter: number, luma: number];
  readonly alert?: AlertSign | undefined;
}

/** Tells pictures, in the order in which they are shown. */
type LookAt = (luma: Luma) => LookedAt;

/** By the frame clock of a channel. */
export const byClock =
  (channelNumber: number): LookAt =>
  (picture) => {
    const { identity, luma, alert } = readPicture(picture);
    const mark = frameMark(identity, channelNumber);
    return { identified: [mark, identity?.counter ?? -1, luma], alert };
  };

/** Where there is no clock: by whether a picture differs from the one before. */
export function byChange(): LookAt {
  const count = countPictures();
  return (picture) => {
    const { counter, luma } = count(picture);
    return { identified: [MARK.plain, counter, luma] };
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
  onFrame: (frame: FrameSample, alert: AlertSign | undefined, seen: SeenFrame) => void,
): () => void {
  const read = eye(video);
  let handle = 0;
  let isOver = false;
  let before: VideoFrameCallbackMetadata | undefined;
  const tell = (frame: VideoFrameCallbackMetadata, seen: SeenFrame): void => {
    if (isOver) return;
    const { identified, alert } = look(seen.luma());
    const atMs = Math.round((performance.timeOrigin + frame.expectedDisplayTime) * 10) / 10;
    onFrame([atMs, ...identified, ...unseenBetween(before, frame)], alert, seen);
    before = frame;
  };
  const next = (_now: number, frame: VideoFrameCallbackMetadata): void => {
    handle = video.requestVideoFrameCallback(next);
    read((seen) => tell(frame, seen));
  };
  handle = video.requestVideoFrameCallback(next);
  return () => {
    isOver = true;
    video.cancelVideoFrameCallback(handle);
  };
}

function frameMark(identity: FrameIdentity | undefined, channelNumber: number): Mark {
  if (!identity) return MARK.none;
  if (identity.slate) return MARK.slate;
  return identity.channel === channelNumber ? MARK.programme : MARK.other;
}
