// The words and options of `doctor`.

import type { DoctorArguments } from '../actions/doctor.ts';
import type { Command } from '../command.ts';

export const doctorCommand: Command<DoctorArguments> = {
  builder: (y) =>
    y
      .option('chrome', { type: 'string', describe: 'the Chromium or Chrome to ask' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
      .example('$0 doctor --json', 'for scripts; exit 69 when a run cannot be played here'),
  handler: async (argv) => (await import('../actions/doctor.ts')).examine(argv),
};
