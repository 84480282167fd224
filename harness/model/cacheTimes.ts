// Computes for how long an edge of nginx keeps an answer. nginx counts whole seconds: an answer that
// it keeps for n seconds is served to the end of the n-th second after the one in which it came, which
// is up to n + 1. A lifetime here is a most, so that n is one second less than was asked for.

import type { EdgeStage } from './scenario.ts';

/** For how long an answer is kept: whole seconds of nginx's own, or to the end of the running one. */
export type Keeping =
  | { readonly kind: 'never' }
  | { readonly kind: 'second' }
  | { readonly kind: 'seconds'; readonly seconds: number };

type Lifetimes = Pick<EdgeStage, 'playlistTtlMs' | 'segmentTtlMs' | 'errorTtlMs'>;

/** Gives the keeping of good playlists, of good segments, and of the errors that an edge keeps. */
export const listKeeping = (stage: Lifetimes): Readonly<Record<KeptAnswer, Keeping>> => ({
  playlist: playlistKeeping(stage.playlistTtlMs),
  segment: wholeSeconds(stage.segmentTtlMs, 0),
  error: wholeSeconds(stage.errorTtlMs, 1),
});

export type KeptAnswer = 'playlist' | 'segment' | 'error';

/** The errors whose answers a CDN keeps (docs/sources.md 2.3, S49). */
export const KEPT_ERRORS = [404, 500, 502, 503, 504] as const;

export const isKeptError = (status: number): boolean =>
  (KEPT_ERRORS as readonly number[]).includes(status);

/** Gives the first moment at which an answer that came then is served no more. */
export function keptUntilEpochMs(keeping: Keeping, cameAtEpochMs: number): number {
  const second = Math.floor(cameAtEpochMs / 1000);
  switch (keeping.kind) {
    case 'never':
      return cameAtEpochMs;
    case 'second':
      return (second + 1) * 1000;
    case 'seconds':
      return (second + keeping.seconds + 1) * 1000;
  }
}

/** A life that is shorter than nginx can count ends with the running second. */
const playlistKeeping = (ttlMs: number): Keeping =>
  ttlMs > 0 && ttlMs < 2_000 ? { kind: 'second' } : wholeSeconds(ttlMs, 0);

function wholeSeconds(ttlMs: number, least: number): Keeping {
  const seconds = ttlMs === 0 ? 0 : Math.max(least, Math.floor(ttlMs / 1000) - 1);
  return seconds === 0 ? { kind: 'never' } : { kind: 'seconds', seconds };
}
