// Durations as people write them (`40m`, `1h30m`, `900ms`, `1.5s`, `PT40M`) and back again.
// The packages that parse durations skip what they do not know; a scenario must not.

import prettyMilliseconds from 'pretty-ms';

const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
type Unit = keyof typeof UNIT_MS;

const AMOUNT = String.raw`\d+(?:\.\d+)?`;
/** Units from large to small, each at most once, at least one. */
const SHORT = `(?=\\d)(?:${AMOUNT}d)?(?:${AMOUNT}h)?(?:${AMOUNT}m(?!s))?(?:${AMOUNT}s)?(?:${AMOUNT}ms)?`;
/** ISO 8601 without years and months, which have no fixed length. */
const ISO = `P(?=[\\dT])(?:${AMOUNT}D)?(?:T(?=\\d)(?:${AMOUNT}H)?(?:${AMOUNT}M)?(?:${AMOUNT}S)?)?`;

/** The pattern of a duration, for schemas that editors read. */
export const DURATION_PATTERN = new RegExp(`^(?:0|${SHORT}|${ISO})$`);

/** Whole milliseconds, rounded; undefined for anything that is not exactly a duration. */
export function parseDurationMs(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  if (text === '0') return 0;
  const parts = text.replace(/[PT]/g, '').matchAll(/([\d.]+)(ms|[dhms])/gi);
  let totalMs = 0;
  for (const [, amount, unit] of parts) totalMs += Number(amount) * unitMs(unit ?? '');
  return Number.isSafeInteger(Math.round(totalMs)) ? Math.round(totalMs) : undefined;
}

const unitMs = (unit: string): number => UNIT_MS[unit.toLowerCase() as Unit];

/** Writes a duration for people: `38m 20s`, `1.5s`, `900ms`, `-15m`; tenths below a minute. */
export function formatDuration(ms: number): string {
  const grainMs = Math.abs(ms) < UNIT_MS.s ? 1 : Math.abs(ms) < UNIT_MS.m ? 100 : UNIT_MS.s;
  return prettyMilliseconds(Math.round(ms / grainMs) * grainMs, { secondsDecimalDigits: 1 });
}
