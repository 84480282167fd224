// Pictures that the browser presented while the page's main thread was busy: it calls back with the
// last of them only, and counts them all.

interface Presented {
  readonly presentedFrames: number;
  /** The time of the media, in seconds. */
  readonly mediaTime: number;
}

/** Nothing is told by a counter that begins anew, as with another source on the same element. */
export function unseenBetween(
  before: Presented | undefined,
  now: Presented,
): [] | [pictures: number, mediaMs: number] {
  if (!before) return [];
  const pictures = now.presentedFrames - before.presentedFrames - 1;
  return pictures > 0 ? [pictures, Math.round((now.mediaTime - before.mediaTime) * 1000)] : [];
}
