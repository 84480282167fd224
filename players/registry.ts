// The players that a scenario can name, one line each: pure data, for every room.

import { BOX_SETTINGS } from './settings/box.ts';
import { DASH_REFUSED, DASH_SETTINGS } from './settings/dash.ts';
import { HLS_REFUSED, HLS_SETTINGS } from './settings/hls.ts';
import { LIGHT_SETTINGS } from './settings/light.ts';
import type { RefusedKeys, Settings } from './settings/setting.ts';
import { SHAKA_REFUSED, SHAKA_SETTINGS } from './settings/shaka.ts';
import { VIDEOJS_REFUSED, VIDEOJS_SETTINGS } from './settings/videojs.ts';

export type { NumberSetting, RefusedKeys, Setting, Settings } from './settings/setting.ts';

/** Plays HTTP media in the page of a wall. */
export interface PagePlayer {
  readonly carriage: 'ott';
  readonly fleet?: 'wall';
  readonly title: string;
  /** The file in players/page that exports `createPlayer`, without its ending. */
  readonly page: string;
  /** The npm package that it is. */
  readonly package: string;
  /** The manifest that it takes; HLS when not said. */
  readonly manifest?: 'dash';
  /** The keys of `config` that it takes; a key that is neither here nor refused is unknown. */
  readonly settings: Settings;
  readonly refused?: RefusedKeys;
}

/** Asks for HTTP media without a browser, by the rules of another player. */
export interface LightPlayer {
  readonly carriage: 'ott';
  readonly fleet: 'light';
  readonly title: string;
  /** The player whose rules these are, for reports: it is imitated and does not run. */
  readonly imitates: string;
  readonly settings: Settings;
  readonly refused?: RefusedKeys;
}

/** Plays what a sender of the design sends to a multicast group. */
export interface GroupPlayer {
  readonly carriage: 'iptv';
  readonly fleet: 'boxes';
  readonly title: string;
  readonly settings: Settings;
  readonly refused?: RefusedKeys;
}

export type KnownPlayer = PagePlayer | LightPlayer | GroupPlayer;

/** The thing that shows a group its pictures; players/fleets.ts has one line for each. */
export type FleetName = NonNullable<KnownPlayer['fleet']>;

export type KnownPlayers = Readonly<Record<string, KnownPlayer>>;

export const PLAYERS = {
  'hls.js': {
    carriage: 'ott',
    title: 'plays HLS in a browser',
    page: 'hlsPlayer',
    package: 'hls.js',
    settings: HLS_SETTINGS,
    refused: HLS_REFUSED,
  },
  shaka: {
    carriage: 'ott',
    title: 'shaka-player, plays HLS in a browser',
    page: 'shakaPlayer',
    package: 'shaka-player',
    settings: SHAKA_SETTINGS,
    refused: SHAKA_REFUSED,
  },
  'video.js': {
    carriage: 'ott',
    title: 'plays HLS in a browser by its engine VHS',
    page: 'videojsPlayer',
    package: 'video.js',
    settings: VIDEOJS_SETTINGS,
    refused: VIDEOJS_REFUSED,
  },
  'dash.js': {
    carriage: 'ott',
    title: 'plays DASH in a browser, of designs with media.container: cmaf',
    page: 'dashPlayer',
    package: 'dashjs',
    manifest: 'dash',
    settings: DASH_SETTINGS,
    refused: DASH_REFUSED,
  },
  light: {
    carriage: 'ott',
    fleet: 'light',
    title: 'asks for HLS as hls.js would, without a browser or a picture: imitated, not run',
    imitates: 'hls.js 1.7',
    settings: LIGHT_SETTINGS,
  },
  media3: {
    carriage: 'ott',
    fleet: 'light',
    title: 'asks for HLS as ExoPlayer and Media3 would, without a picture: imitated, not run',
    imitates: 'ExoPlayer/Media3',
    settings: LIGHT_SETTINGS,
  },
  avplayer: {
    carriage: 'ott',
    fleet: 'light',
    title: 'asks for HLS as AVPlayer is thought to, without a picture: imitated, not run',
    imitates: 'AVPlayer',
    settings: LIGHT_SETTINGS,
  },
  settopbox: {
    carriage: 'iptv',
    fleet: 'boxes',
    title: 'plays a multicast group in a set-top box',
    settings: BOX_SETTINGS,
  },
} as const satisfies KnownPlayers;

/** The player of a group that names none. */
export const DEFAULT_PLAYER = 'hls.js' satisfies keyof typeof PLAYERS;

/** Gives the players of a page that are among these names. */
export const pagePlayers = (
  names: Iterable<string>,
  players: KnownPlayers = PLAYERS,
): Readonly<Record<string, PagePlayer>> =>
  Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const player = players[name];
      return player && 'page' in player ? [[name, player] as const] : [];
    }),
  );

/** The fleet of a player: those of a page are on the wall. */
export const findFleet = (player: string, players: KnownPlayers = PLAYERS): FleetName =>
  players[player]?.fleet ?? 'wall';

/** Tells whether a player takes a DASH manifest instead of HLS. */
export const takesDash = (player: string): boolean => {
  const known = (PLAYERS as KnownPlayers)[player];
  return known !== undefined && 'manifest' in known;
};

/** Counts the viewers of each fleet. There is always a wall: the control is on it. */
export function countByFleet(
  groups: readonly { readonly player: string; readonly count: number }[],
): ReadonlyMap<FleetName, number> {
  const counts = new Map<FleetName, number>([['wall', 0]]);
  for (const { player, count } of groups) {
    const fleet = findFleet(player);
    counts.set(fleet, (counts.get(fleet) ?? 0) + count);
  }
  return counts;
}
