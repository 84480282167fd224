// What a calibration does instead of a timeline: transcoders are told to put in losses of known
// length, and every viewer is watched until it has seen the last of them, and a quiet time.

import type { Clock } from '../kernel/clock.ts';
import { waitFor } from '../kernel/deadline.ts';
import { HarnessError } from '../model/errors.ts';
import { ageOfCounterMs } from '../model/frameClock.ts';
import { MARK } from '../model/history.ts';
import type { LossKind } from '../model/calibration.ts';
import type { Design } from '../model/scenario.ts';
import type { StartedStage } from '../model/world.ts';
import type { StartedPipeline } from './provision.ts';
import type { Recorder } from './recorder.ts';
import type { Exercise } from './runner.ts';
import { chainOf, channelsOf, instanceOf } from './topology.ts';

export interface PlannedLoss {
  readonly kind: LossKind;
  readonly forMs: number;
}

export interface CalibrationPlan {
  readonly design: Design;
  /** In this order, on every channel at once. */
  readonly losses: readonly PlannedLoss[];
  /** Watched after the last of them. */
  readonly quietMs: number;
  /** Everybody who is to see them. */
  readonly viewers: readonly string[];
}

/**
 * Programme between two losses: enough to tell them apart at viewers whose latencies differ, and
 * no multiple of a segment, so that losses meet its boundaries at every distance.
 */
export const BETWEEN_LOSSES_MS = 4_300;

/** Viewers show what was put out a few segments ago; beyond this they are not waited for. */
const SEEN_WITHIN_MS = 30_000;
/** Programme a viewer must show after the last loss: flashes shorter than a second do not end one. */
const AFTER_LAST_MS = 1_500;

/** Rejects with TOOL_UNFIT when the runtime cannot hand commands to its stages. */
export function calibrating({ design, losses, quietMs, viewers }: CalibrationPlan): Exercise {
  return async ({ pipeline, recorder, clock, signal }) => {
    const transcoders = transcodersOf(design, pipeline);
    const shown = newestShown(recorder, design.media.fps, clock);
    for (const { kind, forMs } of losses) {
      await Promise.all(transcoders.map(async (stage) => stage.command?.({ fill: kind, forMs })));
      await clock.sleep(forMs + BETWEEN_LOSSES_MS, signal);
    }
    const overAtEpochMs = clock.epochMs() - BETWEEN_LOSSES_MS + AFTER_LAST_MS;
    await clock.sleep(quietMs, signal);
    const saw = (viewer: string) => (shown.get(viewer) ?? -Infinity) >= overAtEpochMs;
    await waitFor(
      { ms: SEEN_WITHIN_MS, what: 'every viewer to see the last loss', signal },
      () => viewers.every(saw) || undefined,
    ).catch((error: unknown) => {
      // Who did not see it is for the reading to say.
      if (signal.aborted) throw error;
    });
  };
}

function transcodersOf(design: Design, { stages }: StartedPipeline): readonly StartedStage[] {
  const { transcoder } = chainOf(design);
  return channelsOf(design).map((channel) => {
    const instance = instanceOf(transcoder, channel);
    const stage = stages.get(instance);
    if (stage?.command) return stage;
    throw new HarnessError('TOOL_UNFIT', `${instance} takes no commands on this runtime`, {
      target: instance,
      hint: 'calibrate with --runtime processes',
    });
  });
}

/** When the newest programme picture that each viewer has shown was made. */
function newestShown(recorder: Recorder, fps: number, clock: Clock): ReadonlyMap<string, number> {
  const shown = new Map<string, number>();
  recorder.subscribe((record) => {
    if (record.type !== 'frames') return;
    const last = record.frames.findLast(([, mark]) => mark === MARK.programme);
    if (!last) return;
    const now = clock.epochMs();
    shown.set(record.viewer, now - ageOfCounterMs(last[2], now, fps));
  });
  return shown;
}
