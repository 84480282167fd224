// Defines the lines between the fleet and the program of its boxes: JSON on standard input and output, so
// that the program may run in a container.

import type { FramesRecord, Unstamped, ViewerRecord } from '../../harness/model/history.ts';
import type { ViewerLaunch } from '../../harness/model/world.ts';

export interface BoxesSettings {
  readonly ffmpeg: string;
  /** Boxes of the run, whenever they join. */
  readonly count: number;
  readonly fps: number;
  readonly seed: number;
  /** Address of the interface that groups come in by; `0.0.0.0` = the one that leads there. */
  readonly by: string;
}

export type ToBoxes =
  | { readonly does: 'start'; readonly settings: BoxesSettings }
  | { readonly does: 'join'; readonly launches: readonly ViewerLaunch[] }
  /** All where it names none; answered by `left`. */
  | { readonly does: 'leave'; readonly viewers?: readonly string[] | undefined };

export type FromBoxes =
  | { readonly type: 'ready' }
  | { readonly type: 'record'; readonly record: BoxRecord }
  | { readonly type: 'left' };

export type BoxRecord = Unstamped<FramesRecord | ViewerRecord>;
