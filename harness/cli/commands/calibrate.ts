// The words and options of `calibrate`.

import { flagOption, numberOption, textOption, type Argv, type Chosen } from '../options.ts';
import { viewersOption } from '../planOptions.ts';
import { wishOptions } from '../wishOptions.ts';

/** A day: nobody waits longer by intent. */
const QUIET_MINUTES_MAX = 1_440;

export const options = (y: Argv) =>
  wishOptions(y)
    .default('runtime', 'processes' as never)
    .options({
      design: { ...textOption('whose pipeline and picture'), default: 'single-access' },
      viewers: {
        ...viewersOption,
        coerce: (words: unknown) => String(words).split(',').map(viewersOption.coerce),
        default: '6',
        describe: 'players on the wall; with --screen several, tried until one is too many',
      },
      players: textOption(
        'players in equal shares, separated by commas; the default player when not said',
      ),
      lengths: { ...textOption('of each kind, separated by commas'), default: '200ms,400ms,1s,3s' },
      'quiet-minutes': {
        ...numberOption(
          'quiet-minutes',
          [0, QUIET_MINUTES_MAX],
          '5 is what a machine is judged by',
        ),
        default: 1,
        describe: 'watched afterwards: whatever is reported then is false',
      },
      screen: flagOption('judge the measure by a recording of a display, and keep its margin'),
      'keep-recording': flagOption('with --screen: leave screen.nut in the folder of the run'),
      json: flagOption('print the result as JSON'),
    })
    .example('$0 calibrate --quiet-minutes 5', 'the figures a machine is judged by')
    .example('$0 calibrate --players hls.js,shaka,video.js', 'each player against the truth')
    .example('$0 calibrate --design single-access-cmaf --players dash.js', 'a player of DASH')
    .example(
      '$0 calibrate --design single-access-tv --players settopbox',
      'set-top boxes against the truth',
    )
    .example('$0 calibrate --viewers 12', 'whether it still measures with more viewers')
    .example(
      '$0 calibrate --screen --viewers 6,12,24',
      'the margin of reports, and the limit of the machine',
    );

export type CalibrateArguments = Chosen<typeof options>;
