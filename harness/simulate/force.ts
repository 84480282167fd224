// Carries out the actions of a plan on a chain in virtual time, by the numbers of each kind of fault.

import { listChannels, nameFlow, nameInstance } from '../design/flows.ts';
import type { StageInForce, StageNumbers } from '../faults/kind.ts';
import { findKind } from '../faults/kinds.ts';
import { seededRandom } from '../kernel/random.ts';
import { occurrenceId, type PlannedAction } from '../model/plan.ts';
import {
  isOnStages,
  type Design,
  type Fault,
  type LinkFault,
  type OnStageFault,
} from '../model/scenario.ts';
import type { Chain } from './chain.ts';

export interface Force {
  /** Gives the flows and instances that it was done to. */
  readonly apply: (action: PlannedAction) => readonly string[];
}

interface Lasting extends StageInForce<OnStageFault> {
  readonly occurrence: string;
}

export function createForce(design: Design, chain: Chain, seed: number): Force {
  const inForce = new Map<string, readonly Lasting[]>();
  const onStage = (instance: string, action: PlannedAction, fault: OnStageFault): void => {
    const occurrence = occurrenceId(action);
    const others = (inForce.get(instance) ?? []).filter((one) => one.occurrence !== occurrence);
    const drawn = seededRandom(seed).fork(`${occurrence} at ${instance}`).next();
    const begun = { fault, occurrence, seed: Math.floor(drawn * 2 ** 31) };
    const all = action.does === 'inject' ? [...others, begun] : others;
    inForce.set(instance, all);
    if (fault.kind === 'stage') carryLife(chain, instance, { does: action.does, fault });
    else carryNumbers(chain, instance, all);
  };
  return {
    apply: (action) => {
      const { fault } = action;
      if (isOnStages(fault)) {
        const instances = listInstances(fault, design);
        for (const instance of instances) onStage(instance, action, fault);
        return instances;
      }
      const flows = listFlows(fault, design);
      for (const id of flows) {
        const flow = chain.flows.get(id);
        if (action.does === 'inject') flow?.inject(occurrenceId(action), fault);
        else flow?.heal(occurrenceId(action));
      }
      return flows;
    },
  };
}

/** Every flow once, also when several channels share it. */
/** Gives the flows or instances that a fault acts on. */
export const listTargets = (fault: Fault, design: Design): readonly string[] =>
  isOnStages(fault) ? listInstances(fault, design) : listFlows(fault, design);

export const listFlows = ({ links, channels }: LinkFault, design: Design): readonly string[] => [
  ...new Set(
    design.links
      .filter(({ name }) => links.includes(name))
      .flatMap((link) => channels.map((name) => nameFlow(design, link, { name }))),
  ),
];

export const listInstances = (
  { stages, channels }: OnStageFault,
  design: Design,
): readonly string[] => [
  ...new Set(
    design.stages
      .filter(({ name }) => stages.includes(name))
      .flatMap((stage) =>
        listChannels(design)
          .filter(({ name }) => channels.includes(name))
          .map((channel) => nameInstance(stage, channel)),
      ),
  ),
];

interface LifeStep {
  readonly does: 'inject' | 'heal';
  readonly fault: Extract<OnStageFault, { kind: 'stage' }>;
}

function carryLife(chain: Chain, instance: string, { does, fault }: LifeStep): void {
  const life = chain.lives.get(instance);
  const inject = does === 'inject';
  switch (fault.does) {
    case 'kill':
    case 'stop':
      return inject ? life?.end() : life?.begin();
    case 'restart':
      return inject ? life?.begin() : undefined;
    case 'pause':
      return life?.set(inject ? 'paused' : 'works');
    case 'disconnect':
      return life?.set(inject ? 'absent' : 'works');
  }
}

/** Sets everything that is in force on an instance: what is not in force is as it should be. */
function carryNumbers(chain: Chain, instance: string, all: readonly Lasting[]): void {
  const numbers = all.map(({ fault }): StageNumbers => findKind(fault).numbers(fault));
  const playout = chain.playouts.get(instance);
  const transcoder = chain.transcoders.get(instance);
  const origin = chain.origins.get(instance);
  if (playout) playout.showing = numbers.find(({ picture }) => picture)?.picture ?? 'programme';
  if (transcoder)
    transcoder.dateErrorMs = numbers.reduce((sum, { dateErrorMs = 0 }) => sum + dateErrorMs, 0);
  if (origin) origin.disk = numbers.some(({ stores }) => stores === false) ? 'full' : 'free';
  chain.servers.get(instance)?.wrong.command(httpCommand(all));
}

function httpCommand(all: readonly Lasting[]): Readonly<Record<string, unknown>> {
  const http = all.filter(({ fault }) => fault.kind === 'http');
  const [first] = http;
  if (!first) return { http: [] };
  const { acts } = findKind(first.fault);
  return acts.by === 'program' ? acts.message(http) : { http: [] };
}
