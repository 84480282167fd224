// Decides whether a viewer has the programme again: it shows what was made after the last planned
// action on the way of its channel, for the hold time, as the run asked while it waited
// (model/hold.ts).
//
//   made   p p p p b b b p p p p p p
//   shown          p p p p b b b p p p p     back
//                  p p p p                   unseen: all it shows was made before the heal
//                  p p p p s s s s s s s     lost

import {
  extendHold,
  heldMs,
  findLastActions,
  madeAtMs,
  newHold,
  type FrameTimes,
} from '../model/hold.ts';
import type { EndRecord, History } from '../model/history.ts';
import type { Finding, RecoveryState, ScreenClass } from '../model/report.ts';
import type { Screen } from './classify.ts';
import { durationText } from './durationText.ts';
import { GLITCH_MS } from './thresholds.ts';
import { isProgramme, type Frames } from './tracks.ts';

export type Recovery =
  | { readonly is: 'back' | 'lost' }
  /** The viewer left at its time: there is nothing for it to come back to. */
  | { readonly is: 'gone' }
  /** The record ends before anything made after the last action could be held for long enough. */
  | {
      readonly is: 'unseen';
      /** The record goes on so long after the last action. */
      readonly watchedMs: number;
      /** The viewer is so far behind live. */
      readonly behindMs: number;
    };

export interface HealedWhen extends FrameTimes {
  /** When the last planned action on the way was done; undefined where there was none. */
  readonly madeAfterMs: number | undefined;
  readonly holdMs: number;
  /** The viewer left when the plan said so, and did not return. */
  readonly leftAsPlanned: boolean;
}

/** When the last action on each channel's way was done. */
export function lastActionsIn({ run, records }: History): (channel: string) => number | undefined {
  const actions = findLastActions(run.plan);
  for (const record of records) actions.record(record);
  return actions.doneMs;
}

export function findRecovery(screen: Screen, frames: Frames, healed: HealedWhen): Recovery {
  const { madeAfterMs, holdMs } = healed;
  if (healed.leftAsPlanned) return { is: 'gone' };
  const last = screen.spans.findLast((span) => span.class !== 'unmeasured')?.class;
  const hasProgramme = last === 'programme';
  if (madeAfterMs === undefined) return { is: hasProgramme ? 'back' : 'lost' };
  const { longestMs, lastMs, behindMs } = heldIn(frames, { ...healed, madeAfterMs });
  if (longestMs >= holdMs) return { is: hasProgramme ? 'back' : 'lost' };
  const watchedMs = screen.leaveMs - madeAfterMs;
  const isHolding = hasProgramme && lastMs > -Infinity;
  const wasTooShort = MADE_LONG_AGO.has(last) && behindMs + holdMs > watchedMs;
  return isHolding || wasTooShort
    ? { is: 'unseen', watchedMs: Math.round(watchedMs), behindMs: Math.round(behindMs) }
    : { is: 'lost' };
}

/** Gives the state for reports. A lost screen whose end nobody saw may have come back. */
export function recoveryState({ is }: Recovery, screen: Screen): RecoveryState {
  if (is === 'back') return 'recovered';
  if (is === 'gone') return 'left';
  return is === 'unseen' || endsUnmeasured(screen) ? 'unseen' : 'not-recovered';
}

/** Unmeasured for so long that the picture may have been lost or may have come back meanwhile. */
export function endsUnmeasured({ spans }: Screen): boolean {
  const last = spans.at(-1);
  return last?.class === 'unmeasured' && last.toMs - last.fromMs >= GLITCH_MS;
}

/** Pictures of a viewer who plays: each was made as long ago as the viewer is behind live. */
const MADE_LONG_AGO: ReadonlySet<ScreenClass | undefined> = new Set<ScreenClass>([
  'programme',
  'black',
  'slate',
  'silent',
]);

/** The longest hold, when the last one was extended, and how old the last programme of all was. */
function heldIn(frames: Frames, healed: HealedWhen & { readonly madeAfterMs: number }) {
  const hold = newHold();
  let longestMs = 0;
  let behindMs = 0;
  for (let i = 0; i < frames.count; i++) {
    if (!isProgramme(frames, i)) continue;
    const [atMs, counter] = [frames.atMs[i]!, frames.counter[i]!];
    const frame = { atMs, counter, madeAtMs: madeAtMs(counter, atMs, healed) };
    extendHold(hold, frame, healed.madeAfterMs);
    longestMs = Math.max(longestMs, heldMs(hold));
    behindMs = atMs - frame.madeAtMs;
  }
  return { longestMs, behindMs, lastMs: hold.lastMs };
}

interface Recovering {
  readonly result: { readonly id: string };
  readonly recovery: Recovery;
}

interface WatchedViewer {
  readonly history: History;
  readonly end: EndRecord | undefined;
  readonly audience: readonly Recovering[];
}

/** A run that was played to its end must have shown what came of its faults. */
export function recoveryFindings({ history, end, audience }: WatchedViewer): Finding[] {
  const unseen = audience.flatMap(({ result: { id }, recovery }) =>
    recovery.is === 'unseen' ? [{ id, ...recovery }] : [],
  );
  if (end?.reason !== 'complete' || unseen.length === 0) return [];
  const { holdMs } = history.run.plan.scenario.steady;
  const watchedMs = Math.min(...unseen.map((viewer) => viewer.watchedMs));
  const behindMs = Math.max(...unseen.map((viewer) => viewer.behindMs));
  const who = unseen.map(({ id }) => id).join(', ');
  return [
    {
      rule: 'recovery-unseen',
      verdict: 'inconclusive',
      text: `the run ended ${durationText(watchedMs)} after the last heal, before ${who} had shown programme made after it for ${durationText(holdMs)}; up to ${durationText(behindMs)} behind live, they may not have met the fault yet, or not its end`,
      hint: `Viewers need more than ${durationText(behindMs + holdMs)} after the last heal: set recover.within to that and some seconds.`,
    },
  ];
}
