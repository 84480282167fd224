// The words and options of `simulate`.

import type { SimulateArguments } from '../actions/simulate.ts';
import type { Command } from '../command.ts';
import { planOptions } from '../planOptions.ts';

export const simulateCommand: Command<SimulateArguments> = {
  builder: (y) =>
    planOptions(y)
      .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
      .option('engine', {
        choices: ['virtual-player'] as const,
        default: 'virtual-player' as const,
        describe:
          'virtual-player: the players, page, packager and uploader of a run in virtual time',
      })
      .option('out', { type: 'string', default: 'runs', describe: 'where the run folder is made' })
      .option('json', { type: 'boolean', default: false, describe: 'print report.json at the end' })
      .example('$0 simulate scenarios/incidents/orange-2025-09-12.yaml', 'the night at full length')
      .example('$0 simulate my.yaml --compress 60 --seed 7', 'to hold beside a compressed run'),
  handler: async (argv) => (await import('../actions/simulate.ts')).playVirtually(argv),
};
