// Was every fault in force when it was planned to be, and for as long? One that was not is another
// experiment than the one that was asked for, whatever its viewers saw.

import type { ActionRecord, History } from '../model/history.ts';
import { groupHeals, occurrenceId, type PlannedAction } from '../model/plan.ts';
import type { Finding } from '../model/report.ts';
import { durationText } from './durationText.ts';
import { actionsDone, inForceFromMs, outOfForceMs } from './faults.ts';
import { FAULT_LENGTH_OFF_MS, FAULT_LENGTH_OFF_SHARE } from './thresholds.ts';

type Records = ReadonlyMap<string, ActionRecord>;

/** One finding for each inject, with the heal that is furthest off where a restore is staged. */
export function lengthFindings({ run, records }: History): Finding[] {
  const done = actionsDone(records);
  const { actions } = run.plan;
  const heals = groupHeals(actions);
  return actions
    .filter(({ does }) => does === 'inject')
    .flatMap((inject) => lengthFinding(inject, heals.get(occurrenceId(inject)) ?? [], done));
}

function lengthFinding(
  inject: PlannedAction,
  heals: readonly PlannedAction[],
  done: Records,
): Finding[] {
  const stays = heals
    .flatMap((heal) => findStays(inject, heal, done))
    .filter(({ plannedMs, lateMs, lastedMs }) =>
      [lateMs, lastedMs - plannedMs].some((off) => isFarOff(off, plannedMs)),
    );
  const [worst] = stays.toSorted((a, b) => offMs(b) - offMs(a));
  return worst ? [makeFinding(inject, worst)] : [];
}

interface Stay {
  readonly plannedMs: number;
  readonly lastedMs: number;
  /** The time it began later than planned. */
  readonly lateMs: number;
  readonly atMs: number;
}

const offMs = ({ plannedMs, lastedMs, lateMs }: Stay): number =>
  Math.max(Math.abs(lastedMs - plannedMs), lateMs);

const isFarOff = (off: number, plannedMs: number): boolean =>
  Math.abs(off) > Math.max(FAULT_LENGTH_OFF_MS, plannedMs * FAULT_LENGTH_OFF_SHARE);

/** None for an action that was not carried out, or could not be: that has a finding of its own. */
function findStays(inject: PlannedAction, heal: PlannedAction, done: Records): Stay[] {
  const [begun, ended] = [done.get(inject.id), done.get(heal.id)];
  const fromMs = inForceFromMs(inject, begun);
  const toMs = outOfForceMs(heal, ended);
  if (fromMs === undefined || toMs === undefined) return [];
  return [
    {
      plannedMs: ended!.plannedAtMs - begun!.plannedAtMs,
      lastedMs: toMs - fromMs,
      lateMs: fromMs - begun!.plannedAtMs,
      atMs: fromMs,
    },
  ];
}

function makeFinding(
  { id, of }: PlannedAction,
  { plannedMs, lastedMs, lateMs, atMs }: Stay,
): Finding {
  const late = isFarOff(lateMs, plannedMs)
    ? `, from ${durationText(lateMs)} later than planned`
    : '';
  const name = occurrenceId({ id }) === of ? of : `${of} (${occurrenceId({ id })})`;
  return {
    rule: 'fault-length',
    verdict: 'inconclusive',
    text: `${name} was in force for ${durationText(lastedMs)}, planned were ${durationText(plannedMs)}${late}`,
    atMs,
    hint: 'Something kept the harness from its work (a busy machine, a laptop that slept): run it again.',
  };
}
