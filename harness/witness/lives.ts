// Proves a new life of a stage: its counters begin again.

import { counterIn } from '../model/counters.ts';
import type { StatsRecord } from '../model/history.ts';
import { unproven, type Proof, type Seen, type Standing, type WitnessKind } from './kind.ts';

export interface LivesWitness extends Standing {
  readonly kind: 'lives';
}

export const lives: WitnessKind<LivesWitness> = {
  name: ({ stage }) => `counters of ${stage}`,
  judge,
};

function judge({ stage }: LivesWitness, seen: Seen): Proof {
  const { does, stats, doneAtMs, begunAtMs = doneAtMs } = seen;
  const reports = stats.filter((record) => record.stage === stage);
  if (does === 'heal') {
    const alive = reports.some(({ atMs }) => atMs > doneAtMs);
    return { proven: alive, observed: `${stage} reports ${alive ? 'again' : 'nothing'}` };
  }
  for (const [index, record] of reports.entries()) {
    const name = record.atMs > begunAtMs ? fellFrom(reports[index - 1], record) : undefined;
    if (name)
      return {
        proven: true,
        observed: `${name} of ${stage} began again at ${counterIn(record, name) ?? 0}`,
      };
  }
  return unproven(`what ${stage} counts did not begin again`);
}

/** Counters that only grow while an instance lives (model/history.ts). */
const GROWING = ['framesOut', 'framesIn', 'bytesIn', 'bytesOut', 'requests', 'uploads'] as const;

const fellFrom = (before: StatsRecord | undefined, record: StatsRecord) =>
  GROWING.find(
    (name) => (counterIn(record, name) ?? Infinity) < ((before && counterIn(before, name)) ?? 0),
  );
