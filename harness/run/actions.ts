// Plays the timeline: every action at its time, each proven by a witness on the far side.

import type { AlertOptions } from '../alerts/playAlerts.ts';
import type { ActionRecord } from '../model/history.ts';
import type { PlannedAction } from '../model/plan.ts';
import { errorMessage } from '../model/errors.ts';

export interface ActionPlayer {
  /** Carries out one action on all its flows; rejects with LINK_CONTROL_FAILED. */
  readonly apply: (action: PlannedAction) => Promise<void>;
  /** Watches until it is proven or the bound has passed, and records what was seen. */
  readonly prove: (action: PlannedAction) => Promise<void>;
}

export interface TimelineOptions extends Omit<AlertOptions, 'stages' | 'onReady'> {
  readonly player: ActionPlayer;
}

/**
 * Resolves when the last action has been carried out, with a promise of its own for the proofs:
 * witnesses may still be waiting while the viewers already recover.
 */
export async function playTimeline(
  options: TimelineOptions,
): Promise<{ readonly proofs: Promise<unknown> }> {
  const { plan, player, clock, signal } = options;
  const startedAt = clock.epochMs();
  const proofs: Promise<void>[] = [];
  const one = async (action: PlannedAction) => {
    const plannedAt = startedAt + action.atMs;
    await clock.sleepUntil(plannedAt, signal);
    await carryOut(action, plannedAt, options);
    proofs.push(player.prove(action));
  };
  await Promise.all(plan.actions.map(one));
  // Events on paths may have left links alone: viewers are watched to their end all the same.
  await clock.sleepUntil(startedAt + plan.disruptMs, signal);
  return { proofs: Promise.all(proofs) };
}

async function carryOut(
  action: PlannedAction,
  plannedAt: number,
  options: TimelineOptions,
): Promise<void> {
  const { player, emit, clock, runStartedAtEpochMs } = options;
  const begunAt = clock.epochMs();
  const error = await player.apply(action).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const record = {
    type: 'action' as const,
    atEpochMs: begunAt,
    action: action.id,
    does: action.does,
    plannedAtMs: tenth(plannedAt - runStartedAtEpochMs),
    doneAtMs: tenth(clock.epochMs() - runStartedAtEpochMs),
  } satisfies Omit<ActionRecord, 'atMs'> & { atEpochMs: number };
  emit(error === undefined ? record : { ...record, error: errorMessage(error) });
  if (error !== undefined) throw error as Error;
}

/** The journal keeps times to a tenth of a millisecond. */
export const tenth = (ms: number): number => Math.round(ms * 10) / 10;
