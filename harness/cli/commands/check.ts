// The words and options of `check`.

import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('files', {
      ...textOption(
        'a change plan, a scenario with windows and a clock, a design, or notices (.ics, .eml, JSON, .csv)',
      ),
      array: true,
      demandOption: true,
    })
    .options({
      variant: textOption('a variant that the scenario describes'),
      design: textOption('instead of the design in the scenario; for notices'),
      mapping: textOption('what the columns of a .csv mean (YAML)'),
      zone: textOption('time zone of the audience (IANA)'),
      now: textOption('judge as of this instant (ISO 8601)'),
      junit: textOption('write the findings as JUnit XML to this file'),
      json: flagOption('the findings as JSON'),
    })
    .example('$0 check changes.yaml --junit check.xml', 'exit 0 is go, 1 is no-go')
    .example('$0 check notice.ics update.eml --design dual-access-bgp', 'notices, without a plan')
    .example('$0 check changes.csv --mapping columns.yaml --design dual-access-bgp', '');

export type CheckArguments = Chosen<typeof options>;
