// The words and options of `doctor`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .option('chrome', { type: 'string', describe: 'the Chromium or Chrome to ask' })
    .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
    .example('$0 doctor --json', 'for scripts; exit 69 when a run cannot be played here');

export type DoctorArguments = Chosen<typeof options>;
