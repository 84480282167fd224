// Carries out faults on a running stage: its life, its place on the network, its share of the
// machine, its programme, its clock, its disk, its answers.

import { HarnessError } from '../model/errors.ts';
import type { ContentFault, HttpFault, OnStageFault, StageFault } from '../model/scenario.ts';
import type { StageFaults, StartedStage } from '../model/world.ts';

/**
 * `seed` decides what a fault leaves to chance; the stage's own when not said.
 * @throws HarnessError TOOL_UNFIT where the runtime cannot do it.
 */
export async function injectStageFault(
  fault: OnStageFault,
  stage: StartedStage,
  seed?: number,
): Promise<void> {
  switch (fault.kind) {
    case 'stage':
      return endOrCut(fault.does, faultsOf(stage));
    case 'squeeze':
      return faultsOf(stage).squeeze(fault.limits);
    case 'content':
      return command(stage, contentCommand(fault));
    case 'clock-skew':
      return command(stage, { clockSkewMs: fault.byMs });
    case 'full-disk':
      return command(stage, { disk: 'full' });
    case 'http':
      return command(stage, { ...httpCommand(fault), ...(seed === undefined ? {} : { seed }) });
  }
}

/**
 * Ends a fault on a stage, if need be by a new start. @throws HarnessError TOOL_UNFIT, or
 * STAGE_FAILED when it does not start.
 */
export async function healStageFault(fault: OnStageFault, stage: StartedStage): Promise<void> {
  switch (fault.kind) {
    case 'stage':
      return bringBack(fault.does, faultsOf(stage));
    case 'squeeze':
      return faultsOf(stage).release();
    case 'content':
      return command(stage, { content: 'programme' });
    case 'clock-skew':
      return command(stage, { clockSkewMs: 0 });
    case 'full-disk':
      return command(stage, { disk: 'free' });
    case 'http':
      return command(stage, { http: [] });
  }
}

async function endOrCut(does: StageFault['does'], faults: StageFaults): Promise<void> {
  switch (does) {
    case 'kill':
      return faults.kill();
    case 'stop':
      return faults.shutDown();
    case 'restart':
      await faults.shutDown();
      return faults.restart();
    case 'pause':
      return faults.pause();
    case 'disconnect':
      return faults.disconnect();
  }
}

async function bringBack(does: StageFault['does'], faults: StageFaults): Promise<void> {
  switch (does) {
    case 'kill':
    case 'stop':
      return faults.restart();
    case 'restart':
      return; // it runs again since it was injected
    case 'pause':
      return orRestart(() => faults.resume(), faults);
    case 'disconnect':
      return orRestart(() => faults.reconnect(), faults);
  }
}

/** The second way back: another life has its time and its network. */
const orRestart = (first: () => Promise<void>, faults: StageFaults): Promise<void> =>
  first().catch(() => faults.restart());

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
function contentCommand(fault: ContentFault): Readonly<Record<string, unknown>> {
  switch (fault.shows) {
    case 'black':
    case 'frozen':
    case 'silent':
      return { content: fault.shows };
    case 'wrong-channel':
      return { content: 'wrongChannel' };
    case 'timestamp-jump':
      return { content: 'timestampJump', byMs: fault.byMs };
    case 'resolution':
      return { content: 'resolution', width: fault.width, height: fault.height };
    case 'codec':
      return { content: 'codec', codec: ENCODERS[fault.codec] };
  }
}

const ENCODERS = { mpeg2: 'mpeg2video' } as const;

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
