// Options that are a length of time.

import { parseDurationMs } from '../kernel/duration.ts';

/** Makes milliseconds of what was given. */
export const durationOption =
  (name: string) =>
  (given: unknown): number => {
    const text = String(given);
    const ms = parseDurationMs(text);
    if (ms === undefined || ms === 0)
      throw new Error(`--${name} ${text}: expected a duration such as 45m or 1h30m`);
    return ms;
  };
