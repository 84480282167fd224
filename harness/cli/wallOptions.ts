// The options of `run` for a wall over several machines.

import { numberOption, wholeOption, wordOption, type Argv, type Chosen } from './options.ts';

/** Nobody types more commands than this. */
const WORKERS_MAX = 64;
const WAIT_S_MAX = 86_400;

export const wallOptions = <T>(y: Argv<T>) =>
  y.options({
    'wall-workers': {
      ...wholeOption(
        'wall-workers',
        [1, WORKERS_MAX],
        'each is a machine that calls `ecran-noir viewers`',
      ),
      describe: 'show the viewers of the wall on so many other machines, and wait for them',
    },
    'wall-listen': wordOption('HOST:PORT of this machine where workers join and reach the stages'),
    'wall-advertise': wordOption(
      'the host by which workers reach this machine, where it is another',
    ),
    'wall-wait': {
      ...numberOption('wall-wait', [1, WAIT_S_MAX], '300 waits five minutes'),
      default: 300,
      describe: 'seconds to wait for the workers',
    },
  });

type Said = Chosen<typeof wallOptions>;
export type WallArguments = Pick<Said, 'wallWait'> &
  Partial<Pick<Said, 'wallWorkers' | 'wallListen' | 'wallAdvertise'>>;
