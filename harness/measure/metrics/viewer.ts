// Metrics of each viewer.

import { readRange, type Range } from '../../model/range.ts';
import type { ScreenClass, ViewerResult } from '../../model/report.ts';
import { GLITCH_MS } from '../thresholds.ts';
import { within, type ViewerMetric } from './metric.ts';

/** Everything that a viewer lost in interruptions may be off by the margin, once for each. */
const offMs = ({ interruptions }: ViewerResult, marginMs: number): number =>
  marginMs * Math.max(1, interruptions.length);

export const blackScreen: ViewerMetric = {
  of: 'viewer',
  name: 'blackScreen',
  unit: 'time',
  bounds: (viewer, marginMs) => within(readRange(viewer, 'blackScreenMs'), offMs(viewer, marginMs)),
  live: ({ blackScreenMs }) => blackScreenMs,
};

export const programmeLoss: ViewerMetric = {
  of: 'viewer',
  name: 'programmeLoss',
  unit: 'time',
  bounds: (viewer, marginMs) =>
    within(readRange(viewer, 'programmeLossMs'), offMs(viewer, marginMs)),
  live: ({ programmeLossMs }) => programmeLossMs,
};

/** The time in one class of the ledger: `max(frozen) <= 2s`. */
const loss = (name: ScreenClass): ViewerMetric => ({
  of: 'viewer',
  name,
  unit: 'time',
  bounds: (viewer, marginMs) => {
    const { [name]: low, unmeasured } = viewer.ledger;
    return within({ low, high: low + unmeasured }, offMs(viewer, marginMs));
  },
  live: ({ ledger }) => ledger[name],
});

export const LOSSES = (['frozen', 'black', 'slate', 'stalled', 'starting', 'dead'] as const).map(
  loss,
);

/** All of the programme that nobody listened to may have been silent. */
export const silent: ViewerMetric = {
  of: 'viewer',
  name: 'silent',
  unit: 'time',
  bounds: (viewer, marginMs) => {
    const { silent: low, programme, unmeasured } = viewer.ledger;
    const unheardMs = viewer.sound?.unheardMs ?? programme;
    return within({ low, high: low + unheardMs + unmeasured }, offMs(viewer, marginMs));
  },
  live: ({ ledger }) => ledger.silent,
};

export const unmeasured: ViewerMetric = {
  of: 'viewer',
  name: 'unmeasured',
  unit: 'time',
  bounds: ({ ledger }) => exactly(ledger.unmeasured),
};

export const timeToRecover: ViewerMetric = {
  of: 'viewer',
  name: 'timeToRecover',
  unit: 'time',
  ofNobody: { low: 0, high: 0 },
  /** Infinity for a viewer without the programme at the end; any time where unseen. */
  bounds: (viewer, marginMs) => {
    if (viewer.recovery === 'left') return undefined;
    if (viewer.recovery === 'unseen') return { low: 0, high: Infinity };
    if (!viewer.recovered) return exactly(Infinity);
    return within(readRange(viewer, 'timeToRecoverMs'), marginMs);
  },
};

export const latency: ViewerMetric = {
  of: 'viewer',
  name: 'latency',
  unit: 'time',
  ofNobody: 'no viewer was presented a frame of the programme',
  bounds: ({ latencyMs }) => (latencyMs === undefined ? undefined : exactly(latencyMs)),
};

export const amplification: ViewerMetric = {
  of: 'viewer',
  name: 'amplification',
  unit: 'ratio',
  needsCut: true,
  ofNobody: 'no cut was in force',
  bounds: (viewer, marginMs) =>
    within(readRange(viewer, 'amplification'), offMs(viewer, marginMs) / cutLengthMs(viewer)),
};

/** Gives the cut time that the amplification of a viewer is a share of. */
const cutLengthMs = ({ blackScreenMs, amplification: share }: ViewerResult): number =>
  share ? blackScreenMs / share : Infinity;

export const interruptions: ViewerMetric = {
  of: 'viewer',
  name: 'interruptions',
  unit: 'count',
  bounds: countInterruptions,
};

/**
 * Bounds the number of interruptions: as many could hide in the unmeasured time as are longer than
 * a glitch; and what is as long as one, but for the margin, may be one or not.
 */
export function countInterruptions(viewer: ViewerResult, marginMs: number): Range {
  const longerThan = (ms: number) =>
    viewer.interruptions.filter(({ fromMs, toMs }) => toMs - fromMs >= ms).length;
  return {
    low: longerThan(GLITCH_MS + marginMs),
    high: longerThan(GLITCH_MS - marginMs) + Math.floor(viewer.ledger.unmeasured / GLITCH_MS),
  };
}

const exactly = (value: number): Range => ({ low: value, high: value });
