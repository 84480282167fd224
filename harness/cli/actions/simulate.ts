// `simulate FILE`: the same plan in virtual time, from a scenario file to a verdict.

import { EXIT, HarnessError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import type { AgentChoices } from '../../model/simulated.ts';
import { planAnywhere, planFor } from '../../rehearsal/plan.ts';
import { finish } from '../finish.ts';
import { catchInterrupt } from '../interrupt.ts';
import { printError } from '../printError.ts';
import { print } from '../terminal.ts';
import type { SimulateArguments } from '../commands/simulate.ts';

export async function playVirtually(argv: SimulateArguments): Promise<void> {
  requireEngine(argv);
  const plan = await planFor(argv.file, argv, planAnywhere);
  if (argv.hysteresis) return tellHysteresis(plan, argv);
  const { report, error, files } = await play(plan, argv);
  if (error !== undefined) process.exitCode = printError(error, { json: argv.json });
  finish({ report, files, json: argv.json });
}

/** Each engine loads what it needs. Agents have no moment at which to hear a signal: it ends the program. */
async function play(plan: Plan, argv: SimulateArguments) {
  if (argv.engine === 'virtual-player') {
    const { simulateRehearsal } = await import('../../rehearsal/simulate.ts');
    using interrupt = catchInterrupt();
    return await simulateRehearsal(plan, argv.out, interrupt.signal, { workers: argv.workers });
  }
  const { rehearseAgents } = await import('../../rehearsal/simulateAgents.ts');
  return rehearseAgents(plan, readChoices(argv), argv.out);
}

const readChoices = ({ audience, agents, exact, capacity }: SimulateArguments): AgentChoices => ({
  audience,
  agents,
  exact,
  capacities: capacity,
});

async function tellHysteresis(plan: Plan, argv: SimulateArguments): Promise<void> {
  const { findHysteresis } = await import('../../rehearsal/hysteresis.ts');
  const { renderHysteresis } = await import('../../../reports/hysteresis.ts');
  const found = findHysteresis(plan, readChoices(argv));
  print((argv.json ? JSON.stringify(found, null, 2) : renderHysteresis(found)).trimEnd());
  const isMetastable = found.levels.some((level) => level.isMetastable);
  process.exitCode = isMetastable ? EXIT.fail : EXIT.pass;
}

function requireEngine(argv: SimulateArguments): void {
  const { engine, audience, agents, exact, capacity, hysteresis } = argv;
  const given = Object.entries({
    '--audience': audience !== undefined,
    '--agents': agents !== undefined,
    '--exact': exact,
    '--hysteresis': hysteresis,
    '--capacity': Object.keys(capacity).length > 0,
  }).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (engine !== 'agents' && given.length > 0)
    throw new HarnessError('ARGUMENT_INVALID', `${given.join(', ')}: only agents know it`, {
      hint: 'leave --engine virtual-player out',
    });
  if (exact && agents !== undefined)
    throw new HarnessError('ARGUMENT_INVALID', '--agents and --exact exclude each other', {
      hint: '--exact plays everybody; leave one of them out',
    });
}
