// The settings of a set-top box.

import type { Settings } from './setting.ts';

const number = (min: number, max: number) => ({ kind: 'number', min, max, whole: true }) as const;

export const BOX_SETTINGS = {
  /** Pictures wait this long before they are shown, so that none comes too late. */
  jitterMs: number(0, 5_000),
  /** The last picture stands this long when no other comes; then the screen is black. */
  holdMs: number(0, 60_000),
  /** Without a picture for this long it shows its error page. */
  errorMs: number(1_000, 600_000),
  /** It waits this long for what a repair server sends again; what comes later is lost. */
  repairMs: number(0, 5_000),
  /** It asks a repair server for a burst when it tunes. */
  burst: { kind: 'flag' },
  /** A boot through the portal takes no longer, or its error page comes. */
  bootMs: number(1_000, 600_000),
  /** It goes to the next channel, and from there to the one after it, every so often … */
  zapEveryMs: number(500, 3_600_000),
  /** … and this many times. */
  zaps: { ...number(1, 1_000) },
} as const satisfies Settings;

/**
 * A jitter buffer of a box is 100 to 500 ms; a decoder repeats its last picture for up to 2 s; an error
 * page comes after 5 to 10 s (docs/sources.md 2.4).
 */
export const BOX_DEFAULTS = {
  jitterMs: 200,
  holdMs: 2_000,
  errorMs: 8_000,
  repairMs: 150,
  burst: true,
  bootMs: 10_000,
  zapEveryMs: 0,
  zaps: 0,
};
export type BoxConfig = typeof BOX_DEFAULTS;
