// The words and options of `simulate`.

import {
  flagOption,
  textOption,
  wholeOption,
  workersOption,
  type Argv,
  type Chosen,
} from '../options.ts';
import { planOptions } from '../planOptions.ts';
import { PART_VIEWERS_MAX } from '../../simulate/parts.ts';
import { readCapacities } from '../readCapacities.ts';

export const audienceOption = wholeOption(
  'audience',
  [1, 1_000_000_000],
  'write ten million as 10000000 or 1e7',
);

export const agentsOption = wholeOption(
  'agents',
  [1, 1_000_000],
  'p99 needs 299 and p99.9 needs 2995; more take longer',
);

export const options = (y: Argv) =>
  planOptions(y)
    .positional('file', { ...textOption('scenario file (YAML)'), demandOption: true })
    .options({
      engine: {
        choices: ['virtual-player', 'agents'] as const,
        default: 'agents' as const,
        describe:
          'agents: the whole audience, by the numbers of players; virtual-player: the players, page, packager and uploader of a run in virtual time',
      },
      audience: {
        ...audienceOption,
        describe: 'agents: viewers in all, instead of those that the scenario stands for',
      },
      agents: {
        ...agentsOption,
        describe: 'agents: how many play for the audience, 2000 a class of edges when not said',
      },
      exact: flagOption('agents: plays everybody, those who are alike at once'),
      capacity: {
        ...textOption(
          'agents: requests a second that a class of stages can serve, NAME=NUMBER[,queue=500ms][,refusal=0.2][,retry-after=10s][,admits=playing]',
        ),
        array: true,
        default: [],
        // Numbers once they have been looked at.
        coerce: readCapacities,
      },
      workers: {
        ...workersOption,
        describe: `virtual-player: threads for the parts of more than ${PART_VIEWERS_MAX} viewers`,
      },
      hysteresis: flagOption(
        'agents: loads up and down through the faults, and whether an overload stays (exit 1)',
      ),
      out: { ...textOption('where the run folder is made'), default: 'runs' },
      json: flagOption('print report.json at the end'),
    })
    .example('$0 simulate scenarios/incidents/orange-2025-09-12.yaml', 'the night at full length')
    .example('$0 simulate my.yaml --audience 10300000', 'ten million viewers')
    .example(
      '$0 simulate my.yaml --engine virtual-player --compress 60',
      'to hold beside a compressed run',
    );

export type SimulateArguments = Chosen<typeof options>;
