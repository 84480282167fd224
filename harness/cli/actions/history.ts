// `history`: runs over time, from the index beside them.

import type { Series } from '../../model/series.ts';
import { readRunIndex } from '../../store/runIndex.ts';
import { findSeries } from '../../store/trend.ts';
import {
  renderHistory,
  renderHistoryJson,
  renderHistoryOpenMetrics,
} from '../../../reports/history.ts';
import { renderTrends } from '../../../reports/trends.ts';
import { stripOldRuns } from '../stripOldRuns.ts';
import { near, print, say, terminalHere } from '../terminal.ts';
import type { HistoryArguments } from '../commands/history.ts';

export async function showHistory(argv: HistoryArguments): Promise<void> {
  const { name = '', runs: root, keep, dryRun } = argv;
  const { runs, notes } = readRunIndex(root);
  for (const note of notes) say(`note: ${note}`);
  const series = findSeries(runs).filter((one) => one.name.includes(name));
  if (keep === undefined) return print(render(argv, series).trimEnd());
  stripOldRuns({ root, runs: series.flatMap((one) => one.runs), keep, dryRun }, print);
}

function render(
  { name = '', format, runs: root }: HistoryArguments,
  series: readonly Series[],
): string {
  switch (format) {
    case 'html':
      return renderTrends(series);
    case 'json':
      return renderHistoryJson(series);
    case 'openmetrics':
      return renderHistoryOpenMetrics(series);
    case 'table': {
      if (series.length === 0)
        return `no run in ${near(root)}${name === '' ? '' : ` has a series called ${name}`}`;
      return renderHistory(series, terminalHere(140));
    }
  }
}
