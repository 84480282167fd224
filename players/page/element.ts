// Reads the state of a media element.

import type { FrameSample, PlayerSample } from '../../harness/model/history.ts';

export const readState = (video: HTMLVideoElement, frame: FrameSample | undefined) => ({
  started: frame !== undefined,
  canPlay: canPlay(video),
});

export const readSample = (video: HTMLVideoElement, sound: PlayerSample['sound']) => ({
  canPlay: canPlay(video),
  bufferedMs: bufferedMs(video),
  ...(sound && { sound }),
});

/** The element wants to play and has data for it. */
const canPlay = (video: HTMLVideoElement): boolean =>
  video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA &&
  !video.paused &&
  !video.seeking &&
  !video.ended;

function bufferedMs({ buffered, currentTime }: HTMLVideoElement): number {
  for (let range = 0; range < buffered.length; range++) {
    const ahead = buffered.end(range) - currentTime;
    if (buffered.start(range) <= currentTime && ahead >= 0) return Math.round(ahead * 1000);
  }
  return 0;
}
