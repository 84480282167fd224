// The reports of each stage instance. While a journal is read the figures that the judge asks for
// are packed; one instance at a time is unpacked.

import { countersByLink, type Counter, type CounterName } from '../model/counters.ts';
import type { HistoryRecord, StatsRecord } from '../model/history.ts';
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
type Measured = (typeof MEASURED)[number];

/** One report. `ageInMs` is the largest of its inputs where it has several. */
export type StageReport = { readonly [name in Measured]?: number } & {
  readonly atMs: number;
  readonly fill?: StatsRecord['fill'];
  /** Its counters are of several inputs together. */
  readonly severalInputs?: boolean;
};

/** Reports of each stage instance, in order of time. */
export interface StageReports {
  readonly has: (stage: string) => boolean;
  readonly get: (stage: string) => readonly StageReport[] | undefined;
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
      stage.push(reportOf(record));
    },
    stored: () => ({
      has: (stage) => stages.has(stage),
      get: (stage) => stages.get(stage)?.unpack(),
    }),
  };
}

export function stageReportsOf(records: readonly HistoryRecord[]): StageReports {
  const reports = growingReports();
  for (const record of records) if (record.type === 'stats') reports.record(record);
  return reports.stored();
}

function reportOf(record: StatsRecord): StageReport {
  const ages = countersByLink(record, 'ageInMs');
  const whole = record.counters.filter(isMeasured).map(({ name, value }) => [name, value]);
  return {
    ...(Object.fromEntries(whole) as Partial<Record<Measured, number>>),
    ...(ages.length > 0 && { ageInMs: Math.max(...ages) }),
    ...(countersByLink(record, 'bytesIn').length > 0 && { severalInputs: true }),
    ...(record.fill && { fill: record.fill }),
    atMs: record.atMs,
  };
}

const isMeasured = ({ name, link }: Counter): boolean =>
  link === undefined && (MEASURED as readonly CounterName[]).includes(name);

const FILLS = ['none', 'repeat', 'black', 'slate', 'paused'] as const;

const COLUMNS = [...MEASURED, 'fill', 'severalInputs'] as const;
type Column = (typeof COLUMNS)[number];

interface PackedStage {
  readonly push: (report: StageReport) => void;
  readonly unpack: () => StageReport[];
}

/** A column for each figure that the stage has ever had; NaN where a report is without it. */
function packedStage(): PackedStage {
  const atMs = packed();
  const columns = new Map<Column, Packed>();
  const column = (name: Column): Packed => {
    const known = columns.get(name);
    if (known) return known;
    const made = packed();
    for (let i = 0; i < atMs.length; i++) made.push(NaN);
    columns.set(name, made);
    return made;
  };
  return {
    push: (report) => {
      for (const name of COLUMNS) if (report[name] !== undefined) column(name);
      for (const [name, values] of columns)
        if (name === 'fill') values.push(report.fill ? FILLS.indexOf(report.fill) : NaN);
        else values.push(Number(report[name] ?? NaN));
      atMs.push(report.atMs);
    },
    unpack: () => {
      const unpacked = new Map<Column, Float64Array>();
      const values = (name: Column) => {
        const known = unpacked.get(name) ?? columns.get(name)?.unpack();
        if (known) unpacked.set(name, known);
        return known;
      };
      return Array.from(atMs.unpack(), (at, i) => new View(at, i, values) as StageReport);
    },
  };
}

/**
 * One report as a window on columns, each of which is unpacked when it is first asked for: there are
 * a hundred thousand reports of each stage in a night.
 */
class View {
  readonly atMs: number;
  private readonly i: number;
  private readonly column: (name: Column) => Float64Array | undefined;

  constructor(atMs: number, i: number, column: (name: Column) => Float64Array | undefined) {
    this.atMs = atMs;
    this.i = i;
    this.column = column;
  }

  value(name: Column): number | undefined {
    const value = this.column(name)?.[this.i] ?? NaN;
    return Number.isNaN(value) ? undefined : value;
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
