// The words and options of `doctor`.

import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .options({ chrome: textOption('the Chromium or Chrome to ask'), json: flagOption('as JSON') })
    .example('$0 doctor --json', 'for scripts; exit 69 when a run cannot be played here');

export type DoctorArguments = Chosen<typeof options>;
