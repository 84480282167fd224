// Estimates bandwidth as hls.js does, by two moving averages of which the smaller counts, and picks
// the rung that it carries.

import type { Rung } from './playlist.ts';
import type { Rules } from './rules.ts';

/** abrEwmaFastLive and abrEwmaSlowLive of hls.js 1.7.4: half-lives in seconds of loading. */
const HALF_LIVES_S = [3, 9] as const;
/** The shortest load that is believed, and the smallest (hls.js: ewma-bandwidth-estimator). */
const LOAD_MS_MIN = 50;

export interface Bandwidth {
  readonly sample: (bytes: number, ms: number) => void;
  readonly bps: () => number;
}

export function createBandwidth(defaultBps: number): Bandwidth {
  const averages = HALF_LIVES_S.map((half) => ({
    alpha: Math.exp(Math.log(0.5) / half),
    value: 0,
  }));
  let weightS = 0;
  return {
    sample: (bytes, ms) => {
      const durationMs = Math.max(ms, LOAD_MS_MIN);
      const bps = (8_000 * bytes) / durationMs;
      weightS += durationMs / 1000;
      for (const average of averages) {
        const kept = average.alpha ** (durationMs / 1000);
        average.value = bps * (1 - kept) + kept * average.value;
      }
    },
    // A young average leans towards zero as much as it has not weighed yet.
    bps: () =>
      weightS === 0
        ? defaultBps
        : Math.min(...averages.map(({ alpha, value }) => value / (1 - alpha ** weightS))),
  };
}

/** The highest rung that the bandwidth carries; the lowest when it carries none. */
export function pickRung(
  rungs: readonly Rung[],
  now: number | undefined,
  bps: number,
  { bandwidthShare: { same, up } }: Rules,
): number {
  const carried = rungs.findLastIndex(
    ({ bandwidth }, i) => bandwidth <= bps * (i > (now ?? -1) && now !== undefined ? up : same),
  );
  return Math.max(0, carried);
}
