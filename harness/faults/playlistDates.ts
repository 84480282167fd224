// The dates in a playlist: where the clock that wrote them was set, one date does not follow from
// the one before it and the length of its segment.

import type { Proof } from './question.ts';
import type { StageQuestion } from './stageQuestion.ts';

/** Gives each date's distance from the end of the segment before; 0 but for rounding and gaps. */
export function dateStepsMs(playlist: string): number[] {
  const steps: number[] = [];
  let expectedMs: number | undefined;
  for (const line of playlist.split('\n')) {
    const [, date] = /^#EXT-X-PROGRAM-DATE-TIME:(.+)$/.exec(line) ?? [];
    const atMs = Date.parse(date ?? '');
    if (!Number.isNaN(atMs)) {
      if (expectedMs !== undefined) steps.push(atMs - expectedMs);
      expectedMs = atMs;
    }
    const [, seconds] = /^#EXTINF:([\d.]+),/.exec(line) ?? [];
    if (seconds !== undefined && expectedMs !== undefined) expectedMs += Number(seconds) * 1000;
  }
  return steps;
}

/** A pause of the encoder makes a step as well, but hardly one of this size. */
const STEP_TOLERANCE_MS = 300;
/** Smaller steps are rounding. */
const STEP_MS_MIN = 50;

/** The newest step counts: an earlier one may be that of an earlier fault. */
export function datesProof({ does, fault, answers }: StageQuestion, stage: string): Proof {
  const steps = answers.at(-1)?.dateStepsMs;
  if (fault.kind !== 'clock-skew' || !steps)
    return { proven: false, observed: `${stage} gave no playlist with dates` };
  const step = steps.findLast((ms) => Math.abs(ms) >= STEP_MS_MIN) ?? 0;
  const wantedMs = does === 'inject' ? fault.byMs : -fault.byMs;
  return {
    proven: Math.abs(step - wantedMs) <= STEP_TOLERANCE_MS,
    observed: `dates step by ${(step / 1000).toFixed(1)} s`,
  };
}
