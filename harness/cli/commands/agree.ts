// The words and options of `agree`.

import { wishOptions } from '../wishOptions.ts';
import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  wishOptions(y)
    .positional('paths', {
      ...textOption(
        'scenarios to play by real browsers, or folders of runs that were; none: what was measured before is simulated again',
      ),
      array: true,
      default: [],
    })
    .options({
      measured: textOption(
        'the file of what was measured before; that of the package when not said',
      ),
      json: flagOption('print the tables as JSON'),
    })
    .example('$0 agree', 'the measured cases of the package, simulated by this version')
    .example('$0 agree scenarios/agreement/*.yaml', 'measure them here, about 70 s each')
    .example('$0 agree runs/my-drill/latest', 'one real run against its simulation');

export type AgreeArguments = Chosen<typeof options>;
