// The reports of each stage instance. While a journal is read the figures that the judge asks for
// are packed; one instance at a time is unpacked.

import type { CounterName } from '../model/counters.ts';
import { FILLS, type StatsRecord } from '../model/history.ts';
import { packed, type Packed } from './packed.ts';

/** The figures that the judge asks a stage for. */
const MEASURED = [
  'bytesIn',
  'bytesOut',
  'framesIn',
  'framesOut',
  'framesFilled',
  'framesDropped',
  'uploads',
  'requests',
  'programmeCounter',
  'channelIn',
  'ageInMs',
] as const satisfies readonly CounterName[];
type StageFigure = (typeof MEASURED)[number];

/** One report. `ageInMs` is the largest of its inputs where it has several. */
export type StageReport = { readonly [name in StageFigure]?: number } & {
  readonly atMs: number;
  readonly fill?: StatsRecord['fill'];
  /** Its counters are of several inputs together. */
  readonly severalInputs?: boolean;
};

/** Reports of each stage instance, in order of time. */
export interface StageReports {
  readonly has: (stage: string) => boolean;
  /** One after the other: a night has a hundred thousand of each stage. */
  readonly get: (stage: string) => Iterable<StageReport> | undefined;
}

export interface GrowingReports {
  readonly record: (record: StatsRecord) => void;
  readonly stored: () => StageReports;
}

export function growingReports(): GrowingReports {
  const stages = new Map<string, PackedStage>();
  return {
    record: (record) => {
      const known = stages.get(record.stage);
      const stage = known ?? packedStage();
      if (!known) stages.set(record.stage, stage);
      stage.push(record);
    },
    stored: () => ({
      has: (stage) => stages.has(stage),
      get: (stage) => stages.get(stage)?.unpack(),
    }),
  };
}

type Column = (typeof MEASURED)[number] | 'fill' | 'severalInputs';
const ASKED: ReadonlySet<string> = new Set(MEASURED);

interface PackedStage {
  readonly push: (record: StatsRecord) => void;
  readonly unpack: () => Iterable<StageReport>;
}

/** A column for each figure that the stage has ever had; NaN where a report is without it. */
function packedStage(): PackedStage {
  const atMs = packed();
  const columns = new Map<Column, Packed>();
  const padded = (column: Packed): Packed => {
    while (column.length < atMs.length) column.push(NaN);
    return column;
  };
  const set = (name: Column, value: number) => {
    const column = columns.get(name) ?? packed();
    columns.set(name, column);
    padded(column).push(value);
  };
  return {
    push: (record) => {
      let oldestMs = -Infinity;
      for (const { name, link, value } of record.counters)
        if (name === 'ageInMs') oldestMs = Math.max(oldestMs, value);
        else if (link === undefined && ASKED.has(name)) set(name as Column, value);
      if (oldestMs > -Infinity) set('ageInMs', oldestMs);
      if (record.fill) set('fill', FILLS.indexOf(record.fill));
      if (record.counters.some(({ name, link }) => name === 'bytesIn' && link !== undefined))
        set('severalInputs', 1);
      atMs.push(record.atMs);
    },
    unpack: () => {
      const unpacked = new Map<Column, Float64Array>();
      const values = (name: Column) => {
        const column = columns.get(name);
        const known = unpacked.get(name) ?? (column && padded(column).unpack());
        if (known) unpacked.set(name, known);
        return known;
      };
      const times = atMs.unpack();
      const stage = { atMs: times, values };
      return {
        *[Symbol.iterator]() {
          for (const i of times.keys()) yield new View(stage, i);
        },
      };
    },
  };
}

interface UnpackedStage {
  readonly atMs: Float64Array;
  readonly values: (name: Column) => Float64Array | undefined;
}

/**
 * One report as a window on columns, each of which is unpacked when it is first asked for: there are
 * a hundred thousand reports of each stage in a night.
 */
class View {
  private readonly stage: UnpackedStage;
  private readonly i: number;

  constructor(stage: UnpackedStage, i: number) {
    this.stage = stage;
    this.i = i;
  }

  value(name: Column): number | undefined {
    const value = this.stage.values(name)?.[this.i] ?? NaN;
    return Number.isNaN(value) ? undefined : value;
  }

  get atMs(): number {
    return this.stage.atMs[this.i]!;
  }

  get fill(): StageReport['fill'] {
    return FILLS[this.value('fill') ?? -1];
  }

  get severalInputs(): boolean {
    return this.value('severalInputs') === 1;
  }
}
for (const name of MEASURED)
  Object.defineProperty(View.prototype, name, {
    get(this: View) {
      return this.value(name);
    },
  });
