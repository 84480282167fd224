// What is done to a running stage: it dies, is shut down, stands still, its programme goes wrong, or
// its answers do.

import { HarnessError } from '../model/errors.ts';
import type { HttpFault, OnStageFault } from '../model/scenario.ts';
import type { StageFaults, StartedStage } from '../model/world.ts';

/** @throws HarnessError TOOL_UNFIT where the runtime cannot do it. */
export async function injectStageFault(fault: OnStageFault, stage: StartedStage): Promise<void> {
  if (fault.kind === 'content') return command(stage, { content: CONTENT[fault.shows] });
  if (fault.kind === 'http') return command(stage, httpCommand(fault));
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
export async function healStageFault(fault: OnStageFault, stage: StartedStage): Promise<void> {
  if (fault.kind === 'content') return command(stage, { content: 'programme' });
  if (fault.kind === 'http') return command(stage, { http: [] });
  return fault.does === 'pause' ? faultsOf(stage).resume() : faultsOf(stage).restart();
}

/** One entry a channel: an origin and an edge serve them all. */
function httpCommand({ match, answer, channels }: HttpFault) {
  const { of, rung, every, ratio } = match;
  const narrowed = {
    ...(rung === undefined ? {} : { rung }),
    ...(every === undefined ? {} : { every }),
    ...(ratio === 1 ? {} : { ratio }),
  };
  return {
    http: channels.map((channel) => ({ match: { kind: of, channel, ...narrowed }, answer })),
  };
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
