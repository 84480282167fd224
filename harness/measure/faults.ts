// Joins the planned, the done and the witnessed into each fault as it was really in force. A staged
// restore gives one result per step: its channels share a beginning, not an end.

import { sumCutMs } from '../model/cutTime.ts';
import type { ActionRecord, History, HistoryRecord, ProofRecord } from '../model/history.ts';
import { groupHeals, occurrenceId, type PlannedAction } from '../model/plan.ts';
import type { FaultResult, ProofResult } from '../model/report.ts';
import { isOnStages, type Fault } from '../model/scenario.ts';
import type { Interval } from './spans.ts';

/** Gives the faults in the order of the plan. */
export function listFaults(history: History): FaultResult[] {
  const log = indexRecords(history);
  return log.actions
    .filter(({ does }) => does === 'inject')
    .flatMap((inject) => findHeals(inject, log).map((heal) => describeFault(inject, heal, log)));
}

interface IndexedRecords {
  readonly actions: readonly PlannedAction[];
  readonly channels: readonly string[];
  /** Start of the disrupt phase, from which planned times count. */
  readonly disruptMs: number;
  readonly done: ReadonlyMap<string, ActionRecord>;
  /** By the occurrence of the fault, in the order of the plan. */
  readonly heals: ReadonlyMap<string, readonly PlannedAction[]>;
  /** By the action, in the order in which they came. */
  readonly proofs: ReadonlyMap<string, readonly ProofRecord[]>;
}

function indexRecords({ run, records }: History): IndexedRecords {
  const { actions, scenario } = run.plan;
  return {
    actions,
    channels: scenario.design.channels,
    disruptMs: disruptedAtMs(records) ?? 0,
    done: actionsDone(records),
    heals: groupHeals(actions),
    proofs: groupProofs(records),
  };
}

/** The words of witnesses by the action that they are about, in the order in which they came. */
export const groupProofs = (
  records: readonly HistoryRecord[],
): ReadonlyMap<string, readonly ProofRecord[]> =>
  Map.groupBy(
    records.filter((record) => record.type === 'proof'),
    ({ action }) => action,
  );

/** The records of actions by the name of each: the last one counts. */
export const actionsDone = (records: readonly HistoryRecord[]): ReadonlyMap<string, ActionRecord> =>
  new Map(
    records.flatMap((record) =>
      record.type === 'action' ? [[record.action, record] as const] : [],
    ),
  );

/** When the disrupt phase began; undefined for a run that ended before. */
export const disruptedAtMs = (records: readonly HistoryRecord[]): number | undefined =>
  records.find((record) => record.type === 'phase' && record.phase === 'disrupt')?.atMs;

interface CarriedOutHeal {
  readonly action: PlannedAction | undefined;
  readonly channels: readonly string[];
}

/**
 * The last step that each channel waits for, with all channels that wait for it: one that goes over
 * a link that all share is not back before that link is. Never healed ones last.
 */
function findHeals(inject: PlannedAction, log: IndexedRecords): CarriedOutHeal[] {
  const undone = undoing(inject, log);
  const heals = new Map<PlannedAction | undefined, string[]>();
  for (const channel of affectedChannels(inject.fault, log.channels)) {
    const action = undone.findLast(({ fault }) =>
      affectedChannels(fault, log.channels).includes(channel),
    );
    heals.set(action, [...(heals.get(action) ?? []), channel]);
  }
  return [...heals].map(([action, healed]) => ({ action, channels: healed }));
}

/** Every step that undoes a part of an inject, in the order of the plan. */
const undoing = (inject: PlannedAction, { heals }: IndexedRecords): readonly PlannedAction[] =>
  heals.get(occurrenceId(inject)) ?? [];

const affectedChannels = (fault: Fault, all: readonly string[]): readonly string[] =>
  fault.channels.length > 0 ? fault.channels : all;

function describeFault(
  inject: PlannedAction,
  heal: CarriedOutHeal,
  log: IndexedRecords,
): FaultResult {
  const begun = log.done.get(inject.id);
  const fromMs = inForceFromMs(inject, begun);
  const ended = heal.action && log.done.get(heal.action.id);
  const proofs = [
    ...lastProofs(inject, heal.channels, log),
    ...undoing(inject, log).flatMap((action) => lastProofs(action, heal.channels, log)),
  ];
  return {
    name: inject.of,
    window: inject.window,
    kind: inject.fault.kind,
    effect: inject.effect,
    verb: inject.verb,
    at: inject.at,
    nature: inject.nature,
    links: faultTargets(inject.fault),
    channels: heal.channels,
    plannedFromMs: whole(begun?.plannedAtMs ?? log.disruptMs + inject.atMs),
    plannedToMs: whole(ended?.plannedAtMs ?? log.disruptMs + (heal.action ?? inject).atMs),
    ...begunBefore(fromMs, begun),
    fromMs: fromMs ?? provenMs(proofs, 'inject'),
    toMs: doneMs(ended) ?? provenMs(proofs, 'heal'),
    ...(wasAsked(inject, log) ? {} : { unasked: true as const }),
    proofs,
  };
}

const begunBefore = (fromMs: number | undefined, begun: ActionRecord | undefined) =>
  begun && fromMs !== undefined && whole(begun.atMs) < fromMs ? { begunMs: whole(begun.atMs) } : {};

/** Tells whether proof was asked for: in a ramp, a flap or bursts not for steps in the middle. */
const wasAsked = (inject: PlannedAction, log: IndexedRecords): boolean =>
  [inject, ...undoing(inject, log)].some(({ prove }) => prove !== false);

/** Lists the targets of a fault for the reader: links, or the stages themselves. */
export const faultTargets = (fault: Fault): readonly string[] =>
  isOnStages(fault) ? fault.stages : fault.links;

const whole = Math.round;

/**
 * A link is hurt when the call that does it has returned; a stage is from its beginning on: what it is
 * told it does at its next picture or request, and one that is stopped and started again at once is
 * gone meanwhile. Undefined when the call failed.
 */
export const inForceFromMs = (
  { fault, does }: PlannedAction,
  record: ActionRecord | undefined,
): number | undefined =>
  isOnStages(fault) && does === 'inject' && record && record.error === undefined
    ? whole(record.atMs)
    : doneMs(record);

/**
 * When what was done is undone, as far as it is the harness's doing: how long a stage then takes to
 * start belongs to the stage.
 */
export const outOfForceMs = (
  { nature }: PlannedAction,
  record: ActionRecord | undefined,
): number | undefined =>
  nature === 'life' && record && record.error === undefined ? whole(record.atMs) : doneMs(record);

const doneMs = (record: ActionRecord | undefined): number | undefined =>
  record && record.error === undefined ? whole(record.doneAtMs) : undefined;

/** A call that failed may still have had its effect, and a witness may have seen it. */
const provenMs = (proofs: readonly ProofResult[], does: 'inject' | 'heal'): number | undefined =>
  proofs.find((proof) => proof.does === does && proof.proven)?.atMs;

/** The last word of each witness on each link of these channels. */
function lastProofs(
  action: PlannedAction,
  channels: readonly string[],
  log: IndexedRecords,
): ProofResult[] {
  const words = new Map<string, ProofResult>();
  for (const { atMs, target: link, ...proof } of log.proofs.get(action.id) ?? []) {
    const { proven, maskedBy, witness, observed } = proof;
    if (!concerns(link, channels, log.channels)) continue;
    const masked = maskedBy === undefined ? {} : { maskedBy };
    const word = { link, does: action.does, proven, ...masked, witness, observed };
    words.set(`${link}\n${witness}`, { ...word, atMs: whole(atMs) });
  }
  return [...words.values()];
}

/** A flow is named `<link>` or `<link>.<channel>`. */
const concerns = (flow: string, channels: readonly string[], all: readonly string[]): boolean =>
  channels.some((channel) => flow.endsWith(`.${channel}`)) ||
  !all.some((channel) => flow.endsWith(`.${channel}`));

/** When a fault was in force; to the end of the record when it was never healed. */
export function inForce(fault: FaultResult, endMs: number): Interval | undefined {
  if (fault.fromMs === undefined) return undefined;
  return { fromMs: fault.fromMs, toMs: Math.max(fault.fromMs, fault.toMs ?? endMs) };
}

/** Time in which at least one cut among these faults was really in force. */
export const cutInForceMs = (faults: readonly FaultResult[], endMs: number): number =>
  sumCutMs(
    faults.filter(({ nature }) => nature === 'cut').flatMap((fault) => inForce(fault, endMs) ?? []),
  );

export const concerning = (faults: readonly FaultResult[], channel: string): FaultResult[] =>
  faults.filter(({ channels }) => channels.includes(channel));
