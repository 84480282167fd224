// The words and options of `check`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .positional('files', {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        'a change plan, a scenario with windows and a clock, a design, or notices (.ics, .eml, JSON, .csv)',
    })
    .option('variant', { type: 'string', describe: 'a variant that the scenario describes' })
    .option('design', {
      type: 'string',
      describe: 'instead of the design in the scenario; for notices',
    })
    .option('mapping', { type: 'string', describe: 'what the columns of a .csv mean (YAML)' })
    .option('zone', { type: 'string', describe: 'time zone of the audience (IANA)' })
    .option('now', { type: 'string', describe: 'judge as of this instant (ISO 8601)' })
    .option('junit', { type: 'string', describe: 'write the findings as JUnit XML to this file' })
    .option('json', { type: 'boolean', default: false, describe: 'the findings as JSON' })
    .example('$0 check changes.yaml --junit check.xml', 'exit 0 is go, 1 is no-go')
    .example('$0 check notice.ics update.eml --design dual-access-bgp', 'notices, without a plan')
    .example('$0 check changes.csv --mapping columns.yaml --design dual-access-bgp', '');

export type CheckArguments = Chosen<typeof options>;
