// The answer of a player to a request that failed: ask again, take another rung, leave the segment
// out, or give up. One function a family of players, which keeps its counts.

import type { LoadRules, Retries } from '../../harness/model/loadRules.ts';
import type { Rules } from './rules.ts';

export type Kind = 'manifest' | 'playlist' | 'segment';

export interface Failure {
  readonly kind: Kind;
  readonly rung: number;
  /** 0 without an answer. */
  readonly status: number;
  readonly why: 'error' | 'timeout' | 'unreadable' | 'empty' | 'stuck';
  /** The segment is the last one of its playlist. */
  readonly isLast: boolean;
  readonly targetMs: number;
}

export type Decision =
  | {
      readonly does: 'retry';
      readonly afterMs: number;
      /** It gives up once it has nothing to play. */
      readonly thenFatal?: boolean;
    }
  | { readonly does: 'switch'; readonly rung: number; readonly afterMs?: number }
  | { readonly does: 'skip' }
  | { readonly does: 'fatal' };

export interface Failures {
  readonly decide: (failure: Failure, atEpochMs: number) => Decision;
  readonly loaded: (kind: Kind, rung: number) => void;
  /** The application made it go on. */
  readonly forget: () => void;
}

export function createFailures(rules: Rules, rungs: () => number): Failures {
  if (rules.failures === 'hls.js') return hlsJsFailures(rules, rungs);
  return rules.failures === 'media3' ? media3Failures(rules, rungs) : endlessFailures(rungs);
}

/** hls.js acts on what it has decided when its next tick comes. */
const TICK_MS = 100;

const FATAL: Decision = { does: 'fatal' };

function retryDelayMs({ delayMs, delayMsMax, linear }: Retries, before: number): number {
  return Math.min(delayMs * (linear ? 1 : 2 ** before), delayMsMax);
}

const chooseRetries = (load: LoadRules, { why }: Failure): Retries =>
  why === 'timeout' ? load.onTimeout : load.onError;

/** hls.js retries no 4xx and no failure without a status while there is something else to do. */
const isWorthRetrying = ({ status, why }: Failure): boolean =>
  why === 'timeout' || (status > 0 && (status < 400 || status > 499));

/**
 * src/controller/error-controller.ts of hls.js 1.7.4: `getPlaylistRetryOrSwitchAction`,
 * `getFragRetryOrSwitchAction`, `getLevelSwitchAction`; base-playlist-controller `checkRetry`;
 * base-stream-controller `onFragmentOrKeyLoadError`; abr-controller `nextAutoLevel`: a rung that was
 * forced is kept until it has failed more often than the one that bandwidth would take.
 */
function hlsJsFailures(rules: Rules, rungs: () => number): Failures {
  const errors: Record<Kind, number> = { manifest: 0, playlist: 0, segment: 0 };
  const penalties = createPenalties(rungs);
  let lastRung = 0;
  const retry = (retries: Retries, before: number, tickMs = 0): Decision =>
    before < retries.count
      ? { does: 'retry', afterMs: retryDelayMs(retries, before) + tickMs }
      : FATAL;
  const onManifest = (failure: Failure): Decision =>
    isWorthRetrying(failure) && failure.why !== 'unreadable'
      ? retry(chooseRetries(rules.manifest, failure), errors.manifest++)
      : FATAL;
  const onPlaylist = (failure: Failure): Decision => {
    const { why, rung } = failure;
    const retries = chooseRetries(rules.playlist, failure);
    const before = why === 'unreadable' ? Infinity : errors.playlist++;
    if (isWorthRetrying(failure) && before < retries.count) return retry(retries, before);
    const other = penalties.otherThan(rung);
    if (other !== undefined) {
      errors.playlist = 0;
      return { does: 'switch', rung: other };
    }
    const decision = retry(retries, before);
    const isWorse = penalties.of(rung) > penalties.of(lastRung) && lastRung < rungs();
    // Its bandwidth rule takes the rung back that it was on, and the count goes on.
    if (decision.does !== 'retry' || !isWorse) return decision;
    return { does: 'switch', rung: lastRung, afterMs: TICK_MS };
  };
  const onSegment = (failure: Failure): Decision => {
    const retries = chooseRetries(rules.segment, failure);
    const before = errors.segment++;
    if (isWorthRetrying(failure) && before < retries.count) return retry(retries, before, TICK_MS);
    const other = penalties.otherThan(failure.rung);
    if (other === undefined && failure.isLast) return retry(retries, before, TICK_MS);
    errors.segment = 0;
    return other === undefined ? { does: 'skip' } : { does: 'switch', rung: other };
  };
  const decide = { manifest: onManifest, playlist: onPlaylist, segment: onSegment };
  return {
    decide: (failure) => decide[failure.kind](failure),
    loaded: (kind, rung) => {
      errors[kind] = 0;
      if (kind === 'segment') lastRung = rung;
      if (errors.segment === 0) penalties.forgive(rung);
    },
    forget: () => {
      Object.assign(errors, { manifest: 0, playlist: 0, segment: 0 });
      penalties.clear();
    },
  };
}

/** Rungs by how often each failed; one that never did is the first choice. */
function createPenalties(rungs: () => number) {
  const errors = new Map<number, number>();
  const of = (rung: number): number => errors.get(rung) ?? 0;
  return {
    of,
    forgive: (rung: number) => errors.delete(rung),
    clear: () => errors.clear(),
    otherThan: (rung: number): number | undefined => {
      const count = rungs();
      errors.set(rung, of(rung) + 1);
      for (let i = count; i--;) {
        const candidate = (i + rung) % count;
        if (candidate !== rung && of(candidate) === 0) return candidate;
      }
      return undefined;
    },
  };
}

/** Answers for which Media3 looks for another rendition (`isEligibleForFallback`). */
const FALLS_BACK: ReadonlySet<number> = new Set([403, 404, 410, 416, 500, 503]);
/** DEFAULT_TRACK_EXCLUSION_MS of Media3; VHS leaves a rendition out as long. */
const EXCLUDED_MS = 60_000;

/** Rungs that are left out for a while. */
function exclusions(rungs: () => number) {
  const untilEpochMs = new Map<number, number>();
  return {
    clear: () => untilEpochMs.clear(),
    other: (rung: number, atEpochMs: number): number | undefined => {
      const open = Array.from({ length: rungs() }, (_, i) => i).filter(
        (one) => one !== rung && (untilEpochMs.get(one) ?? 0) <= atEpochMs,
      );
      const other = open.findLast((one) => one < rung) ?? open[0];
      if (other !== undefined) untilEpochMs.set(rung, atEpochMs + EXCLUDED_MS);
      return other;
    },
  };
}

/**
 * Media3 goes on loading after its tries; the error is thrown when the player has nothing left to
 * play. The n-th try waits n - 1 seconds, 5 at most.
 */
function media3Failures(rules: Rules, rungs: () => number): Failures {
  const errors: Record<Kind, number> = { manifest: 0, playlist: 0, segment: 0 };
  const excluded = exclusions(rungs);
  return {
    decide: (failure, atEpochMs) => {
      const { kind, rung, status, why } = failure;
      if (why === 'unreadable') return FATAL;
      const count = ++errors[kind];
      const falls = FALLS_BACK.has(status) && kind !== 'manifest';
      const other = falls ? excluded.other(rung, atEpochMs) : undefined;
      if (other !== undefined) return { does: 'switch', rung: other };
      const { count: most, delayMs, delayMsMax } = rules[kind].onError;
      const thenFatal = count > most || why === 'stuck';
      return { does: 'retry', afterMs: Math.min((count - 1) * delayMs, delayMsMax), thenFatal };
    },
    loaded: (kind) => void (errors[kind] = 0),
    forget: () => {
      Object.assign(errors, { manifest: 0, playlist: 0, segment: 0 });
      excluded.clear();
    },
  };
}

/** A target duration that nobody knows yet. */
const UNKNOWN_TARGET_MS = 10_000;

/** Tries the other rungs and then goes on for ever; only a first playlist that fails is the end. */
function endlessFailures(rungs: () => number): Failures {
  const excluded = exclusions(rungs);
  return {
    decide: ({ kind, rung, targetMs }, atEpochMs) => {
      if (kind === 'manifest') return FATAL;
      const other = excluded.other(rung, atEpochMs);
      if (other !== undefined) return { does: 'switch', rung: other };
      excluded.clear();
      return { does: 'retry', afterMs: (targetMs || UNKNOWN_TARGET_MS) / 2 };
    },
    loaded: () => undefined,
    forget: () => excluded.clear(),
  };
}
