// Decoded pictures between their arrival and the mixer's tick. It evens out a few frames of
// jitter and never lets a delay grow: what is too much pushes the oldest out.

export interface JitterBuffer<P> {
  readonly length: number;
  /** Pictures that were never shown. */
  readonly dropped: number;
  readonly push: (picture: P) => void;
  /** The oldest, or undefined when there is none (or not yet enough to begin with). */
  readonly take: () => P | undefined;
  /** Keeps the newest few, as at the beginning. */
  readonly catchUp: () => void;
}

/** Wanted before the first picture is shown, and left after catching up. */
export const PRIME_FRAMES = 4;
/** 480 ms at 25 frames a second. */
export const DEPTH_FRAMES_MAX = 12;
/** More than these left after every one of SPARE_TAKES takes are a needless delay. */
const SPARE_FRAMES = 3;
const SPARE_TAKES = 100;

export function jitterBuffer<P>(): JitterBuffer<P> {
  const pictures: P[] = [];
  let primed = false;
  let dropped = 0;
  let takes = 0;
  let lowest = Infinity;
  const drop = (count: number) => {
    dropped += pictures.splice(0, Math.max(0, count)).length;
  };
  const shrink = () => {
    lowest = Math.min(lowest, pictures.length);
    if (++takes < SPARE_TAKES) return;
    drop(lowest - SPARE_FRAMES);
    takes = 0;
    lowest = Infinity;
  };
  return {
    get length() {
      return pictures.length;
    },
    get dropped() {
      return dropped;
    },
    push: (picture) => {
      pictures.push(picture);
      drop(pictures.length - DEPTH_FRAMES_MAX);
    },
    take: () => {
      primed ||= pictures.length >= PRIME_FRAMES;
      if (!primed) return undefined;
      const picture = pictures.shift();
      shrink();
      return picture;
    },
    catchUp: () => drop(pictures.length - PRIME_FRAMES),
  };
}
