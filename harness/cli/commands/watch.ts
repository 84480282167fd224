// The words and options of `watch`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';
import { DEFAULT_WISHES } from '../../rehearsal/wishes.ts';

export const options = (y: Argv) =>
  y
    .positional('url', {
      type: 'string',
      demandOption: true,
      describe: 'playlist of HLS (.m3u8) or manifest of DASH (.mpd)',
    })
    .option('for', {
      type: 'string',
      requiresArg: true,
      default: '60s',
      describe: 'how long, from the first picture on',
    })
    .option('player', {
      type: 'string',
      requiresArg: true,
      describe: 'hls.js, shaka, video.js or dash.js; by the manifest when not said',
    })
    .option('expect', {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [],
      describe: 'what must hold, as in a scenario; the exit code says whether it did',
    })
    .option('out', {
      type: 'string',
      default: DEFAULT_WISHES.out,
      describe: 'where the run folder is made',
    })
    .option('chrome', { type: 'string', describe: 'the Chromium or Chrome to use' })
    .option('quiet', { type: 'boolean', default: false, describe: 'no progress' })
    .option('json', { type: 'boolean', default: false, describe: 'print report.json at the end' })
    .example('$0 watch https://example.org/live/index.m3u8', 'a minute of it')
    .example(
      '$0 watch URL --for 10m --expect "max(blackScreen) <= 1s"',
      'exit 1 when more than a second was black, frozen or stalled',
    );

export type WatchArguments = Chosen<typeof options>;
