// The words and options of `viewers`.

import {
  flagOption,
  textOption,
  wholeOption,
  wordOption,
  type Argv,
  type Chosen,
} from '../options.ts';

const COUNT_MAX = 1_000;

export const options = (y: Argv) =>
  y
    .options({
      join: {
        ...wordOption('URL of the wall, as `run --wall-workers` prints it'),
        demandOption: true,
      },
      token: wordOption('the token of the run; ECRAN_NOIR_WALL_TOKEN when not said'),
      count: {
        ...wholeOption('count', [1, COUNT_MAX], 'leave it out for an equal part of the viewers'),
        describe: 'viewers to show here; an equal part when not said',
      },
      name: wordOption('how reports call this worker; the name of the machine when not said'),
      chrome: textOption('the Chromium or Chrome to use'),
      json: flagOption('errors as JSON'),
    })
    .example('$0 viewers --join http://10.0.0.1:8400 --token T', 'an equal part of the viewers')
    .example('$0 viewers --join http://10.0.0.1:8400 --token T --count 24', 'so many of them')
    .epilogue(
      'Ends with 0 when the run is over, 64 when it refuses this worker (token, name, count),\n69 when no run is there, it goes away, or this is another version (docs/wall.md).',
    );

export type ViewersArguments = Chosen<typeof options>;
