// The options of `run` and `compare` on what a rehearsal stands on.

import type { Argv } from 'yargs';
import { DEFAULT_WISHES, RUNTIMES } from '../rehearsal/wishes.ts';

export const wishOptions = <T>(y: Argv<T>) =>
  y
    .option('out', {
      type: 'string',
      default: DEFAULT_WISHES.out,
      describe: 'where the run folder is made',
    })
    .option('runtime', {
      choices: RUNTIMES,
      default: DEFAULT_WISHES.runtime,
      describe: 'what starts the stages; auto: containers where an engine answers',
    })
    .option('browser', {
      choices: ['auto', 'host', 'container'] as const,
      default: DEFAULT_WISHES.browser,
      describe: 'where the players run; auto: an installed browser, else a container',
    })
    .option('chrome', { type: 'string', describe: 'the Chromium or Chrome to use' })
    .option('toxiproxy', {
      type: 'string',
      default: DEFAULT_WISHES.toxiproxy,
      describe: 'auto, official, embedded, or the URL of a server',
    })
    .option('quiet', { type: 'boolean', default: false, describe: 'no progress' });
