// What is done to a running stage: it dies, is shut down, stands still, or its programme goes wrong.

import { HarnessError } from '../model/errors.ts';
import type { ContentFault, StageFault } from '../model/scenario.ts';
import type { StageFaults, StartedStage } from '../model/world.ts';

/** @throws HarnessError TOOL_UNFIT where the runtime cannot do it. */
export async function injectStageFault(
  fault: StageFault | ContentFault,
  stage: StartedStage,
): Promise<void> {
  if (fault.kind === 'content') return command(stage, { content: CONTENT[fault.shows] });
  const faults = faultsOf(stage);
  switch (fault.does) {
    case 'kill':
      return faults.kill();
    case 'stop':
      return faults.shutDown();
    case 'pause':
      return faults.pause();
  }
}

/** @throws HarnessError TOOL_UNFIT, or STAGE_FAILED when it does not start again. */
export async function healStageFault(
  fault: StageFault | ContentFault,
  stage: StartedStage,
): Promise<void> {
  if (fault.kind === 'content') return command(stage, { content: 'programme' });
  return fault.does === 'pause' ? faultsOf(stage).resume() : faultsOf(stage).restart();
}

/** Words of the playout's commands, harness/pipeline/contract.ts. */
const CONTENT = {
  black: 'black',
  frozen: 'frozen',
  silent: 'silent',
  'wrong-channel': 'wrongChannel',
} as const;

function faultsOf(stage: StartedStage): StageFaults {
  if (stage.faults) return stage.faults;
  throw unfit(stage, 'nothing can be done to stages here');
}

function command(stage: StartedStage, message: Readonly<Record<string, unknown>>): Promise<void> {
  if (stage.command) return stage.command(message);
  throw unfit(stage, 'stages take no commands here');
}

const unfit = ({ instance }: StartedStage, why: string): HarnessError =>
  new HarnessError('TOOL_UNFIT', `${instance}: ${why}`, {
    target: instance,
    hint: 'choose another runtime (--runtime), or a fault on a link',
  });
