// The words between a run and whoever asks for it: what it is given, and how it ended.

import type { Clock } from '../kernel/clock.ts';
import type { HarnessError } from '../model/errors.ts';
import type {
  EndRecord,
  HistoryRecord,
  ScreenshotRecord,
  ViewerDescription,
} from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { LinkControl, PlayerFleet, Probe, Runtime } from '../model/world.ts';
import type { StartedPipeline } from './provision.ts';
import type { Recorder } from './recorder.ts';

/** The needs of a run; each is started in the provision phase and disposed of at the end. */
export interface World {
  readonly clock: Clock;
  readonly startRuntime: (signal: AbortSignal) => Promise<Runtime>;
  readonly startLinks: (signal: AbortSignal) => Promise<LinkControl>;
  readonly startFleet: (signal: AbortSignal) => Promise<PlayerFleet>;
  readonly probe: Probe;
}

/** Watches the run live; `run` only asks it, so that judging stays in its own room. */
export interface Guardrails {
  readonly record: (record: HistoryRecord) => void;
  /** The first one that is broken at this moment. */
  readonly breach: (atMs: number) => { readonly text: string } | undefined;
}

export interface RunRequest {
  readonly plan: Plan;
  readonly viewers: readonly ViewerDescription[];
  readonly world: World;
  readonly recorder: Recorder;
  readonly startedAtEpochMs: number;
  /** Stores a picture of the wall; answers the file's name relative to the run folder. */
  readonly saveScreenshot: (moment: ScreenshotRecord['moment'], png: Uint8Array) => Promise<string>;
  /** The work done in the disrupt phase instead of the plan's timeline. */
  readonly exercise?: Exercise;
  /** The guardrails, asked from the first fault until everybody has recovered. */
  readonly guardrails?: Guardrails;
  /** Aborted by the user (Ctrl-C). */
  readonly signal: AbortSignal;
  /** Aborts the run from within: a stage that died, a journal that cannot be written. */
  readonly stop: AbortController;
}

/** Rejects when it cannot be done; viewers are steady when it begins. */
export type Exercise = (on: {
  readonly pipeline: StartedPipeline;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}) => Promise<void>;

export interface RunEnd {
  readonly reason: EndRecord['reason'];
  readonly error: HarnessError | undefined;
  /** The things that could not be undone; empty when the machine is as it was. */
  readonly leftovers: readonly string[];
}
