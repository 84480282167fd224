// Tells in words who has the programme again. Who could not be seen is neither back nor lost.

import { readRange } from '../harness/model/range.ts';
import type { Report, ViewerResult } from '../harness/model/report.ts';
import { formatRange, formatShare } from './duration.ts';

/** `10.3s`, `never`, `unknown`, or `left` for who did so as planned. */
export function recoversIn(viewer: ViewerResult): string {
  const { recovery } = viewer;
  if (recovery === 'recovered') return formatRange(readRange(viewer, 'timeToRecoverMs'));
  return { 'not-recovered': 'never', unseen: 'unknown', left: 'left' }[recovery];
}

/** Counts those who could have the programme at the end: who left as planned could not. */
export const askedAtEnd = ({ viewers, left = 0 }: Report['audience']): number => viewers - left;

/** Stands behind the number of those who are back: `(66.7%)`, or `(66.7% to 83.3%), 1 unknown`. */
export function shareBack(audience: Report['audience']): string {
  const { recovered, recoveryUnseen, left = 0 } = audience;
  const range = { low: recovered, high: recovered + recoveryUnseen };
  const share = formatRange(range, (count) => formatShare(count ?? 0, askedAtEnd(audience)));
  const unknown = recoveryUnseen > 0 ? `, ${recoveryUnseen} unknown` : '';
  return `(${share})${unknown}${left > 0 ? `, ${left} had left` : ''}`;
}
