// The options of `run` and `compare` on what a rehearsal stands on.

import type { Argv } from 'yargs';

export const wishOptions = <T>(y: Argv<T>) =>
  y
    .option('out', { type: 'string', default: 'runs', describe: 'where the run folder is made' })
    .option('runtime', {
      choices: ['auto', 'containers', 'processes'] as const,
      default: 'auto' as const,
      describe: 'what starts the stages; auto: containers where an engine answers',
    })
    .option('browser', {
      choices: ['auto', 'host', 'container'] as const,
      default: 'auto' as const,
      describe: 'where the players run; auto: an installed browser, else a container',
    })
    .option('chrome', { type: 'string', describe: 'the Chromium or Chrome to use' })
    .option('toxiproxy', {
      type: 'string',
      default: 'auto',
      describe: 'auto, official, embedded, or the URL of a server',
    })
    .option('quiet', { type: 'boolean', default: false, describe: 'no progress' });
