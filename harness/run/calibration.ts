// Runs a calibration in place of a timeline: stages are told to put in losses, and every viewer is
// watched until it has seen the last of them, and a quiet time.

import type { Clock } from '../kernel/clock.ts';
import { waitFor } from '../kernel/deadline.ts';
import { HarnessError } from '../model/errors.ts';
import { ageOfCounterMs } from '../model/frameClock.ts';
import { MARK } from '../model/history.ts';
import type { LossKind } from '../model/calibration.ts';
import type { Design, Stage } from '../model/scenario.ts';
import type { StartedStage } from '../model/world.ts';
import type { StartedPipeline } from './provision.ts';
import type { Recorder } from './recorder.ts';
import type { Exercise } from './request.ts';
import { listChannels, nameInstance } from '../design/flows.ts';
import { findEntries, shortestChain, steeredTo } from '../design/hops.ts';
import { findRole } from '../design/roles.ts';

/**
 * At a transcoder the viewer's loss is known to the frame; at the source it is what the chain makes
 * of it; in the delivery segments are withheld, and players stall when they have played what they had.
 */
export type PlannedLoss =
  | { readonly at: 'transcoder' | 'source'; readonly kind: LossKind; readonly forMs: number }
  | { readonly at: 'delivery'; readonly kind: 'withheld'; readonly forMs: number };

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
      if (loss.at === 'delivery') await seenByAll(clock.epochMs());
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
  const { begin, end } = COMMANDS[loss.at];
  await tell(begin(loss));
  await on.clock.sleep(loss.forMs, on.signal);
  if (end) await tell(end);
}

/** The commands in the words of harness/pipeline/contract.ts; without an end it ends by itself. */
const COMMANDS = {
  transcoder: {
    name: 'fill',
    begin: ({ kind, forMs }: PlannedLoss) => ({ fill: kind, forMs }),
    end: undefined,
  },
  source: {
    name: 'content',
    begin: ({ kind }: PlannedLoss) => ({ content: kind === 'freeze' ? 'frozen' : kind }),
    end: { content: 'programme' },
  },
  delivery: {
    name: 'http',
    begin: () => ({ http: [{ match: { kind: 'segment' }, answer: { kind: 'hang' } }] }),
    end: { http: [] },
  },
} as const;

/**
 * Gives the stages where a loss is put in: on one way of the picture the first whose program takes
 * the command, in the delivery every one that viewers ask.
 */
export function stagesAt(place: PlannedLoss['at'], design: Design): readonly Stage[] {
  const takes = (stage: Stage) => findRole(stage).commands.includes(COMMANDS[place].name);
  return place === 'delivery'
    ? [...findEntries(design), ...steeredTo(design)].filter(takes)
    : shortestChain(design).filter(takes).slice(0, 1);
}

/** Every instance at a place once. Throws TOOL_UNFIT for one that takes no commands. */
function startedStages(
  place: PlannedLoss['at'],
  { design, pipeline }: PuttingIn,
): readonly StartedStage[] {
  const instances = new Set(
    stagesAt(place, design).flatMap((stage) =>
      listChannels(design).map((channel) => nameInstance(stage, channel)),
    ),
  );
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
