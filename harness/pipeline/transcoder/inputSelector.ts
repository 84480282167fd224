// Chooses which of several inputs a transcoder shows: automatic input failover in the manner of
// MediaLive (docs/sources.md 2.2: S41, S43, S44). Pure: pictures and ticks come in with their time.

import type { InputFailover } from '../../model/scenario.ts';
import { GAP_MS_MAX } from './mixer.ts';

export interface InputSelector {
  /** Index of the input that is shown. */
  readonly active: number;
  /** `level` is the mean brightness as a share of white. */
  readonly picture: (input: number, level: number, atMs: number) => void;
  /** True when another input is shown from now on. */
  readonly tick: (atMs: number) => boolean;
}

interface Input {
  pictureAtMs: number;
  blackSinceMs: number | undefined;
  /** The start of the time without an error. */
  clearSinceMs: number;
}

/** The first input is the primary one. */
export function createInputSelector(count: number, failover: InputFailover): InputSelector {
  const { lossMs, blackMs, blackLevel, prefer, clearMs } = failover;
  let inputs: readonly Input[] | undefined;
  let active = 0;
  /** Lists inputs from the first picture of any on: none is late before that. */
  const begun = (atMs: number): readonly Input[] =>
    (inputs ??= Array.from({ length: count }, () => ({
      pictureAtMs: atMs,
      blackSinceMs: undefined,
      clearSinceMs: Infinity,
    })));
  const isGood = ({ pictureAtMs, blackSinceMs }: Input, atMs: number): boolean => {
    const isBlack = blackMs !== undefined && blackSinceMs !== undefined;
    return atMs - pictureAtMs < lossMs && !(isBlack && atMs - blackSinceMs >= blackMs);
  };
  /** Tells whether an input can be switched to: it must be there, not merely not yet lost. */
  const isThere = (input: Input, atMs: number): boolean =>
    isGood(input, atMs) && atMs - input.pictureAtMs <= GAP_MS_MAX;
  const isClear = (input: Input, atMs: number): boolean =>
    isThere(input, atMs) && atMs - input.clearSinceMs >= clearMs;
  const wanted = (all: readonly Input[], atMs: number): number => {
    const current = all[active];
    if (!current || !isGood(current, atMs)) {
      const other = all.findIndex((input) => input.clearSinceMs < Infinity && isThere(input, atMs));
      return other < 0 ? active : other;
    }
    if (prefer === 'equal') return active;
    const better = all.findIndex((input, index) => index < active && isClear(input, atMs));
    return better < 0 ? active : better;
  };
  return {
    get active() {
      return active;
    },
    picture: (index, level, atMs) => {
      const input = begun(atMs)[index];
      if (!input) return;
      const isBlack = blackMs !== undefined && level < blackLevel;
      const broken = atMs - input.pictureAtMs >= lossMs || isBlack;
      if (broken || input.clearSinceMs === Infinity) input.clearSinceMs = atMs;
      input.blackSinceMs = isBlack ? (input.blackSinceMs ?? atMs) : undefined;
      input.pictureAtMs = atMs;
    },
    tick: (atMs) => {
      const next = inputs ? wanted(inputs, atMs) : active;
      const moved = next !== active;
      active = next;
      return moved;
    },
  };
}
