// Finds every instance of a stage that an action concerns, what is done to it, and its witness. An
// instance is a stage, narrowed to a channel where the stage runs per channel.

import { seededRandom } from '../kernel/random.ts';
import { HarnessError } from '../model/errors.ts';
import { occurrenceId, type PlannedAction } from '../model/plan.ts';
import type { Design, OnStageFault } from '../model/scenario.ts';
import type { StartedStage } from '../model/world.ts';
import { witnessOnStage } from '../witness/onStage.ts';
import type { StartedPipeline } from './provision.ts';
import type { Site } from './prove.ts';
import { createStageForce } from './stageForce.ts';
import { listChannels, nameInstance } from '../design/flows.ts';

export interface StageOptions {
  readonly design: Design;
  readonly pipeline: StartedPipeline;
  /** The seed of the run. */
  readonly seed: number;
}

/** Keeps what is in force on each instance, and finds the instances of an action, each once. */
export function stageSites(
  options: StageOptions,
): (action: PlannedAction, fault: OnStageFault) => readonly Site[] {
  const { design, pipeline } = options;
  const force = createStageForce();
  return (action, fault) =>
    hurtInstances(fault, options).map(({ stage, channel }) => {
      const { does } = action;
      const { instance } = stage;
      const id = occurrenceId(action);
      const seed = placeSeed(`${id} at ${instance}`, options);
      const witness = witnessOnStage(fault, { instance, channel, design });
      const asked = witness.kind === 'none' ? undefined : pipeline.stages.get(witness.stage);
      return {
        target: instance,
        witness,
        at: asked?.hostAddress,
        act: () => force({ stage, id, does, fault, seed }),
      };
    });
}

interface Instance {
  readonly stage: StartedStage;
  /** The first of its channels where they share it. */
  readonly channel: string;
}

/** Every instance once, also when several channels share it. */
function hurtInstances(fault: OnStageFault, { design, pipeline }: StageOptions): Instance[] {
  const instances = new Map<string, Instance>();
  for (const stage of design.stages.filter(({ name }) => fault.stages.includes(name)))
    for (const channel of listChannels(design).filter(({ name }) =>
      fault.channels.includes(name),
    )) {
      const name = nameInstance(stage, channel);
      const started = pipeline.stages.get(name);
      if (!started) throw new HarnessError('INTERNAL', `no stage is ${name}`, { target: name });
      if (!instances.has(name)) instances.set(name, { stage: started, channel: channel.name });
    }
  return [...instances.values()];
}

/** The same for the same occurrence at the same place, whatever else the scenario does. */
const placeSeed = (place: string, { seed }: StageOptions): number =>
  Math.floor(seededRandom(seed).fork(place).next() * 2 ** 31);
