// Summarises how busy the machine was during a run: the samples of the journal, at median and peak.

import type { History } from '../model/history.ts';
import { isBusy, loadText, type MachineLoad, type MachineRecord } from '../model/machine.ts';
import type { Finding, MachineResult } from '../model/report.ts';
import { medianInPlace, thousandth } from './statistics.ts';

/** Undefined for a record without samples. */
export function summariseMachine({ run, records }: History): MachineResult | undefined {
  const samples = records.filter((record) => record.type === 'machine');
  if (samples.length === 0) return undefined;
  const median = over(samples, (values) => medianInPlace(Float64Array.from(values)) ?? 0);
  const peak = over(samples, (values) => thousandth(Math.max(...values)));
  return { cores: run.environment.cores, samples: samples.length, median, peak };
}

function over(
  samples: readonly MachineRecord[],
  number: (values: readonly number[]) => number,
): MachineLoad {
  const known = (name: 'waitingShare' | 'stealShare') => {
    const values = samples.map((sample) => sample[name]).filter((value) => value !== undefined);
    return values.length > 0 ? { [name]: number(values) } : {};
  };
  return {
    load: number(samples.map(({ load }) => load)),
    running: number(samples.map(({ running }) => running)),
    ...known('waitingShare'),
    ...known('stealShare'),
  };
}

/** The findings that a busy machine may explain. */
const MATTERS: ReadonlySet<string> = new Set([
  'control-suffered',
  'unmeasured',
  'run-failed',
  'truncated',
  'no-programme',
]);

/** One finding, when the machine was busy and another one says that something went wrong. */
export function busyFindings(
  machine: MachineResult | undefined,
  others: readonly Finding[],
): Finding[] {
  if (!machine || !isBusy(machine.peak, machine.cores)) return [];
  if (!others.some(({ rule }) => MATTERS.has(rule))) return [];
  const { median, peak, cores } = machine;
  return [
    {
      rule: 'machine-busy',
      verdict: 'pass',
      text: `the machine was busy, at its peak: ${loadText(peak, cores)} (load at the median ${median.load.toFixed(1)})`,
      hint: 'End what else runs here, or play fewer viewers (--viewers).',
    },
  ];
}
