// The words and options of `history`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';
import { wholeOption } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('name', { type: 'string', describe: 'only series with this in their name' })
    .option('runs', {
      type: 'string',
      default: 'runs',
      requiresArg: true,
      describe: 'the folder of the runs; its index is made and kept there',
    })
    .option('format', {
      choices: ['table', 'html', 'json', 'openmetrics'] as const,
      default: 'table' as const,
      describe: 'html: a page of trends; json for scripts, openmetrics for Prometheus',
    })
    .option('keep', {
      ...wholeOption(
        'keep',
        [1, 1_000_000],
        'of each series so many stay whole; of older ones report.json',
      ),
      describe: 'strip all but so many runs of each series to their report',
    })
    .option('dry-run', { type: 'boolean', default: false, describe: 'with --keep: only show' })
    .example('$0 history', 'every series with its last verdicts and trend')
    .example('$0 history orange', 'all figures of one')
    .example('$0 history --format html > runs/trends.html', 'charts, linked to each run')
    .example('$0 history --keep 30', 'journals of older runs go, their figures stay');

export type HistoryArguments = Chosen<typeof options>;
