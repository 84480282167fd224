// Durations in findings and expectations.

import prettyMilliseconds from 'pretty-ms';

/** Milliseconds stay visible below a minute: what is compared must be what is printed. */
export const durationText = (ms: number): string =>
  prettyMilliseconds(Math.round(ms), { secondsDecimalDigits: 3 });
