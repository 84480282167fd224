// A fault in the small chain (chain.ts) as a run would have recorded it: the run's own watch says when
// it ends, and the judge gets the record.

import { findTraits } from '../../harness/faults/kinds.ts';
import type { History, HistoryRecord } from '../../harness/model/history.ts';
import type { PlannedAction } from '../../harness/model/plan.ts';
import type { Expectation, Fault } from '../../harness/model/scenario.ts';
import { createSteadyWatch } from '../../harness/run/steadyWatch.ts';
import { AFTER_MS, backMs, sendThrough, type ChainOptions } from './chain.ts';
import { historyOf, viewerOf } from './strip.ts';

export interface PlayOptions extends ChainOptions {
  readonly recoverWithinMs?: number;
  readonly expectations?: readonly Expectation[];
}

export interface PlayedChain {
  /** The history as the run would have recorded it: it ends when its watch waits for nobody. */
  readonly history: History;
  /** Time without the programme, from the first picture on, however long it takes to come. */
  readonly lostMs: number;
  /** The record of the whole, cut off at this moment as if the run had ended then. */
  readonly endedAt: (endMs: number) => History;
  readonly healedMs: number;
  readonly endMs: number;
}

const LOOK_MS = 100;
const HOLD_MS = 3000;

export function playChain(options: PlayOptions): PlayedChain {
  const { records, lostMs } = sendThrough(options);
  const parts = partsOf(options, records);
  const endedAt = (endMs: number) => ended(parts, endMs);
  const endMs = runEndsAt(parts, options);
  return { history: endedAt(endMs), lostMs, endedAt, healedMs: backMs(options), endMs };
}

type Parts = Parameters<typeof historyOf>[0];

function partsOf(options: PlayOptions, records: readonly HistoryRecord[]): Parts {
  const inject = actionOf('inject', options);
  const heal = actionOf('heal', options);
  return {
    viewers: [viewerOf()],
    actions: [inject, heal],
    expectations: options.expectations ?? [],
    scenario: { steady: { holdMs: HOLD_MS, withinMs: 60_000 } },
    records: [
      ...records,
      ...carriedOut(inject, options.atMs),
      ...carriedOut(heal, backMs(options)),
    ].toSorted((a, b) => a.atMs - b.atMs),
  };
}

function actionOf(does: 'inject' | 'heal', options: PlayOptions): PlannedAction {
  const atMs = does === 'inject' ? options.atMs : options.atMs + options.forMs;
  const times = { atMs, scenarioAtMs: atMs, window: undefined, expect: '' };
  const fault = faultOf(options);
  return { id: `fault:${does}`, does, of: 'fault', fault, ...times, ...findTraits(fault) };
}

function faultOf({ kind, place }: ChainOptions): Fault {
  const channels = ['one'];
  switch (kind) {
    case 'cut':
      return { kind, effect: 'drop', links: [place], channels };
    case 'kill':
      return { kind: 'stage', does: kind, stages: [place], channels, links: [] };
    case 'black':
    case 'frozen':
      return { kind: 'content', shows: kind, stages: [place], channels, links: [] };
  }
}

function carriedOut({ id, does, fault }: PlannedAction, doneAtMs: number): HistoryRecord[] {
  const target = ['stages' in fault ? fault.stages : fault.links].flat()[0] ?? '';
  const at = { atMs: doneAtMs, action: id };
  return [
    { type: 'action', ...at, does, plannedAtMs: doneAtMs, doneAtMs },
    {
      type: 'proof',
      ...at,
      target,
      by: 'witness',
      proven: true,
      witness: 'the chain',
      observed: 'it did',
    },
  ];
}

/** When the run's own watch waits for nobody any more, or its patience ends. */
function runEndsAt(parts: Parts, options: PlayOptions): number {
  const { plan, startedAtEpochMs } = ended(parts, 0).run;
  const watch = createSteadyWatch({ plan, viewers: parts.viewers, startedAtEpochMs });
  const deadlineMs = backMs(options) + (options.recoverWithinMs ?? AFTER_MS);
  let next = 0;
  for (let t = backMs(options); t < deadlineMs; t += LOOK_MS) {
    for (; next < parts.records.length && parts.records[next]!.atMs <= t; next++)
      watch.record(parts.records[next]!);
    if (watch.waitingFor(t).length === 0) return t;
  }
  return deadlineMs;
}

/** The record up to a moment, in which the viewer leaves and the run is complete. */
function ended(parts: Parts, endMs: number): History {
  const leave: HistoryRecord = { type: 'viewer', atMs: endMs, viewer: 'v1', event: 'leave' };
  const records = parts.records.filter(({ atMs }) => atMs <= endMs);
  return historyOf({ ...parts, records: [...records, leave] });
}
