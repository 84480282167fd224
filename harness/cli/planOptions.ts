// The options that bend a scenario into a plan; the same for every command.

import { numberOption, textOption, wholeOption, type Argv } from './options.ts';

/** A month in less than an hour; beyond, everything is at the same time. */
const COMPRESS_MAX = 10_000;

/** The number of viewers; its limit is for the machine to say. */
export const viewersOption = wholeOption(
  'viewers',
  [1, 100_000_000],
  'at least one viewer must watch, or there is nothing to measure',
);

/** Those that fit any number of scenarios at once. */
export const bendOptions = <T>(y: Argv<T>) =>
  y.options({
    compress: {
      ...numberOption(
        'compress',
        [1, COMPRESS_MAX],
        '60 plays an hour in a minute; 1 plays at full length',
      ),
      default: 1,
      describe: "divide the scenario's own times by this; components keep their timers",
    },
    seed: {
      ...wholeOption(
        'seed',
        [0, 0x7fffffff],
        'a report names the seed of its run: it plays the same chances again',
      ),
      describe: 'play the same chances again',
    },
    viewers: { ...viewersOption, describe: 'instead of the count in the scenario' },
  });

export const planOptions = <T>(y: Argv<T>) =>
  bendOptions(y).options({
    design: textOption('instead of the design in the scenario'),
    variant: textOption('a variant that the scenario describes'),
    player: textOption('instead of the players in its browsers'),
  });
