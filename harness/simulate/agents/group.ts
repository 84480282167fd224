// A group of viewers as agents play it.

import type { PlayerPolicy } from '../../model/scenario.ts';
import type { Behaviour } from '../../people/behaviour.ts';
import type { AgentPlayer } from './players/player.ts';

/** Viewers who play alike. */
export interface Group {
  readonly player: AgentPlayer;
  readonly policy: PlayerPolicy;
  /** The acts of those who see no programme; undefined where they stay. */
  readonly next: Behaviour['next'];
  /** Undefined where nobody goes to the way of another group. */
  readonly switches: Switch | undefined;
  /** The places where it begins, and the share of its viewers that does at each. */
  readonly entries: readonly number[];
  /** The times at which somebody of a rank joins and leaves, in their order, as they are played. */
  readonly movesOf: (rank: number) => readonly Move[];
}

/** Some go to the way of another group, by its number, within a time without the programme. */
export interface Switch {
  readonly to: number;
  readonly share: number;
  readonly withinMs: number;
}

export interface Move {
  readonly does: 'join' | 'leave';
  readonly fromMs: number;
  readonly toMs: number;
}
