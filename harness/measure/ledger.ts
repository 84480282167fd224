// Spans -> how long each class lasted. The sum is the length of the session, to the millisecond.

import { weightOf } from '../model/history.ts';
import { CLASSES, type ScreenClass, type Span } from '../model/report.ts';
import { lengthMs, type Interval } from './spans.ts';

export type Ledger = Readonly<Record<ScreenClass, number>>;

export function sumLedger(spans: readonly Span[]): Ledger {
  const ledger = emptyLedger();
  for (const span of spans) ledger[span.class] += lengthMs(span);
  return ledger;
}

/** Sums up over heads: the ledger of a viewer of weight 3 counts three times. */
export function sumOfLedgers(
  viewers: readonly { readonly ledger: Ledger; readonly weight?: number }[],
): Ledger {
  const sum = emptyLedger();
  for (const viewer of viewers)
    for (const name of CLASSES) sum[name] += viewer.ledger[name] * weightOf(viewer);
  return sum;
}

/** The time of these viewers that nobody could measure, and its share of all their time. */
export function sumUnmeasured(
  viewers: readonly { readonly ledger: Ledger; readonly weight?: number }[],
): { readonly unmeasuredMs: number; readonly share: number } {
  const { unmeasured, ...known } = sumOfLedgers(viewers);
  const allMs = Object.values(known).reduce((sum, ms) => sum + ms, unmeasured);
  return { unmeasuredMs: unmeasured, share: unmeasured / Math.max(1, allMs) };
}

export const emptyLedger = (): Record<ScreenClass, number> =>
  Object.fromEntries(CLASSES.map((name) => [name, 0])) as Record<ScreenClass, number>;

/**
 * Black screen: the viewer wants the programme and does not see it. Waiting for the first picture
 * after coming, or coming back, is no loss of one; waiting for it again is.
 */
export const isBlackScreen = (span: Span, watching: readonly Interval[]): boolean =>
  BLACK_SCREEN.has(span.class) || (span.class === 'starting' && isWatching(span, watching));

/** The programme is lost, though the screen is not black: another picture, or no sound. */
export const isOtherLoss = (span: Pick<Span, 'class'>): boolean =>
  span.class === 'slate' || span.class === 'silent';

/** The viewer has seen a picture since it came. */
export const isWatching = ({ fromMs }: Span, watching: readonly Interval[]): boolean =>
  watching.some((visit) => fromMs > visit.fromMs && fromMs < visit.toMs);

const BLACK_SCREEN: ReadonlySet<ScreenClass> = new Set(['black', 'frozen', 'stalled', 'dead']);

export const blackScreenMs = (spans: readonly Span[], watching: readonly Interval[]): number =>
  spans.reduce((sum, span) => sum + (isBlackScreen(span, watching) ? lengthMs(span) : 0), 0);
