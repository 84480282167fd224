// Carries a planned action out on stages, and asks for a witness of each, as linkActions.ts does for
// links. An instance is a stage, narrowed to a channel where the stage runs per channel.

import { healStageFault, injectStageFault } from '../faults/stage.ts';
import { provenOnStage } from '../witness/stageProof.ts';
import { stageWitnessName, stageWitnessOf, type StageWitness } from '../witness/stageWitness.ts';
import type { Proof } from '../witness/question.ts';
import { seededRandom } from '../kernel/random.ts';
import type { Answer } from '../model/answer.ts';
import { HarnessError } from '../model/errors.ts';
import { occurrenceOf, type PlannedAction } from '../model/plan.ts';
import { isOnStages, type OnStageFault } from '../model/scenario.ts';
import type { Asks, StartedStage } from '../model/world.ts';
import type { LinkActions, LinkActionsOptions } from './linkActions.ts';
import { createStageForce, type StageForce } from './stageForce.ts';
import { channelsOf, instanceOf } from '../design/flows.ts';
import { turns, type InTurn } from './turns.ts';

/** Witnesses report four times a second. */
const ASK_EVERY_MS = 250;

/** When an action was carried out; a restart takes seconds. */
interface Carried {
  readonly begunAtMs: number;
  readonly doneAtMs: number;
}

export interface StageActionsOptions extends LinkActionsOptions {
  /** The seed of the run. */
  readonly seed: number;
}

/** Plays what is done to stages; hands everything else on. */
export function withStageActions(others: LinkActions, options: StageActionsOptions): LinkActions {
  const carried = new Map<string, Carried>();
  const before = new Map<string, Answer>();
  const doing: Doing = { inTurn: turns(), force: createStageForce() };
  return {
    askBefore: async (actions) => {
      await others.askBefore(actions);
      for (const place of actions.flatMap((action) => placesOf(action, options)))
        if (!before.has(keyOf(place))) await askFirst(place, before, options);
    },
    apply: async (action) => {
      if (!isOnStages(action.fault)) return others.apply(action);
      const begunAtMs = nowMs(options);
      await onEveryInstance(action, doing, options);
      carried.set(action.id, { begunAtMs, doneAtMs: nowMs(options) });
    },
    prove: async (action) => {
      if (!isOnStages(action.fault)) return others.prove(action);
      if (action.prove === false) return;
      const now = nowMs(options);
      const at = carried.get(action.id) ?? { begunAtMs: now, doneAtMs: now };
      await Promise.all(
        placesOf(action, options).map((place) =>
          prove({ action, ...place, ...at, before: before.get(keyOf(place)) }, options),
        ),
      );
    },
  };
}

const nowMs = ({ clock, runStartedAtEpochMs }: LinkActionsOptions): number =>
  clock.epochMs() - runStartedAtEpochMs;

/** The effect of a fault on one instance, and its witness. */
interface PlaceOfFault {
  readonly fault: OnStageFault;
  readonly stage: StartedStage;
  /** The first of its channels where they share it. */
  readonly channel: string;
  readonly witness: StageWitness;
}

const keyOf = ({ stage, witness }: PlaceOfFault): string => `${witness.kind} of ${stage.instance}`;

/** Every instance once, also when several channels share it. */
function placesOf(
  { fault }: PlannedAction,
  { design, pipeline }: LinkActionsOptions,
): readonly PlaceOfFault[] {
  if (!isOnStages(fault)) return [];
  const places = new Map<string, PlaceOfFault>();
  for (const stage of design.stages.filter(({ name }) => fault.stages.includes(name)))
    for (const channel of channelsOf(design).filter(({ name }) => fault.channels.includes(name))) {
      const instance = instanceOf(stage, channel);
      const started = pipeline.stages.get(instance);
      if (!started)
        throw new HarnessError('INTERNAL', `no stage is ${instance}`, { target: instance });
      if (places.has(instance)) continue;
      const witness = stageWitnessOf(fault, { instance, channel: channel.name, design });
      places.set(instance, { fault, stage: started, channel: channel.name, witness });
    }
  return [...places.values()];
}

/** Silence means something later where somebody answers now. */
async function askFirst(
  place: PlaceOfFault,
  before: Map<string, Answer>,
  options: LinkActionsOptions,
): Promise<void> {
  const { kind } = place.witness;
  const answer = kind === 'answer' || kind === 'request' ? await ask(place, options) : undefined;
  if (answer) before.set(keyOf(place), answer);
}

interface Doing {
  readonly inTurn: InTurn;
  readonly force: StageForce;
}

async function onEveryInstance(
  action: PlannedAction,
  { inTurn, force }: Doing,
  options: StageActionsOptions,
): Promise<void> {
  const { does } = action;
  const id = occurrenceOf(action);
  const change = does === 'inject' ? injectStageFault : healStageFault;
  const work = placesOf(action, options).map(({ fault, stage }) => {
    const act = () => change(fault, stage, seedOf(action, stage, options));
    const { instance } = stage;
    return inTurn(instance, () => force({ instance, id, does, fault, act }));
  });
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The same for the same occurrence at the same place, whatever else the scenario does. */
const seedOf = (action: PlannedAction, { instance }: StartedStage, { seed }: StageActionsOptions) =>
  Math.floor(
    seededRandom(seed)
      .fork(`${occurrenceOf(action)} at ${instance}`)
      .next() *
      2 ** 31,
  );

interface Question extends PlaceOfFault, Carried {
  readonly action: PlannedAction;
  /** The answer to the witness before the first fault, where it was asked. */
  readonly before: Answer | undefined;
}

async function prove(question: Question, options: LinkActionsOptions): Promise<void> {
  const { action, stage, witness } = question;
  const proof = await watch(question, options);
  options.recorder.emit({
    type: 'proof',
    action: action.id,
    link: stage.instance,
    witness: stageWitnessName(witness),
    ...proof,
  });
}

/** Asks until it is proven, the bound has passed, or the run is over. */
async function watch(question: Question, options: LinkActionsOptions): Promise<Proof> {
  const { action, fault, witness, doneAtMs, begunAtMs, before } = question;
  const { clock, signal, stats } = options;
  const untilMs = doneAtMs + (witness.kind === 'none' ? 0 : witness.withinMs);
  const answers: Answer[] = [];
  for (;;) {
    const answer = await ask(question, options);
    if (answer) answers.push({ ...answer, atMs: nowMs(options) });
    const proof = provenOnStage({
      ...{ does: action.does, fault, witness, doneAtMs, begunAtMs },
      ...{ stats, answers, before },
    });
    if (proof.proven || nowMs(options) >= untilMs || signal.aborted) return proof;
    await clock.sleep(ASK_EVERY_MS, signal).catch(() => undefined);
  }
}

/** Undefined for a witness that speaks by itself, in its reports. */
async function ask(
  place: PlaceOfFault,
  { pipeline, probe }: LinkActionsOptions,
): Promise<Answer | undefined> {
  const { witness } = place;
  const at = pipeline.stages.get(witness.kind === 'none' ? '' : witness.stage)?.hostAddress;
  const asks = questionOf(place);
  if (!at || !asks || !('patienceMs' in witness)) return undefined;
  return probe.ask({ at, withinMs: witness.patienceMs, asks });
}

function questionOf({ fault, witness, channel }: PlaceOfFault): Asks | undefined {
  switch (witness.kind) {
    case 'answer':
      return { kind: 'exchange' };
    case 'dates':
      return { kind: 'dates', channel };
    case 'store':
      return { kind: 'store' };
    case 'request':
      return fault.kind === 'http' ? { kind: 'http', fault, channel } : undefined;
    case 'counter':
    case 'reports':
    case 'lives':
    case 'sight':
    case 'format':
    case 'limits':
    case 'none':
      return undefined;
  }
}
