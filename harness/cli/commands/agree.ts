// The words and options of `agree`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';
import { wishOptions } from '../wishOptions.ts';

export const options = (y: Argv) =>
  wishOptions(y)
    .positional('paths', {
      type: 'string',
      array: true,
      default: [],
      describe:
        'scenarios to play by real browsers, or folders of runs that were; none: what was measured before is simulated again',
    })
    .option('measured', {
      type: 'string',
      describe: 'the file of what was measured before; that of the package when not said',
    })
    .option('json', { type: 'boolean', default: false, describe: 'print the tables as JSON' })
    .example('$0 agree', 'the measured cases of the package, simulated by this version')
    .example('$0 agree scenarios/agreement/*.yaml', 'measure them here, about 70 s each')
    .example('$0 agree runs/my-drill/latest', 'one real run against its simulation');

export type AgreeArguments = Chosen<typeof options>;
