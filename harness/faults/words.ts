// Words that several kinds of faults share, for plan and report.

import type { LinkFault } from '../model/scenario.ts';
import type { Mistake } from './kind.ts';

export const carriesAgain = (_: unknown, where: string): string =>
  `everything passes ${where} again`;

/** A fault without a direction acts on each. */
export const eachWay = ({ direction }: LinkFault): string => (direction ? '' : ' each way');

/** `+3600 s`, `-5 s` */
export const signedSeconds = (ms: number): string => `${ms > 0 ? '+' : ''}${ms / 1000} s`;

/** `12.5 %` */
export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/** Less than this is not told from the time that a change takes. */
const SHIFT_MS_MIN = 1000;

/** Refuses a shift that nobody could prove. */
export const shiftMistakes = (key: string, byMs: number | undefined): Mistake[] =>
  byMs === undefined || Math.abs(byMs) >= SHIFT_MS_MIN
    ? []
    : [{ at: [key], message: 'expected at least 1s, or -1s for back' }];
