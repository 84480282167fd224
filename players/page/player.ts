// The small interface every player of the wall implements. A player is made for one video element
// and one address, and is never used again once destroyed: a reload makes another.

import type { ToldAlert } from '../../harness/model/alert.ts';
import type { PlayerError } from '../../harness/model/history.ts';

export interface PlayerEvents {
  /** Reports an error that the player deals with itself. */
  error(error: PlayerError): void;
  /** The player gave up: it does nothing more until the application acts. */
  fatal(error: PlayerError): void;
  /** Another rung of the ladder is on the screen. */
  level(detail: string): void;
  /** All alerts in the playlist or the segment that was read last. */
  alerts(by: 'playlist' | 'segment', alerts: readonly ToldAlert[]): void;
}

export interface PlayerOptions {
  readonly video: HTMLVideoElement;
  readonly url: string;
  /** Settings of the player, which the scenario was checked against. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly events: PlayerEvents;
}

export interface Player {
  /** Starts loading and playing. */
  attach(): void;
  /** Lets an application go on after a fatal error without making a new player. */
  startLoad(): void;
  /** Ends all requests and lets go of the video element. */
  destroy(): void;
}

export type CreatePlayer = (options: PlayerOptions) => Player;
