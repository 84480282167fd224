// The words and options of `watch`.

import { DEFAULT_WISHES } from '../../rehearsal/wishes.ts';
import { flagOption, textOption, wordOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('url', {
      ...textOption('playlist of HLS (.m3u8) or manifest of DASH (.mpd)'),
      demandOption: true,
    })
    .options({
      for: { ...wordOption('how long, from the first picture on'), default: '60s' },
      player: wordOption('hls.js, shaka, video.js or dash.js; by the manifest when not said'),
      expect: {
        ...wordOption('what must hold, as in a scenario; the exit code says whether it did'),
        array: true,
        default: [],
      },
      out: { ...textOption('where the run folder is made'), default: DEFAULT_WISHES.out },
      chrome: textOption('the Chromium or Chrome to use'),
      quiet: flagOption('no progress'),
      json: flagOption('print report.json at the end'),
    })
    .example('$0 watch https://example.org/live/index.m3u8', 'a minute of it')
    .example(
      '$0 watch URL --for 10m --expect "max(blackScreen) <= 1s"',
      'exit 1 when more than a second was black, frozen or stalled',
    );

export type WatchArguments = Chosen<typeof options>;
