// The players that a scenario can name, one line each: pure data, for every room.

import { HLS_REFUSED, HLS_SETTINGS } from './settings/hls.ts';
import type { RefusedKeys, Settings } from './settings/setting.ts';

export type { NumberSetting, RefusedKeys, Setting, Settings } from './settings/setting.ts';

/** Plays HTTP media in the page of a wall. */
export interface PagePlayer {
  readonly carriage: 'ott';
  readonly title: string;
  /** The file in players/page that exports `createPlayer`, without its ending. */
  readonly page: string;
  /** The keys of `config` that it takes; a key that is neither here nor refused is unknown. */
  readonly settings: Settings;
  readonly refused?: RefusedKeys;
}

export type KnownPlayer = PagePlayer;

/** The ways a picture gets to viewers; players/fleets.ts has a fleet for each. */
export type Carriage = KnownPlayer['carriage'];

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

/** The way the picture gets to viewers of this group. */
export const carriageOf = (
  { carriage, player }: { readonly carriage?: string; readonly player: string },
  players: KnownPlayers = PLAYERS,
): Carriage => (carriage as Carriage | undefined) ?? players[player]?.carriage ?? 'ott';
