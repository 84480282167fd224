// The record of a run: append-only, one JSON object a line, readable with its last line cut off.
// A real run and a simulated one write the same records; everything after is computed from them.

import type { AlertRecord, ShownAlert } from './alert.ts';
import type { StoredBins } from './bins.ts';
import type { InterfaceRecord, PassedRecord } from './border.ts';
import type { CmcdRecord } from './cmcd.ts';
import type { ClockOffset } from './clockOffset.ts';
import type { Counter } from './counters.ts';
import type { Evidence } from './evidence.ts';
import type { MachineRecord } from './machine.ts';
import type { Margin } from './margin.ts';
import type { Phase, Plan } from './plan.ts';
import type { BoxEvent, Contribution, Reception, WrongIn } from './received.ts';
import type { PlayerError } from './playerError.ts';
import type { ScreenClass } from './screenClass.ts';
import type { Simulated } from './simulated.ts';
import type { CohortResult, LoadRecord } from './summary.ts';
import type { PlayerSample, ViewerDescription } from './viewer.ts';

export type { PlayerError } from './playerError.ts';
export { weightOf, type PlayerSample, type ViewerDescription } from './viewer.ts';

export const HISTORY_VERSION = 2;

/** `atMs` counts from the start of the run; fractions are kept to a tenth. */
interface At {
  readonly atMs: number;
}

/** First line. `startedAtEpochMs + atMs` is wall-clock time. */
export interface RunRecord extends At {
  readonly type: 'run';
  readonly version: typeof HISTORY_VERSION;
  readonly id: string;
  readonly engine: 'run' | 'simulate';
  /** Absent in a real run. */
  readonly simulated?: Simulated;
  readonly startedAtEpochMs: number;
  readonly harness: string;
  readonly plan: Plan;
  readonly environment: Environment;
  readonly viewers: readonly ViewerDescription[];
  /** The possible error of the ruler on this machine; absent where nobody knew. */
  readonly margin?: Margin;
}

export interface Environment {
  readonly runtime: 'processes' | 'containers' | 'none';
  /** The reason for that runtime, when it was chosen for the user. */
  readonly runtimeReason: string;
  readonly toxiproxy: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly tools: Readonly<Record<string, string>>;
}

/** Records facts on the run's surroundings which its first line could not know. */
export interface EnvironmentRecord extends At {
  readonly type: 'environment';
  /** The one that is used, and why that one. */
  readonly toxiproxy?: string;
  /** Versions of more of them. */
  readonly tools?: Environment['tools'];
}

export interface PhaseRecord extends At {
  readonly type: 'phase';
  readonly phase: Phase;
}

/** Life of a stage instance (`transcoder.one`, `edge`, `control-origin`). */
export interface StageRecord extends At {
  readonly type: 'stage';
  readonly stage: string;
  readonly event: 'starting' | 'ready' | 'stopping' | 'exited' | 'note';
  readonly detail?: string;
  /** `host:port` where this host and its browsers reach it, once it is ready. */
  readonly viewersAt?: string;
}

/** The pictures that a stage puts out in place of its input. */
export const FILLS = ['none', 'repeat', 'black', 'slate', 'paused'] as const;

/** Report of a stage instance, about four times a second. */
export interface StatsRecord extends At {
  readonly type: 'stats';
  readonly stage: string;
  readonly counters: readonly Counter[];
  /** The pictures that a transcoder is putting out. */
  readonly fill?: (typeof FILLS)[number];
  /** The wrong pictures of the input that is shown, since the transcoder started. */
  readonly wrongIn?: WrongIn;
  /** The contribution that arrives at a transcoder, as its transport stream says. */
  readonly contribution?: Contribution;
}

/** A planned action as it was carried out. */
export interface ActionRecord extends At {
  readonly type: 'action';
  readonly action: string;
  readonly does: 'inject' | 'heal';
  readonly plannedAtMs: number;
  readonly doneAtMs: number;
  readonly error?: string;
}

/** Records what a witness on the far side saw of an action. */
export interface ProofRecord extends At {
  readonly type: 'proof';
  readonly action: string;
  /** The flow of a link, or the stage, that the action was done to. */
  readonly target: string;
  /** A model knows what it did in virtual time; in real time it proves nothing. */
  readonly by: 'witness' | 'model';
  readonly proven: boolean;
  /** Other faults that hid it, also from viewers, for as long as it lasted: neither proven nor unproven. */
  readonly maskedBy?: readonly string[];
  readonly witness: string;
  readonly observed: string;
}

/** An act of a player or its application. `fatal` = the player gave up until the latter acts. */
export interface ViewerRecord extends At {
  readonly type: 'viewer';
  readonly viewer: string;
  readonly event:
    | 'join'
    | 'leave'
    | 'waiting'
    | 'playing'
    | 'error'
    | 'fatal'
    | 'startLoad'
    | 'reload'
    | 'level'
    /** Somebody acts by their behaviour; the detail names the act. */
    | 'act'
    | BoxEvent
    | 'alert'
    | 'alert-over'
    | 'evidence'
    | 'page-lost'
    | 'page-back';
  readonly detail?: string;
  /** The error of `error` and `fatal`; older records have the detail only. */
  readonly error?: PlayerError;
  readonly reception?: Reception;
  /** Kept of the beginning or the end of a loss by the event of that name. */
  readonly evidence?: Evidence;
  /** The message that `alert` begins to show, or `alert-over` stopped showing. */
  readonly alert?: ShownAlert;
}

/**
 * Marks of a presented frame: programme (valid clock of the right channel), slate (valid clock
 * with the slate mark), none (no readable clock), other (valid clock of another channel), plain (a
 * picture of a stream that has no frame clock: its counter counts pictures that differ).
 */
export const MARK = { programme: 0, slate: 1, none: 2, other: 3, plain: 4 } as const;
export type Mark = (typeof MARK)[keyof typeof MARK];

/**
 * One presented frame: [atMs, mark, counter (-1 without one), mean luma 0..255]. Two more numbers
 * stand there when the browser presented pictures since the sample before while no code of the page
 * could run: how many, and how far the media went on between the two samples, in milliseconds.
 */
export type FrameSample = readonly [
  atMs: number,
  mark: Mark,
  counter: number,
  luma: number,
  ...unseen: [] | [pictures: number, mediaMs: number],
];

/** Frames presented to one viewer, in order, and the player's state when they were sent. */
export interface FramesRecord extends At {
  readonly type: 'frames';
  readonly viewer: string;
  readonly frames: readonly FrameSample[];
  readonly player: PlayerSample;
}

/**
 * Tells what a viewer was shown from one moment to another, where nothing has to be concluded from single
 * frames: a virtual player knows it. Time between its first and last record that none covers is
 * unmeasured.
 */
export interface ShownRecord extends At {
  readonly type: 'shown';
  readonly viewer: string;
  readonly look: Exclude<ScreenClass, 'left'>;
  /** Since run start, half-open. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The frame clock of the first picture, counted on to the last; of looks with a programme. */
  readonly counter?: number;
  /** `programme` is then media that was played unseen; the judge finds out what was in it. */
  readonly media?: PlayedMedia;
}

/** Media by what its playlist says of it. Times are since run start. */
export interface PlayedMedia {
  /** When the first of it was put out, and the last of its segment. */
  readonly atMs: number;
  readonly endMs: number;
  /** The newest frame clock in the segment, by its name. */
  readonly newest?: number;
}

/**
 * Tells what a cohort of viewers has seen so far: one who is like another in everything but chance is not
 * recorded twice. The last record of a cohort counts.
 */
export interface PopulationRecord extends At, Omit<CohortResult, 'blackScreenMs' | 'lost'> {
  readonly type: 'population';
  /** Viewers who left while they saw no programme and are not back; absent for none. */
  readonly left?: number;
  /** Zaps of all its boxes that ended with a picture, and on an error page; absent where nobody has a box. */
  readonly zaps?: { readonly shown: number; readonly failed: number };
  /** The distribution over its viewers of each metric that is known, by its name. */
  readonly bins: Readonly<Record<string, StoredBins>>;
}

/** The life of a worker, which shows viewers of the run on another machine. */
export interface WorkerRecord extends At {
  readonly type: 'worker';
  readonly worker: string;
  /** `lost`: nothing is known of its viewers from then on. */
  readonly event: 'join' | 'clock' | 'lost' | 'leave';
  /** Its clock as it was measured last. */
  readonly clock?: ClockOffset;
  /** The machine that joins, or the reason of a loss. */
  readonly detail?: string;
}

export interface ScreenshotRecord extends At {
  readonly type: 'screenshot';
  readonly moment: 'before' | 'during' | 'after';
  /** Relative to the run's folder. */
  readonly file: string;
}

export interface LogRecord extends At {
  readonly type: 'log';
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** Last line of a run that ended; its absence means a crash. */
export interface EndRecord extends At {
  readonly type: 'end';
  readonly reason: 'complete' | 'interrupted' | 'guardrail' | 'error';
  readonly detail?: string;
}

export type HistoryRecord =
  | RunRecord
  | EnvironmentRecord
  | PhaseRecord
  | StageRecord
  | StatsRecord
  | CmcdRecord
  | ActionRecord
  | AlertRecord
  | ProofRecord
  | ViewerRecord
  | WorkerRecord
  | FramesRecord
  | ShownRecord
  | PopulationRecord
  | LoadRecord
  | PassedRecord
  | InterfaceRecord
  | MachineRecord
  | ScreenshotRecord
  | LogRecord
  | EndRecord;

/**
 * A record before the recorder has stamped it with the run's time. Until then the time of each
 * frame inside a frames record is wall-clock time too, like `atEpochMs`.
 */
export type Unstamped<R extends HistoryRecord = HistoryRecord> = R extends HistoryRecord
  ? Omit<R, 'atMs'> & { readonly atEpochMs?: number }
  : never;

/** The whole record in memory, as judge reads it. */
export interface History {
  readonly run: RunRecord;
  readonly records: readonly HistoryRecord[];
  /** The last line was cut off or the end record is missing. */
  readonly truncated: boolean;
}
