// The players that a scenario can name, one line each: pure data, for every room.

import { HLS_REFUSED, HLS_SETTINGS } from './settings/hls.ts';
import type { RefusedKeys, Settings } from './settings/setting.ts';

export type { NumberSetting, RefusedKeys, Setting, Settings } from './settings/setting.ts';

/** Plays HTTP media in the page of a wall. */
export interface PagePlayer {
  readonly carriage: 'ott';
  readonly fleet?: 'wall';
  readonly title: string;
  /** The file in players/page that exports `createPlayer`, without its ending. */
  readonly page: string;
  /** The keys of `config` that it takes; a key that is neither here nor refused is unknown. */
  readonly settings: Settings;
  readonly refused?: RefusedKeys;
}

export type KnownPlayer = PagePlayer;

/** What shows a group its pictures; players/fleets.ts has one line for each. */
export type FleetName = NonNullable<KnownPlayer['fleet']>;

export type KnownPlayers = Readonly<Record<string, KnownPlayer>>;

export const PLAYERS = {
  'hls.js': {
    carriage: 'ott',
    title: 'plays HLS in a browser',
    page: 'hlsPlayer',
    settings: HLS_SETTINGS,
    refused: HLS_REFUSED,
  },
} as const satisfies KnownPlayers;

/** The player of a group that names none. */
export const DEFAULT_PLAYER = 'hls.js' satisfies keyof typeof PLAYERS;

/** Everything that viewers can do besides watching and coming and going. */
export const BEHAVIOURS = { stay: 'stays on its channel while it is there' } as const;

/** The fleet of a player: those of a page are on the wall. */
export const fleetOf = (player: string, players: KnownPlayers = PLAYERS): FleetName =>
  players[player]?.fleet ?? 'wall';

/** Counts the viewers of each fleet. There is always a wall: the control is on it. */
export function countByFleet(
  groups: readonly { readonly player: string; readonly count: number }[],
): ReadonlyMap<FleetName, number> {
  const counts = new Map<FleetName, number>([['wall', 0]]);
  for (const { player, count } of groups) {
    const fleet = fleetOf(player);
    counts.set(fleet, (counts.get(fleet) ?? 0) + count);
  }
  return counts;
}
