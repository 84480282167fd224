// A batch of the page becomes records. The page has a clock of its own; its offset to the
// harness's clock is measured once, and every time that leaves here is the harness's.

import type { FramesRecord, LogRecord, Unstamped, ViewerRecord } from '../harness/model/history.ts';
import type { PageBatch } from './messages.ts';

/**
 * Events first, then frames, all in the harness's epoch milliseconds: also the time of each frame
 * inside a frames record, from which the recorder subtracts the start of the run.
 */
export function batchRecords(batch: PageBatch, offsetMs: number): readonly Unstamped[] {
  return [
    ...eventRecords(batch, offsetMs),
    ...batch.frames.map((frames) => shiftRecord({ ...frames, type: 'frames' }, offsetMs)),
  ];
}

/** The same record with all its times moved. */
export function shiftRecord<R extends Unstamped<ViewerRecord | FramesRecord | LogRecord>>(
  record: R,
  offsetMs: number,
): R {
  const atEpochMs =
    record.atEpochMs === undefined ? {} : { atEpochMs: record.atEpochMs + offsetMs };
  if (record.type !== 'frames') return { ...record, ...atEpochMs };
  const frames = record.frames.map(([atMs, ...seen]) => [atMs + offsetMs, ...seen] as const);
  return { ...record, ...atEpochMs, frames };
}

/** The events alone. */
export const eventRecords = (
  { events }: Pick<PageBatch, 'events'>,
  offsetMs: number,
): readonly Unstamped[] =>
  events.map((event) => ({
    ...event,
    type: 'viewer' as const,
    atEpochMs: event.atEpochMs + offsetMs,
  }));

/** One reading of the page's clock, taken between two readings of ours. */
export interface ClockReading {
  readonly askedAtEpochMs: number;
  readonly pageEpochMs: number;
  readonly answeredAtEpochMs: number;
}

/**
 * Gives the time to add to a time of the page. The reading with the shortest round trip wins: its
 * error is at most half of that trip.
 */
export function estimateOffset(readings: readonly ClockReading[]): number {
  const trip = (r: ClockReading) => r.answeredAtEpochMs - r.askedAtEpochMs;
  const best = readings.reduce((a, b) => (trip(b) < trip(a) ? b : a));
  return (best.askedAtEpochMs + best.answeredAtEpochMs) / 2 - best.pageEpochMs;
}
