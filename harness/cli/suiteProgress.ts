// The progress of a suite: a line as each scenario starts, and one with its verdict and the time at
// which everything is expected to be played.

import pc from 'picocolors';
import { systemClock } from '../kernel/clock.ts';
import type { SuiteEntry } from '../rehearsal/suite/entries.ts';
import type { SuitePlaying } from '../rehearsal/suite/play.ts';
import { formatMs } from '../../reports/duration.ts';
import { VERDICT_MEANING } from '../../reports/legend.ts';
import { clockTime } from './announce.ts';
import { say } from './terminal.ts';

interface Progress {
  readonly lanes: number;
  readonly quiet: boolean;
  readonly compress: number;
}

export function suiteProgress(
  entries: readonly SuiteEntry[],
  { lanes, quiet, compress }: Progress,
): Pick<SuitePlaying, 'onStart' | 'onEnd'> {
  if (quiet) return { onStart: () => {}, onEnd: () => {} };
  const startedMs = systemClock.epochMs();
  const totalMs = entries.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  const ended = new Map<string, number>();
  const place = ({ key }: SuiteEntry) =>
    `[${entries.findIndex((one) => one.key === key) + 1}/${entries.length}]`;
  const less = ({ plan }: SuiteEntry) =>
    plan.compress < compress ? `, ${plan.compress}x: its expectations hold no further` : '';
  return {
    onStart: (entry, attempt) =>
      say(
        `${place(entry)} ${pc.bold(entry.key)}${attempt === 1 ? '' : `, attempt ${attempt}`}: takes about ${formatMs(entry.expectedMs)}${less(entry)}`,
      ),
    onEnd: (entry, { verdict, reasons: [reason] }) => {
      ended.set(entry.key, entry.expectedMs);
      const nowMs = systemClock.epochMs();
      const doneMs = [...ended.values()].reduce((sum, ms) => sum + ms, 0);
      // The runs so far tell how fast this machine really is.
      const pace = (nowMs - startedMs) / doneMs;
      const leftMs = (totalMs - doneMs) * (doneMs > 0 ? pace : 1 / lanes);
      const until = leftMs > 0 ? `; all by ${clockTime(new Date(nowMs + leftMs))}` : '';
      const why = verdict === 'pass' || reason === undefined ? '' : ` (${reason})`;
      say(`${place(entry)} ${VERDICT_MEANING[verdict].mark} ${verdict} ${entry.key}${why}${until}`);
    },
  };
}
