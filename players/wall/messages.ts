// Defines the messages between a run and a worker, which shows some of its viewers on another
// machine: one JSON object a line over one connection, in both directions. The worker asks for it by
// an HTTP upgrade, so that a refusal is an HTTP answer with a sentence.

import type {
  FramesRecord,
  LogRecord,
  Unstamped,
  ViewerRecord,
} from '../../harness/model/history.ts';
import type { ErrorCode } from '../../harness/model/errors.ts';
import type { MediaSettings } from '../../harness/model/scenario.ts';
import type { ViewerLaunch } from '../../harness/model/world.ts';

/** The path that a worker asks for, and the protocol that it wants to change to. */
export const WALL_PATH = '/wall';
export const WALL_PROTOCOL = 'ecran-noir-wall';
/** The header in which a worker says who it is: JSON, percent-encoded. */
export const WORKER_HEADER = 'ecran-noir-worker';
/** The environment variable that holds the token of a wall, on both sides. */
export const WALL_TOKEN_VARIABLE = 'ECRAN_NOIR_WALL_TOKEN';

/** A side that has heard nothing for so long takes the other for lost. */
export const SILENCE_MS_MAX = 15_000;
/** More that waits to be sent than this, and the connection is too slow for what is measured. */
export const UNSENT_BYTES_MAX = 16 * 1024 * 1024;
/** Nothing that either side sends is longer. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** A worker as it introduces itself. */
export interface WorkerHello {
  /** Unique on a wall; also in reports. */
  readonly name: string;
  /** The version of the product, which must be that of the run. */
  readonly version: string;
  /** Viewers that it wants to show; its part of all when not said. */
  readonly count?: number | undefined;
  /** Viewers that its machine can show. */
  readonly most: number;
  /** Its machine in words: system, cores, memory. */
  readonly machine: string;
}

/** The page that a worker shows. */
export interface WallShow {
  /** Viewers that it will show, its control not counted. */
  readonly count: number;
  readonly title?: string | undefined;
  readonly seed: number;
  readonly media: MediaSettings;
  /** The script of the page, with the players in it. */
  readonly script: string;
}

/** A question of the run; each is answered by `done` with its number. */
export type WallQuestion =
  | { readonly type: 'clock' }
  | ({ readonly type: 'show' } & WallShow)
  | { readonly type: 'join'; readonly viewers: readonly ViewerLaunch[] }
  | { readonly type: 'leave'; readonly viewers?: readonly string[] | undefined }
  | { readonly type: 'screenshot' };

export type ToWorker =
  | (WallQuestion & { readonly number: number })
  /** The run is over. */
  | { readonly type: 'end'; readonly why: string };

export interface WallError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Parts of an answer; each question has one of them at most. */
export interface WallAnswer {
  readonly epochMs?: number;
  readonly browser?: string;
  /** PNG in base64. */
  readonly picture?: string;
  readonly error?: WallError;
}

/** A record that a worker may tell of. */
export type WallRecord = Unstamped<ViewerRecord | FramesRecord | LogRecord>;

export type FromWorker =
  | ({ readonly type: 'done'; readonly number: number } & WallAnswer)
  /** A record with the times of the worker's clock. */
  | { readonly type: 'record'; readonly record: WallRecord }
  /** The worker ends: nothing is known of its viewers from now on. */
  | { readonly type: 'gone'; readonly why: string };
