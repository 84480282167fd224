// Reports of stages with their figures by name, as stages have them: `bytesIn` of the stage,
// `bytesInBy` of its links.

import type { StageFigures } from '../../harness/model/counters.ts';
import type { StatsRecord } from '../../harness/model/history.ts';
import { statsLine, type StageStats } from '../../harness/pipeline/contract.ts';

type Told = StageStats & { readonly stage: string; readonly atMs: number; readonly type?: 'stats' };

/** Makes the record of what a stage told. */
export function counted({ stage, atMs, type = 'stats', ...stats }: Told): StatsRecord {
  const { counters, fill, wrongIn, contribution } = statsLine(0, stats);
  return {
    type,
    stage,
    atMs,
    counters,
    ...(fill && { fill }),
    ...(wrongIn && { wrongIn }),
    ...(contribution && { contribution }),
  };
}

/** The figures of a report by their names again. */
export function figuresIn({ counters }: Pick<StatsRecord, 'counters'>): StageFigures {
  const figures: Record<string, unknown> = {};
  for (const { name, link, value } of counters) {
    if (link === undefined) figures[name] = value;
    else figures[`${name}By`] = { ...(figures[`${name}By`] as object), [link]: value };
  }
  return figures;
}
