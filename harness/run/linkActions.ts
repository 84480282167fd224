// Carries a planned action out on every flow it concerns, and asks the witness of each flow what
// it saw. A flow is one proxy: a link, narrowed to a channel where the link has one per channel.

import type { Clock } from '../kernel/clock.ts';
import { createForceLog, lastingBeside, type ForceLog } from '../faults/inForce.ts';
import { neverSeen, seenBehind, viewOf, withPatience, type View } from '../witness/mask.ts';
import { ASKED_MIN, medianMs } from '../witness/answers.ts';
import { healFault, injectFault } from '../faults/registry.ts';
import { provenBy } from '../witness/proof.ts';
import type { Proof } from '../witness/question.ts';
import { witnessName, witnessOf, type AnswerWitness, type Witness } from '../witness/witness.ts';
import type { Answer } from '../model/answer.ts';
import { HarnessError } from '../model/errors.ts';
import type { StatsRecord } from '../model/history.ts';
import { occurrenceOf, type PlannedAction } from '../model/plan.ts';
import { isOnStages, type Design, type Link, type LinkFault } from '../model/scenario.ts';
import type { Probe, StartedProxy } from '../model/world.ts';
import type { ActionPlayer } from './actions.ts';
import type { StartedPipeline } from './provision.ts';
import type { Recorder } from './recorder.ts';
import { channelsOf, flowOf } from '../design/flows.ts';
import { hopsOf } from '../design/hops.ts';
import { turns, type InTurn } from './turns.ts';

export interface LinkActionsOptions {
  readonly design: Design;
  /** Kept since before the first fault: a witness must have seen bytes to miss them. */
  readonly stats: readonly StatsRecord[];
  readonly pipeline: StartedPipeline;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly runStartedAtEpochMs: number;
  readonly probe: Probe;
  readonly signal: AbortSignal;
}

/** Reports of stages are kept this long for witnesses: a rate needs some seconds before a fault. */
const KEPT_STATS_MS = 30_000;
/** The steady state is the time just before the first fault; long ago it may have begun. */
const STEADY_MS = 10_000;
/** Witnesses report four times a second. */
const ASK_EVERY_MS = 250;

/** Plays actions on links; `askBefore` learns who answers, so that silence later tells. */
export interface LinkActions extends ActionPlayer {
  readonly askBefore: (actions: readonly PlannedAction[]) => Promise<void>;
}

export function createLinkActions(options: LinkActionsOptions): LinkActions {
  const doneAtMs = new Map<string, number>();
  const before = new Map<string, Answer>();
  const steady: StatsRecord[] = [];
  const inTurn = turns();
  const log = createForceLog();
  return {
    askBefore: async (actions) => {
      const asked = new Map<string, { flow: Flow; witness: AnswerWitness }>();
      for (const action of actions)
        for (const flow of flowsOf(action, options)) {
          const witness = witnessFor(action, flow, options);
          if (witness.kind === 'answer') asked.set(flow.proxy.name, { flow, witness });
        }
      await Promise.all(
        [...asked].map(async ([name, { flow, witness }]) =>
          before.set(name, await askOften(witness, flow, options)),
        ),
      );
      const fromMs = nowMs(options) - STEADY_MS;
      steady.push(...options.stats.filter(({ atMs }) => atMs >= fromMs));
    },
    apply: async (action) => {
      await onEveryFlow(action, { inTurn, log }, options);
      doneAtMs.set(action.id, nowMs(options));
    },
    prove: async (action) => {
      if (action.prove === false) return;
      const done = doneAtMs.get(action.id) ?? 0;
      await Promise.all(
        flowsOf(action, options).map((flow) =>
          proveFlow(
            { action, flow, done, log, steady, before: before.get(flow.proxy.name) },
            options,
          ),
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

interface Doing {
  readonly inTurn: InTurn;
  readonly log: ForceLog;
}

async function onEveryFlow(
  action: PlannedAction,
  { inTurn, log }: Doing,
  options: LinkActionsOptions,
): Promise<void> {
  const act = action.does === 'inject' ? inject : heal;
  const work = flowsOf(action, options).map((flow) =>
    inTurn(flow.proxy.name, () => act(action, flow, { log, options })),
  );
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

interface Acting {
  readonly log: ForceLog;
  readonly options: LinkActionsOptions;
}

async function inject(action: PlannedAction, flow: Flow, acting: Acting): Promise<void> {
  const { log, options } = acting;
  const { proxy } = flow;
  const [fault, id] = [onWire(action, flow, options), occurrenceOf(action)];
  await injectFault(fault, proxy, id);
  log.begin(proxy.name, { id, of: action.of, fault, fromMs: nowMs(options) });
}

/** Making a proxy anew takes everything off it: what is still to be in force comes back at once. */
async function heal(action: PlannedAction, flow: Flow, acting: Acting): Promise<void> {
  const { log, options } = acting;
  const { proxy } = flow;
  const [fault, id] = [onWire(action, flow, options), occurrenceOf(action)];
  const others = lastingBeside(log.on(proxy.name), id);
  const healedBy = await healFault(fault, proxy, { id, others });
  log.end(proxy.name, id, nowMs(options));
  if (healedBy === 'removed') return;
  const again = others.map(({ of }) => of).join(', ');
  const text = `${proxy.name}: removing ${id} failed, its proxy was created anew`;
  warn(options, again === '' ? text : `${text} and ${again} put on it again`);
}

/** For a proxy forward is away from who connects; an edge connects against the way of the picture. */
function onWire(action: PlannedAction, { link }: Flow, { design }: LinkActionsOptions): LinkFault {
  const fault = linkFaultOf(action);
  const hop = hopsOf(design).find((one) => one.link?.name === link.name);
  if (fault.direction === undefined || hop?.client.name === link.from) return fault;
  return { ...fault, direction: fault.direction === 'forward' ? 'backward' : 'forward' };
}

function linkFaultOf({ fault, id }: PlannedAction): LinkFault {
  if (!isOnStages(fault)) return fault;
  throw new HarnessError('INTERNAL', `a proxy cannot do what is done to stages: ${fault.kind}`, {
    target: id,
  });
}

const nowMs = ({ clock, runStartedAtEpochMs }: LinkActionsOptions): number =>
  clock.epochMs() - runStartedAtEpochMs;

interface Question {
  readonly action: PlannedAction;
  readonly flow: Flow;
  readonly done: number;
  readonly log: ForceLog;
  /** The answer of its far side before the first fault, where it was asked. */
  readonly before: Answer | undefined;
  /** The reports of stages before the first fault. */
  readonly steady: readonly StatsRecord[];
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

const ask = (
  { patienceMs }: AnswerWitness,
  { proxy }: Flow,
  { probe }: LinkActionsOptions,
): Promise<Answer> =>
  probe.ask({ at: proxy.hostAddress, withinMs: patienceMs, asks: { kind: 'exchange' } });

/** The middle of several answers; the first that does not come is enough to know that none does. */
async function askOften(
  witness: AnswerWitness,
  flow: Flow,
  options: LinkActionsOptions,
): Promise<Answer> {
  const answers: Answer[] = [];
  while (answers.length < ASKED_MIN) {
    const answer = await ask(witness, flow, options);
    if (answer.ms === undefined) return answer;
    answers.push(answer);
  }
  return { ms: medianMs(answers) };
}

/** Asks until it is proven, the bound has passed, it can be seen no more, or the run is over. */
async function watch(
  witness: Witness,
  question: Question,
  options: LinkActionsOptions,
): Promise<Proof> {
  const { clock, signal } = options;
  const answers: Answer[] = [];
  let view = viewNow(witness, question);
  for (;;) {
    const patient = withPatience(witness, flowNow(question));
    if (patient.kind === 'answer' && view.sinceMs !== undefined)
      answers.push(await ask(patient, question.flow, options));
    const now = viewNow(witness, question);
    // Another fault came in the way while we asked: what was heard is nobody's.
    if (now.sinceMs !== view.sinceMs) answers.length = 0;
    view = now;
    const proof = proofOf(view, { ...question, witness: patient, answers }, options);
    if (proof.proven || signal.aborted || patient.kind === 'none') return proof;
    if (view.never) return neverSeen(view);
    if (nowMs(options) >= (view.sinceMs ?? Infinity) + patient.withinMs) return proof;
    await clock.sleep(ASK_EVERY_MS, signal).catch(() => undefined);
  }
}

const flowNow = ({ action, flow, log }: Question) => ({
  id: occurrenceOf(action),
  onFlow: log.on(flow.proxy.name),
});

const viewNow = (witness: Witness, question: Question): View =>
  viewOf({
    ...flowNow(question),
    does: question.action.does,
    fault: linkFaultOf(question.action),
    witness,
    doneAtMs: question.done,
  });

interface Hearing extends Question {
  readonly witness: Witness;
  readonly answers: readonly Answer[];
}

/** Proves an action from what a witness has seen since it could see the action by itself. */
function proofOf(view: View, hearing: Hearing, options: LinkActionsOptions): Proof {
  const { action, witness, answers, before, steady } = hearing;
  const { stats } = options;
  if (view.sinceMs === undefined && witness.kind !== 'none')
    return { proven: false, observed: `${view.behind.join(' and ')} stood before it to the end` };
  const proof = provenBy({
    ...{ does: action.does, fault: action.fault, witness, answers, before, steady },
    ...{ doneAtMs: view.sinceMs ?? hearing.done, stats },
    afterAnother: view.behind.length > 0,
  });
  return seenBehind(view, proof);
}

/** Keeps stage reports from now on: the array grows at its end and is trimmed at its front. */
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
