// The words and options of `history`.

import {
  flagOption,
  textOption,
  wholeOption,
  wordOption,
  type Argv,
  type Chosen,
} from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('name', textOption('only series with this in their name'))
    .options({
      runs: {
        ...wordOption('the folder of the runs; its index is made and kept there'),
        default: 'runs',
      },
      format: {
        choices: ['table', 'html', 'json', 'openmetrics'] as const,
        default: 'table' as const,
        describe: 'html: a page of trends; json for scripts, openmetrics for Prometheus',
      },
      keep: {
        ...wholeOption(
          'keep',
          [1, 1_000_000],
          'of each series so many stay whole; of older ones report.json',
        ),
        describe: 'strip all but so many runs of each series to their report',
      },
      'dry-run': flagOption('with --keep: only show'),
    })
    .example('$0 history', 'every series with its last verdicts and trend')
    .example('$0 history orange', 'all figures of one')
    .example('$0 history --format html > runs/trends.html', 'charts, linked to each run')
    .example('$0 history --keep 30', 'journals of older runs go, their figures stay');

export type HistoryArguments = Chosen<typeof options>;
