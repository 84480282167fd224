// The options of `run` and `compare` on what a rehearsal stands on.

import { DEFAULT_WISHES, RUNTIMES } from '../rehearsal/wishes.ts';
import { flagOption, textOption, type Argv } from './options.ts';

export const wishOptions = <T>(y: Argv<T>) =>
  y.options({
    out: { ...textOption('where the run folder is made'), default: DEFAULT_WISHES.out },
    runtime: {
      choices: RUNTIMES,
      default: DEFAULT_WISHES.runtime,
      describe: 'what starts the stages; auto: containers where an engine answers',
    },
    browser: {
      choices: ['auto', 'host', 'container'] as const,
      default: DEFAULT_WISHES.browser,
      describe: 'where the players run; auto: an installed browser, else a container',
    },
    chrome: textOption('the Chromium or Chrome to use'),
    toxiproxy: {
      ...textOption('auto, official, embedded, or the URL of a server'),
      default: DEFAULT_WISHES.toxiproxy,
    },
    quiet: flagOption('no progress'),
  });
