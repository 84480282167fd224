// Reads the output of the filters of sight.ts as spans and times. Pure.

import { PAGE_CLOCK, readPageClock } from '../model/screen.ts';
import type { SeenSpan } from '../model/screenRuler.ts';

/** Each picture is told of in so many parts, row by row: how much of each part changed. */
export const PARTS = { columns: 4, rows: 4 } as const;
const PARTS_COUNT = PARTS.columns * PARTS.rows;

/** blackdetect's times are printed as whole numbers of this unit; those in seconds lose digits. */
export const UNITS_PER_S = 10_000;

/**
 * A part has moved when more of its pixels than this, of 255, changed. In a programme that moves 16
 * and more did in every frame; in one that stands still, none.
 */
const MOVED_MIN = 5;

/** Since the first sample. A frame with a finding of blackdetect is printed with its exact time. */
export function blackSpans(text: string, lengthMs: number): SeenSpan[] {
  const spans: SeenSpan[] = [];
  let nowMs = 0;
  let sinceMs: number | undefined;
  for (const line of text.split('\n')) {
    const frame = /^frame:\d+\s+pts:(\d+)/.exec(line);
    if (frame) nowMs = (Number(frame[1]) * 1000) / UNITS_PER_S;
    if (line.startsWith('lavfi.black_start=')) sinceMs = nowMs;
    if (line.startsWith('lavfi.black_end=') && sinceMs !== undefined) {
      spans.push({ look: 'black', fromMs: sinceMs, toMs: nowMs });
      sinceMs = undefined;
    }
  }
  if (sinceMs !== undefined) spans.push({ look: 'black', fromMs: sinceMs, toMs: lengthMs });
  return spans;
}

/**
 * Finds the time from the sample that shows a new picture to the next that does, where that is
 * longer than `longerThanMs`. `changes` holds how much each sample differs from the one before.
 */
export function stillSpans(
  changes: Uint8Array,
  timesMs: readonly number[],
  longerThanMs: number,
): SeenSpan[] {
  const told = changes.length / PARTS_COUNT;
  // The first sample has none before it.
  const first = timesMs.length - told;
  const moved = timesMs.filter(
    (_, i) => i >= first && hasMoved(changes.subarray((i - first) * PARTS_COUNT), i === 0),
  );
  const edges = [timesMs[0] ?? 0, ...moved, timesMs.at(-1) ?? 0];
  return edges.slice(1).flatMap((toMs, i) => {
    const fromMs = edges[i] ?? toMs;
    return toMs - fromMs > longerThanMs ? [{ look: 'still', fromMs, toMs }] : [];
  });
}

const hasMoved = (parts: Uint8Array, isFirst: boolean): boolean =>
  !isFirst && parts.subarray(0, PARTS_COUNT).some((share) => share > MOVED_MIN);

/** One lag each time the drawn clock changes: from its own time to the first sample that shows it. */
export function clockLags(levels: Uint8Array, timesEpochMs: readonly number[]): readonly number[] {
  const { cells } = PAGE_CLOCK;
  const lags: number[] = [];
  let before: number | undefined;
  for (const [i, atEpochMs] of timesEpochMs.entries()) {
    const told = readPageClock(levels.subarray(i * cells, (i + 1) * cells), atEpochMs);
    if (told === undefined) continue;
    if (before !== undefined && told !== before) lags.push(tenth(atEpochMs - told));
    before = told;
  }
  return lags;
}

export const tenth = (ms: number): number => Math.round(ms * 10) / 10;

export function medianStep(timesMs: readonly number[]): number {
  const steps = timesMs.slice(1).map((at, i) => at - (timesMs[i] ?? at));
  return tenth(steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? 0);
}

export const findGaps = (timesMs: readonly number[], longerThanMs: number) =>
  timesMs.slice(1).flatMap((toMs, i) => {
    const fromMs = timesMs[i] ?? toMs;
    return toMs - fromMs > longerThanMs ? [{ fromMs, toMs }] : [];
  });
