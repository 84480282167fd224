// The words and options of `run`.

import { planOptions } from '../planOptions.ts';
import { wallOptions } from '../wallOptions.ts';
import { wishOptions } from '../wishOptions.ts';
import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  wallOptions(wishOptions(planOptions(y)))
    .positional('file', { ...textOption('scenario file (YAML)'), demandOption: true })
    .option('json', flagOption('print report.json at the end'))
    .example(
      '$0 run scenarios/incidents/orange-2025-09-12.yaml --compress 60',
      'forty minutes in forty seconds',
    )
    .example('$0 run my.yaml --viewers 12 --json > report.json', 'for scripts')
    .example(
      '$0 run my.yaml --viewers 48 --wall-workers 2 --wall-listen 10.0.0.1:8400',
      'viewers on two other machines (docs/wall.md)',
    );

export type RunArguments = Chosen<typeof options>;
