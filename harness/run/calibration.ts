// Runs a calibration in place of a timeline: stages are told to put in losses, and every viewer is
// watched until it has seen the last of them, and a quiet time.

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
import type { Exercise } from './request.ts';
import { channelsOf, instanceOf } from '../design/flows.ts';
import { stageWith } from '../design/hops.ts';

/**
 * At a transcoder the viewer's loss is known to the frame; at the source it is what the chain makes
 * of it; at the edge segments are withheld, and players stall when they have played what they had.
 */
export type PlannedLoss =
  | { readonly at: 'transcoder' | 'playout'; readonly kind: LossKind; readonly forMs: number }
  | { readonly at: 'edge'; readonly kind: 'withheld'; readonly forMs: number };

export interface CalibrationPlan {
  readonly design: Design;
  /** The losses in this order, on every channel at once. */
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
export const SEEN_WITHIN_MS = 30_000;
/** Programme a viewer must show after the last loss: flashes shorter than a second do not end one. */
const AFTER_LAST_MS = 1_500;

/** Rejects with TOOL_UNFIT when the runtime cannot hand commands to its stages. */
export function calibrating({ design, losses, quietMs, viewers }: CalibrationPlan): Exercise {
  return async ({ pipeline, recorder, clock, signal }) => {
    const put = { design, pipeline, clock, signal };
    // A runtime without commands is told of before anything is put in.
    startedStages('transcoder', put);
    const shown = newestShown(recorder, design.media.fps, clock);
    const seenByAll = async (madeAtEpochMs: number) => {
      const saw = (viewer: string) => (shown.get(viewer) ?? -Infinity) >= madeAtEpochMs;
      await waitFor(
        { ms: SEEN_WITHIN_MS, what: 'every viewer to see the last loss', signal, clock },
        () => viewers.every(saw) || undefined,
      ).catch((error: unknown) => {
        // The reading tells later who did not see it.
        if (signal.aborted) throw error;
      });
    };
    for (const loss of losses) {
      recorder.emit({ type: 'log', level: 'info', text: lossText(loss) });
      await putIn(loss, put);
      if (loss.at === 'edge') await seenByAll(clock.epochMs());
      await clock.sleep(BETWEEN_LOSSES_MS, signal);
    }
    const overAtEpochMs = clock.epochMs() - BETWEEN_LOSSES_MS + AFTER_LAST_MS;
    await clock.sleep(quietMs, signal);
    await seenByAll(overAtEpochMs);
  };
}

interface PuttingIn {
  readonly design: Design;
  readonly pipeline: StartedPipeline;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const lossText = ({ at, kind, forMs }: PlannedLoss): string => `${at}: ${kind} for ${forMs} ms`;

/** Resolves when it is over where it was put in. */
async function putIn(loss: PlannedLoss, on: PuttingIn): Promise<void> {
  const stages = startedStages(loss.at, on);
  const tell = (message: Readonly<Record<string, unknown>>) =>
    Promise.all(stages.map(async (stage) => stage.command?.(message)));
  await tell(COMMAND_OF[loss.at](loss));
  await on.clock.sleep(loss.forMs, on.signal);
  if (loss.at === 'playout') await tell({ content: 'programme' });
  if (loss.at === 'edge') await tell({ http: [] });
}

/** The commands in the words of harness/pipeline/contract.ts. */
const COMMAND_OF = {
  transcoder: ({ kind, forMs }: PlannedLoss) => ({ fill: kind, forMs }),
  playout: ({ kind }: PlannedLoss) => ({ content: kind === 'freeze' ? 'frozen' : kind }),
  edge: () => ({ http: [{ match: { kind: 'segment' }, answer: { kind: 'hang' } }] }),
} as const;

/** Every instance of the role once. Throws TOOL_UNFIT for one that takes no commands. */
function startedStages(
  role: PlannedLoss['at'],
  { design, pipeline }: PuttingIn,
): readonly StartedStage[] {
  const stage = stageWith(design, role);
  const instances = new Set(channelsOf(design).map((channel) => instanceOf(stage, channel)));
  return [...instances].map((instance) => {
    const started = pipeline.stages.get(instance);
    if (started?.command) return started;
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
