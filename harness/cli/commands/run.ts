// `run FILE`: the whole way through, from a scenario file to a verdict.

import type { Command } from '../command.ts';
import { finish } from '../finish.ts';
import { catchInterrupt } from '../interrupt.ts';
import { planFor, planOptions, type PlanArguments } from '../planFor.ts';
import { printError } from '../printError.ts';
import { rehearse, settingFor, type Wishes } from '../rehearse.ts';
import { wishOptions } from '../wishOptions.ts';

interface RunArguments extends PlanArguments, Wishes {
  readonly file: string;
  readonly json: boolean;
}

export const runCommand: Command<RunArguments> = {
  builder: (y) =>
    wishOptions(planOptions(y))
      .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
      .option('json', { type: 'boolean', default: false, describe: 'print report.json at the end' })
      .example(
        '$0 run scenarios/incidents/orange-2025-09-12.yaml --compress 60',
        'forty minutes in forty seconds',
      )
      .example('$0 run my.yaml --viewers 12 --json > report.json', 'for scripts'),
  handler: async (argv) => {
    const plan = await planFor(argv.file, argv);
    using interrupt = catchInterrupt((text) => process.stderr.write(`${text}\n`));
    const setting = await settingFor(argv, interrupt.signal);
    const { report, end, files } = await rehearse(
      plan,
      { wishes: argv, setting },
      interrupt.signal,
    );
    if (end.error) process.exitCode = printError(end.error, { json: argv.json });
    for (const leftover of end.leftovers) process.stderr.write(`left behind: ${leftover}\n`);
    finish({ report, files, json: argv.json });
  },
};
