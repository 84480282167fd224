// Records of version 1 as records of version 2, one by one: counters were fields of a report and
// proofs named a link, whether it was one or a stage.

import { listCounters } from '../model/counters.ts';
import { HISTORY_VERSION } from '../model/history.ts';

/** Gives something that is no record at all for what is none of version 1. */
export function fromVersion1(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  switch (record.type) {
    case 'run':
      return { ...record, version: HISTORY_VERSION };
    case 'stats':
      return 'counters' in record ? undefined : convertStats(record);
    case 'proof': {
      const { link, ...rest } = record;
      return 'target' in record ? undefined : { ...rest, target: link, by: 'witness' };
    }
    case 'shown':
    case 'population':
    case 'load':
      return undefined;
    default:
      return value;
  }
}

function convertStats({ type, atMs, stage, ...figures }: Readonly<Record<string, unknown>>) {
  const { fill, wrongIn, contribution } = figures;
  return {
    type,
    atMs,
    stage,
    counters: listCounters(figures),
    fill,
    wrongIn,
    contribution,
  };
}
