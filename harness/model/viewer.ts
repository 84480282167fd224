// Describes a viewer of a run: the first line of a record names all of them.

import type { HeardSound } from './sound.ts';

export interface ViewerDescription {
  readonly id: string;
  readonly channel: string;
  /** Number of the channel in the frame clock, from 1. */
  readonly channelNumber: number;
  readonly player: string;
  /** The control viewer: own path, never faulted, not part of the audience. */
  readonly control: boolean;
  /** Viewers of the audience that this one stands for, above 0; 1 when absent. */
  readonly weight?: number;
  readonly area?: string;
  /** Name of its group in the scenario. */
  readonly group?: string;
  /** The worker whose browser shows it; the browser of the run when absent. */
  readonly worker?: string;
  /** The player whose rules it follows without being it: it stands beside the real screens. */
  readonly imitates?: string;
  /** Its stream has no frame clock: pictures are told by their brightness, and by being repeated. */
  readonly clockless?: true;
}

export const weightOf = ({ weight = 1 }: Pick<ViewerDescription, 'weight'>): number => weight;

/** The player's state, sent about four times a second even without a frame: the page is alive. */
export interface PlayerSample {
  /** The element wants to play and has data for it (readyState >= 3, not paused, not seeking). */
  readonly canPlay: boolean;
  /** Media buffered ahead of the playhead. */
  readonly bufferedMs: number;
  /** Longest time the page's own heartbeat was late since the last record: a starved machine. */
  readonly lateMs: number;
  /** Absent where nothing could be listened to, and in older records. */
  readonly sound?: HeardSound;
}

/** A channel and where it is watched. */
export interface Elsewhere {
  /** Multivariant playlist or DASH manifest. */
  readonly url: string;
  readonly channel: string;
  readonly channelNumber: number;
}
