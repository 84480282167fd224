// `simulate FILE`: the same plan in virtual time, from a scenario file to a verdict.

import { planFor, type PlanChoices } from '../../rehearsal/plan.ts';
import { simulateRehearsal } from '../../rehearsal/simulate.ts';
import { finish } from '../finish.ts';
import { catchInterrupt } from '../interrupt.ts';
import { printError } from '../printError.ts';

export interface SimulateArguments extends PlanChoices {
  readonly file: string;
  readonly engine: 'virtual-player';
  readonly out: string;
  readonly json: boolean;
}

export async function playVirtually(argv: SimulateArguments): Promise<void> {
  const plan = await planFor(argv.file, argv);
  using interrupt = catchInterrupt();
  const { report, error, files } = await simulateRehearsal(plan, argv.out, interrupt.signal);
  if (error !== undefined) process.exitCode = printError(error, { json: argv.json });
  finish({ report, files, json: argv.json });
}
