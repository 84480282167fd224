// Spans -> how long each class lasted. The sum is the length of the session, to the millisecond.

import { CLASSES, type ScreenClass, type Span } from '../model/report.ts';
import type { Metric } from '../model/scenario.ts';
import { lengthMs } from './spans.ts';

export type Ledger = Readonly<Record<ScreenClass, number>>;

/** Losses that are measures by their own names: `max(frozen) <= 2s`. */
export const LOSSES = [
  'frozen',
  'black',
  'slate',
  'stalled',
  'starting',
  'dead',
] as const satisfies readonly (Metric & ScreenClass)[];

export const isLoss = (metric: Metric): metric is (typeof LOSSES)[number] =>
  (LOSSES as readonly Metric[]).includes(metric);

export function ledgerOf(spans: readonly Span[]): Ledger {
  const ledger = emptyLedger();
  for (const span of spans) ledger[span.class] += lengthMs(span);
  return ledger;
}

export function sumOfLedgers(ledgers: readonly Ledger[]): Ledger {
  const sum = emptyLedger();
  for (const ledger of ledgers) for (const name of CLASSES) sum[name] += ledger[name];
  return sum;
}

export const emptyLedger = (): Record<ScreenClass, number> =>
  Object.fromEntries(CLASSES.map((name) => [name, 0])) as Record<ScreenClass, number>;

/**
 * Black screen: the viewer wants the programme and does not see it (design.md section 4). Waiting
 * for the very first picture is no loss of one; waiting for it again is.
 */
export const isBlackScreen = (span: Span, firstPictureMs: number | undefined): boolean =>
  BLACK_SCREEN.has(span.class) ||
  (span.class === 'starting' && firstPictureMs !== undefined && span.fromMs > firstPictureMs);

const BLACK_SCREEN: ReadonlySet<ScreenClass> = new Set(['black', 'frozen', 'stalled', 'dead']);

export const blackScreenMs = (spans: readonly Span[], firstPictureMs: number | undefined): number =>
  spans.reduce((sum, span) => sum + (isBlackScreen(span, firstPictureMs) ? lengthMs(span) : 0), 0);
