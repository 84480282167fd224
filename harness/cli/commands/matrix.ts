// The words and options of `matrix`.

import { wishOptions } from '../wishOptions.ts';
import { flagOption, type Argv, type Chosen } from '../options.ts';

const listed = { type: 'string' as const, requiresArg: true as const };

export const options = (y: Argv) =>
  wishOptions(y)
    .default('runtime', 'processes' as never)
    .options({
      players: {
        ...listed,
        default: 'hls.js,shaka,video.js',
        describe: 'separated by commas; `list players` says which there are',
      },
      answers: {
        ...listed,
        default: 'stale,404,503,hang,refuse,empty,truncated',
        describe: 'what an edge answers while it is wrong, separated by commas',
      },
      moments: {
        ...listed,
        default: 'running',
        describe: 'running, joining (switched on in the outage), or both with a comma',
      },
      length: { ...listed, default: '40s', describe: 'how long the answers are wrong' },
      'on-fatal': {
        choices: ['none', 'startLoad', 'reload'] as const,
        default: 'none' as const,
        describe: 'what the application does when a player gives up',
      },
      engine: {
        choices: ['run', 'virtual-player'] as const,
        default: 'run' as const,
        describe:
          'run: real browsers; virtual-player: the same players in virtual time, in seconds',
      },
      json: flagOption('print the result as JSON'),
    })
    .example('$0 matrix', 'every player behind every wrong answer, in one run of two minutes')
    .example('$0 matrix --engine virtual-player --moments running,joining', 'in virtual time')
    .example('$0 matrix --answers 404,stale --moments running,joining', 'fewer answers')
    .example('$0 matrix --players hls.js,dash.js', 'on fragmented MP4, which dash.js takes');

export type MatrixArguments = Chosen<typeof options>;
