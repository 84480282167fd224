// Tells in words who has the programme again. Who could not be seen is neither back nor lost.

import { rangeOf } from '../harness/model/range.ts';
import type { Report, ViewerResult } from '../harness/model/report.ts';
import { formatRange, formatShare } from './duration.ts';

/** `10.3s`, `never` or `unknown`. */
export function recoversIn(viewer: ViewerResult): string {
  switch (viewer.recovery) {
    case 'recovered':
      return formatRange(rangeOf(viewer, 'timeToRecoverMs'));
    case 'not-recovered':
      return 'never';
    case 'unseen':
      return 'unknown';
  }
}

/** Stands behind the number of those who are back: `(66.7%)`, or `(66.7% to 83.3%), 1 unknown`. */
export function shareBack({ viewers, recovered, recoveryUnseen }: Report['audience']): string {
  const range = { low: recovered, high: recovered + recoveryUnseen };
  const share = formatRange(range, (count) => formatShare(count ?? 0, viewers));
  return `(${share})${recoveryUnseen > 0 ? `, ${recoveryUnseen} unknown` : ''}`;
}
