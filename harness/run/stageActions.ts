// Carries a planned action out on stages, and asks for a witness of each, as linkActions.ts does for
// links. An instance is a stage, narrowed to a channel where the stage runs per channel.

import { askHttp } from '../faults/httpProbe.ts';
import { provenBy, type Answer, type Proof } from '../faults/proof.ts';
import { healStageFault, injectStageFault } from '../faults/stage.ts';
import { stageWitnessOf, witnessName, type Witness } from '../faults/witness.ts';
import type { Clock } from '../kernel/clock.ts';
import { HarnessError } from '../model/errors.ts';
import type { StatsRecord } from '../model/history.ts';
import type { PlannedAction } from '../model/plan.ts';
import { isOnStages, type Design, type OnStageFault } from '../model/scenario.ts';
import type { StartedStage } from '../model/world.ts';
import type { ActionPlayer } from './actions.ts';
import type { StartedPipeline } from './provision.ts';
import type { Recorder } from './recorder.ts';
import { channelsOf, instanceOf } from './topology.ts';

export interface StageActionsOptions {
  readonly design: Design;
  readonly stats: readonly StatsRecord[];
  readonly pipeline: StartedPipeline;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly runStartedAtEpochMs: number;
  readonly signal: AbortSignal;
}

/** Witnesses report four times a second. */
const ASK_EVERY_MS = 250;

/** Plays what is done to stages; hands everything else on. */
export function withStageActions<P extends ActionPlayer>(
  others: P,
  options: StageActionsOptions,
): P {
  const doneAtMs = new Map<string, number>();
  return {
    ...others,
    apply: async (action) => {
      if (!stageFaultOf(action)) return others.apply(action);
      await onEveryInstance(action, options);
      doneAtMs.set(action.id, nowMs(options));
    },
    prove: async (action) => {
      const fault = stageFaultOf(action);
      if (!fault) return others.prove(action);
      if (action.prove === false) return;
      const done = doneAtMs.get(action.id) ?? nowMs(options);
      await Promise.all(
        instancesOf(action, options).map((at) => prove({ action, fault, done, ...at }, options)),
      );
    },
  };
}

const nowMs = ({ clock, runStartedAtEpochMs }: StageActionsOptions): number =>
  clock.epochMs() - runStartedAtEpochMs;

const stageFaultOf = ({ fault }: PlannedAction): OnStageFault | undefined =>
  isOnStages(fault) ? fault : undefined;

interface Instance {
  readonly stage: StartedStage;
  /** The first of its channels where they share it. */
  readonly channel: string;
}

/** Every instance once, also when several channels share it. */
function instancesOf(
  action: PlannedAction,
  { design, pipeline }: StageActionsOptions,
): readonly Instance[] {
  const fault = stageFaultOf(action);
  const instances = new Map<string, Instance>();
  for (const stage of design.stages.filter(({ name }) => fault?.stages.includes(name)))
    for (const channel of channelsOf(design).filter(({ name }) => fault?.channels.includes(name))) {
      const name = instanceOf(stage, channel);
      const started = pipeline.stages.get(name);
      if (!started) throw new HarnessError('INTERNAL', `no stage is ${name}`, { target: name });
      if (!instances.has(name)) instances.set(name, { stage: started, channel: channel.name });
    }
  return [...instances.values()];
}

async function onEveryInstance(action: PlannedAction, options: StageActionsOptions): Promise<void> {
  const fault = stageFaultOf(action);
  if (!fault) return;
  const act = action.does === 'inject' ? injectStageFault : healStageFault;
  const work = instancesOf(action, options).map(({ stage }) => act(fault, stage));
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

interface Question extends Instance {
  readonly action: PlannedAction;
  readonly fault: OnStageFault;
  readonly done: number;
}

async function prove(question: Question, options: StageActionsOptions): Promise<void> {
  const { action, fault, stage, channel } = question;
  const { instance } = stage;
  const witness = stageWitnessOf(fault, { instance, channel, design: options.design });
  const proof = await watch(witness, question, options);
  options.recorder.emit({
    type: 'proof',
    action: action.id,
    link: instance,
    witness: witnessName(witness),
    ...proof,
  });
}

/** Asks until it is proven, the bound has passed, or the run is over. */
async function watch(
  witness: Witness,
  { action, fault, done, stage, channel }: Question,
  options: StageActionsOptions,
): Promise<Proof> {
  const { clock, runStartedAtEpochMs, signal, stats } = options;
  const untilMs = done + (witness.kind === 'none' ? 0 : witness.withinMs);
  const answers: Answer[] = [];
  for (;;) {
    if (witness.kind === 'request' && fault.kind === 'http' && stage.hostAddress)
      answers.push(
        await askHttp({ at: stage.hostAddress, fault, channel, withinMs: witness.patienceMs }),
      );
    const proof = provenBy({
      ...{ does: action.does, fault, witness, doneAtMs: done },
      ...{ stats, runStartedAtEpochMs, answers },
    });
    if (proof.proven || nowMs(options) >= untilMs || signal.aborted) return proof;
    await clock.sleep(ASK_EVERY_MS, signal).catch(() => undefined);
  }
}
