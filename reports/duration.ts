// Durations and instants as every output prints them.

import prettyMilliseconds from 'pretty-ms';
import { rangeOfStatistic, type Range } from '../harness/model/range.ts';
import type { Summary } from '../harness/model/report.ts';

/** The sign that stands where there is no number. */
export const NOTHING = '–';

/** `900ms`, `4.20s`, `44.1s`, `1m 17.8s`, `42m`: no more digits than a reader can use. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return NOTHING;
  const rounded = shownMs(ms);
  return prettyMilliseconds(rounded, {
    secondsDecimalDigits: Math.abs(rounded) < 10_000 ? 2 : 1,
    keepDecimalsOnWholeSeconds: Math.abs(rounded) < 60_000,
  });
}

/** `23.7s to 24.6s` where unmeasured time leaves both possible; one value where it prints alike. */
export function formatRange(
  range: Range | undefined,
  print: (value: number | undefined) => string = formatMs,
): string {
  if (range === undefined) return NOTHING;
  const [low, high] = [print(range.low), print(range.high)];
  return low === high ? low : `${low} to ${high}`;
}

/** One statistic of a summary, with what it is at most; it says so where too few were watched for it. */
export function formatStatistic(
  [low, high]: readonly [low: Summary, high: Summary | undefined],
  stat: keyof Summary,
  print: (value: number | undefined) => string = formatMs,
): string {
  const range = rangeOfStatistic(low, high, stat);
  return range ? formatRange(range, print) : NOT_ESTIMABLE;
}

export const NOT_ESTIMABLE = 'not estimable';

/** Rounds to the digits that `formatMs` prints. */
export const shownMs = (ms: number): number => Math.round(ms / stepMs(ms)) * stepMs(ms);

function stepMs(ms: number): number {
  const size = Math.abs(ms);
  if (size < 999.5) return 1;
  if (size < 9_995) return 10;
  return size < 599_950 ? 100 : 1000;
}

/** An instant of the run as `mm:ss.t`, hours only when there are any. */
export function formatAt(atMs: number): string {
  const tenths = Math.round(Math.abs(atMs) / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  const sign = atMs < 0 ? '-' : '';
  return `${sign}${clockText(minutes)}:${seconds}`;
}

const clockText = (minutes: number): string =>
  minutes < 60
    ? String(minutes).padStart(2, '0')
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

export const formatRatio = (ratio: number | undefined): string =>
  ratio === undefined || !Number.isFinite(ratio) ? NOTHING : `${ratio.toFixed(2)}x`;

export const formatShare = (part: number, whole: number): string =>
  whole <= 0 ? NOTHING : `${((100 * part) / whole).toFixed(1).replace(/\.0$/, '')}%`;

/** `1 viewer`, `6 viewers`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
