// The words and options of `compare`.

import { flagOption, textOption, wholeOption, type Argv, type Chosen } from '../options.ts';
import { planOptions } from '../planOptions.ts';
import { wishOptions } from '../wishOptions.ts';

export const options = (y: Argv) =>
  wishOptions(planOptions(y))
    .positional('file', { ...textOption('scenario file (YAML)'), demandOption: true })
    .options({
      designs: textOption('names, separated by commas'),
      variants: textOption(
        'names, separated by commas; `all` for every variant and the file as it stands',
      ),
      repeat: {
        ...wholeOption('repeat', [1, 1000], 'three repeats give a useful interval'),
        default: 1,
        describe: 'times each is played: two or more tell a difference from noise',
      },
      parallel: {
        ...wholeOption('parallel', [1, 1000], 'leave it out to let the machine decide'),
        describe: 'rehearsals at the same time; as many as the machine carries when not said',
      },
      json: flagOption('print comparison.json'),
    })
    .conflicts('design', 'designs')
    .conflicts('variant', 'variants')
    .example('$0 compare my.yaml --designs single-access,dual-access-bfd --repeat 3', '')
    .example('$0 compare my.yaml --variants all', 'the file and each of its variants, one table');

export type CompareArguments = Chosen<typeof options>;
