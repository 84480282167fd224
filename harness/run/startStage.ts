// Starts one stage instance of a run, and says where others reach it.

import type { CleanupStack } from '../kernel/cleanup.ts';
import type { Clock } from '../kernel/clock.ts';
import { HarnessError } from '../model/errors.ts';
import type { Design, Stage } from '../model/scenario.ts';
import type {
  Address,
  LinkControl,
  Probe,
  Runtime,
  StageLaunch,
  StartedProxy,
  StartedStage,
  Target,
} from '../model/world.ts';
import { findRole } from '../design/roles.ts';

export interface ProvisionOptions {
  readonly design: Design;
  /** Bytes between countries are counted: nothing but proxies joins two stages. */
  readonly countsBorders?: boolean;
  /** A set-top box is among the controls, and hears a group of their path. */
  readonly hasControlBox?: boolean;
  readonly runtime: Runtime;
  readonly links: LinkControl;
  readonly cleanup: CleanupStack;
  readonly onExit: (stage: StartedStage) => void;
  readonly probe: Pick<Probe, 'segmentsAt'>;
  /** Nothing makes a picture before it resolves: everything that starts then costs pictures. */
  readonly beforePicture?: Promise<unknown>;
  /** Segments that must be there before viewers join. */
  readonly segments: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Builder extends ProvisionOptions {
  readonly stages: Map<string, StartedStage>;
  readonly proxies: Map<string, StartedProxy>;
}

type Wanted = Pick<StageLaunch, 'stage' | 'instance'> & Partial<StageLaunch>;

/** Registers its undo the moment it exists. */
export async function start(builder: Builder, wanted: Wanted): Promise<StartedStage> {
  const launch: StageLaunch = {
    media: builder.design.media,
    channel: undefined,
    sendsTo: [],
    ...wanted,
  };
  if (findRole(launch.stage).follows.length === 0) await builder.beforePicture;
  const stage = await builder.runtime.start(launch, builder.signal);
  builder.stages.set(stage.instance, stage);
  builder.cleanup.push(`stop ${stage.instance}`, () => stage.stop());
  void stage.exited.then(() => builder.onExit(stage));
  return stage;
}

/** A stage that takes nothing but datagrams is sent them, also where no link leads there. */
export function directTarget(stage: Stage, started: StartedStage): Target {
  const { transports, connects, servesViewers } = findRole(stage);
  return {
    ...stageAddress(started),
    stage: started.instance,
    viewersAt: started.hostAddress,
    ...(transports.every((transport) => transport === 'udp') && { transport: 'udp' }),
    ...(connects === 'the one before' && !servesViewers && { stream: true }),
  };
}

export function stageAddress(stage: StartedStage): Address {
  if (stage.address) return stage.address;
  throw new HarnessError('INTERNAL', `${stage.instance} serves nothing but something sends to it`);
}

export function reachable(stage: StartedStage): Address {
  if (stage.hostAddress) return stage.hostAddress;
  throw new HarnessError('INTERNAL', `${stage.instance} cannot be reached from this host`);
}
