// Carries a planned action out on every flow it concerns, and asks the witness of each flow what
// it saw. A flow is one proxy: a link, narrowed to a channel where the link has one per channel.

import type { Clock } from '../kernel/clock.ts';
import { healFault, injectFault } from '../faults/registry.ts';
import { provenBy, type Answer, type Proof } from '../faults/proof.ts';
import { witnessName, witnessOf, type AnswerWitness, type Witness } from '../faults/witness.ts';
import { HarnessError } from '../model/errors.ts';
import type { StatsRecord } from '../model/history.ts';
import { occurrenceOf, type PlannedAction } from '../model/plan.ts';
import type { Design, Link } from '../model/scenario.ts';
import type { Address, StartedProxy } from '../model/world.ts';
import type { ActionPlayer } from './actions.ts';
import type { StartedPipeline } from './provision.ts';
import type { Recorder } from './recorder.ts';
import { channelsOf, flowOf } from './topology.ts';

export interface LinkActionsOptions {
  readonly design: Design;
  /** Kept since before the first fault: a witness must have seen bytes to miss them. */
  readonly stats: readonly StatsRecord[];
  readonly pipeline: StartedPipeline;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly runStartedAtEpochMs: number;
  readonly answerMs: AnswerMs;
  readonly signal: AbortSignal;
}

/** Asks the far side through a proxy: time to its answer, undefined when none came in time. */
export type AnswerMs = (through: Address, withinMs: number) => Promise<number | undefined>;

/** Reports of stages are kept this long for witnesses: a rate needs some seconds before a fault. */
const KEPT_STATS_MS = 30_000;
/** Witnesses report four times a second. */
const ASK_EVERY_MS = 250;

/** Before the first fault: who answers now, so that silence later means something. */
export interface LinkActions extends ActionPlayer {
  readonly askBefore: (actions: readonly PlannedAction[]) => Promise<void>;
}

export function createLinkActions(options: LinkActionsOptions): LinkActions {
  const doneAtMs = new Map<string, number>();
  const before = new Map<string, Answer>();
  const inTurn = turns();
  return {
    askBefore: async (actions) => {
      const flows = new Map(
        actions.flatMap((action) =>
          flowsOf(action, options).map((flow) => [flow.proxy.name, { action, flow }] as const),
        ),
      );
      await Promise.all(
        [...flows].map(async ([name, { action, flow }]) => {
          const witness = witnessFor(action, flow, options);
          if (witness.kind === 'answer') before.set(name, await ask(witness, flow, options));
        }),
      );
    },
    apply: async (action) => {
      await onEveryFlow(action, inTurn, options);
      doneAtMs.set(action.id, options.clock.epochMs() - options.runStartedAtEpochMs);
    },
    prove: async (action) => {
      if (action.prove === false) return;
      const done = doneAtMs.get(action.id) ?? 0;
      await Promise.all(
        flowsOf(action, options).map((flow) =>
          proveFlow({ action, flow, done, before: before.get(flow.proxy.name) }, options),
        ),
      );
    },
  };
}

interface Flow {
  readonly link: Link;
  /** The channel a witness is asked about; the first one where channels share the flow. */
  readonly channel: string;
  readonly proxy: StartedProxy;
}

/** Every flow once, also when several channels share it. */
function flowsOf(action: PlannedAction, { design, pipeline }: LinkActionsOptions): Flow[] {
  const flows = new Map<string, Flow>();
  for (const link of design.links.filter(({ name }) => action.fault.links.includes(name)))
    for (const channel of channelsOf(design)) {
      if (!action.fault.channels.includes(channel.name)) continue;
      const name = flowOf(design, link, channel);
      const proxy = pipeline.proxies.get(name);
      if (!proxy) throw new HarnessError('INTERNAL', `no proxy carries ${name}`, { target: name });
      if (!flows.has(name)) flows.set(name, { link, channel: channel.name, proxy });
    }
  return [...flows.values()];
}

type InTurn = (flow: string, work: () => Promise<void>) => Promise<void>;

/**
 * One after the other on each flow, in the order of the calls: on a busy machine a short fault is
 * due to be healed before it is in force, and what is not there yet cannot be removed.
 */
function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (flow, work) => {
    const turn = (last.get(flow) ?? Promise.resolve()).then(work);
    last.set(
      flow,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

async function onEveryFlow(
  action: PlannedAction,
  inTurn: InTurn,
  options: LinkActionsOptions,
): Promise<void> {
  const { fault, does } = action;
  const id = occurrenceOf(action);
  const one = async ({ proxy }: Flow) => {
    if (does === 'inject') return injectFault(fault, proxy, id);
    if ((await healFault(fault, proxy, id)) === 'recreated')
      warn(options, `${proxy.name}: removing the fault failed, its proxy was created anew`);
  };
  const work = flowsOf(action, options).map((flow) => inTurn(flow.proxy.name, () => one(flow)));
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

interface Question {
  readonly action: PlannedAction;
  readonly flow: Flow;
  readonly done: number;
  /** What its far side answered before the first fault, where it was asked. */
  readonly before: Answer | undefined;
}

async function proveFlow(question: Question, options: LinkActionsOptions): Promise<void> {
  const { action, flow } = question;
  const witness = witnessFor(action, flow, options);
  const proof = await watch(witness, question, options);
  options.recorder.emit({
    type: 'proof',
    action: action.id,
    link: flow.proxy.name,
    witness: witnessName(witness),
    ...proof,
  });
}

const witnessFor = (
  { fault }: PlannedAction,
  { link, channel }: Flow,
  { design }: LinkActionsOptions,
): Witness => witnessOf({ fault, link, channel, design });

const ask = async (
  { patienceMs }: AnswerWitness,
  { proxy }: Flow,
  { answerMs }: LinkActionsOptions,
): Promise<Answer> => ({ ms: await answerMs(proxy.hostAddress, patienceMs) });

/** Asks until it is proven, the bound has passed, or the run is over. */
async function watch(
  witness: Witness,
  question: Question,
  options: LinkActionsOptions,
): Promise<Proof> {
  const { action, done, flow, before } = question;
  const { clock, runStartedAtEpochMs, signal, stats } = options;
  const untilMs = done + (witness.kind === 'none' ? 0 : witness.withinMs);
  const answers: Answer[] = [];
  for (;;) {
    const { does, fault } = action;
    if (witness.kind === 'answer') answers.push(await ask(witness, flow, options));
    const proof = provenBy({
      ...{ does, fault, witness, doneAtMs: done },
      ...{ stats, runStartedAtEpochMs, answers, before },
    });
    const nowMs = clock.epochMs() - runStartedAtEpochMs;
    if (proof.proven || nowMs >= untilMs || signal.aborted) return proof;
    await clock.sleep(ASK_EVERY_MS, signal).catch(() => undefined);
  }
}

/** What stages report from now on: the array grows at its end and is trimmed at its front. */
export function keepStats(recorder: Recorder): readonly StatsRecord[] {
  const kept: StatsRecord[] = [];
  recorder.subscribe((record) => {
    if (record.type !== 'stats') return;
    kept.push(record);
    while ((kept[0]?.atMs ?? Infinity) < record.atMs - KEPT_STATS_MS) kept.shift();
  });
  return kept;
}

const warn = ({ recorder }: LinkActionsOptions, text: string): void =>
  recorder.emit({ type: 'log', level: 'warning', text });
