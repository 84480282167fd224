// `history`: runs over time, from the index beside them.

import { join } from 'node:path';
import pc from 'picocolors';
import type { IndexedRun } from '../../model/indexedRun.ts';
import { cannotWrite } from '../../run/recorder.ts';
import { findOldRuns, stripRun } from '../../store/retention.ts';
import { readRunIndex } from '../../store/runIndex.ts';
import { findSeries } from '../../store/trend.ts';
import {
  renderHistory,
  renderHistoryJson,
  renderHistoryOpenMetrics,
} from '../../../reports/history.ts';
import { near, print, say } from '../terminal.ts';

export interface HistoryArguments {
  readonly name: string | undefined;
  readonly runs: string;
  readonly format: 'table' | 'json' | 'openmetrics';
  readonly keep: number | undefined;
  readonly dryRun: boolean;
}

export async function showHistory(argv: HistoryArguments): Promise<void> {
  const { runs, notes } = readRunIndex(argv.runs);
  for (const note of notes) say(`note: ${note}`);
  if (argv.keep !== undefined) strip(argv, runs, argv.keep);
  else print(render(argv, runs).trimEnd());
}

function render(
  { name = '', format, runs: root }: HistoryArguments,
  runs: readonly IndexedRun[],
): string {
  const series = findSeries(runs).filter((one) => one.name.includes(name));
  switch (format) {
    case 'json':
      return renderHistoryJson(series);
    case 'openmetrics':
      return renderHistoryOpenMetrics(series);
    case 'table': {
      if (series.length === 0)
        return `no run in ${near(root)}${name === '' ? '' : ` has a series called ${name}`}`;
      return renderHistory(series, {
        columns: process.stdout.columns || 140,
        colours: pc.isColorSupported,
      });
    }
  }
}

function strip(
  { runs: root, dryRun, name = '' }: HistoryArguments,
  runs: readonly IndexedRun[],
  keep: number,
): void {
  const wanted = findSeries(runs)
    .filter((one) => one.name.includes(name))
    .flatMap((one) => one.runs);
  const old = findOldRuns(root, wanted, keep);
  for (const one of old) {
    try {
      if (!dryRun) stripRun(root, one);
    } catch (error) {
      throw cannotWrite(join(root, one.dir), error);
    }
    print(`${dryRun ? 'would strip' : 'stripped'} ${one.dir}: ${megabytes(one.bytes)} MB`);
  }
  const total = old.reduce((sum, { bytes }) => sum + bytes, 0);
  print(`${old.length} runs, ${megabytes(total)} MB; their reports stay`);
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
