// The viewers of a scenario one by one: who watches which channel, and when each comes and goes.

import {
  DEFAULT_PLAYER,
  findFleet,
  PLAYERS,
  type FleetName,
  type KnownPlayers,
} from '../../players/registry.ts';
import { seededRandom, type Random } from '../kernel/random.ts';
import { listChannels, CONTROL_CHANNEL } from '../design/flows.ts';
import type { ViewerDescription } from '../model/history.ts';
import type { AudienceStep } from '../model/plan.ts';
import { followCurve, listMoves, spreadRank } from '../people/presence.ts';
import { channelShares, dealByShares } from '../people/zipf.ts';
import {
  countViewers,
  listGroups,
  type Drawn,
  type Scenario,
  type ViewerGroup,
} from '../model/scenario.ts';

/**
 * Deals each group over its channels in turn, and adds the controls: a real player in a browser, whatever
 * the audience is, and a set-top box where there are any, for a browser's buffer hides what a box shows.
 */
export function describeViewers(scenario: Scenario): readonly ViewerDescription[] {
  const first = (fleet: FleetName) =>
    listGroups(scenario).find(({ player }) => findFleet(player) === fleet)?.player;
  const box = first('boxes');
  return [
    ...listMembers(scenario).map(({ viewer }) => viewer),
    describeControl('control', first('wall') ?? DEFAULT_PLAYER),
    ...(box === undefined ? [] : [describeControl('control-box', box)]),
  ];
}

const describeControl = (id: string, player: string): ViewerDescription => ({
  id,
  channel: CONTROL_CHANNEL.name,
  channelNumber: CONTROL_CHANNEL.number,
  player,
  control: true,
});

/** Draws the times at which viewers come and go; the same for the same seed. */
export function audienceSteps(
  scenario: Scenario,
  {
    compress,
    seed,
    endMs,
  }: { readonly compress: number; readonly seed: number; readonly endMs: number },
): readonly AudienceStep[] {
  const random = seededRandom(seed);
  const moves = ({ joins, leaves, returns, curve }: ViewerGroup) =>
    joins ?? leaves ?? returns ?? curve;
  const presenceOf = followCurves(scenario, endMs);
  return listMembers(scenario, (group) => moves(group) !== undefined)
    .flatMap(({ viewer: { id }, group, index }) => {
      const own = random.fork(`presence of ${id}`);
      const presence = presenceOf.get(group);
      const all = presence
        ? listMoves(presence, spreadRank(index, group.count))
        : drawMoments(group, own);
      return all.map(({ does, ms }): AudienceStep => {
        const atMs = Math.round(ms / compress);
        return { viewer: id, does, atMs, scenarioAtMs: Math.round(ms) };
      });
    })
    .toSorted((a, b) => a.atMs - b.atMs);
}

const followCurves = (scenario: Scenario, endMs: number) =>
  new Map(
    listGroups(scenario).map((group) => [group, followCurve(group, scenario, endMs)] as const),
  );

const drawMoments = ({ joins, leaves, returns }: ViewerGroup, random: Random) =>
  [
    { does: 'join' as const, at: joins },
    { does: 'leave' as const, at: leaves },
    { does: 'join' as const, at: returns },
  ].flatMap(({ does, at }) => (at ? [{ does, ms: draw(at, random) }] : []));

const draw = ({ fromMs, toMs }: Drawn, random: Random): number =>
  fromMs + random.next() * (toMs - fromMs);

function imitatedBy({ player }: ViewerGroup): Pick<ViewerDescription, 'imitates'> {
  const known = (PLAYERS as KnownPlayers)[player];
  return known && 'imitates' in known ? { imitates: known.imitates } : {};
}

interface Member {
  readonly viewer: ViewerDescription;
  readonly group: ViewerGroup;
  /** Its place within the group. */
  readonly index: number;
}

/**
 * Numbers the viewers through all groups: `v1`, `v2`, …, with as many digits as the last needs.
 * Only those of wanted groups are made: an audience can be of millions.
 */
function listMembers(
  scenario: Scenario,
  wanted: (group: ViewerGroup) => boolean = () => true,
): readonly Member[] {
  const channels = listChannels(scenario.design);
  const digits = String(countViewers(scenario)).length;
  let number = 0;
  return listGroups(scenario).flatMap((group) => {
    if (!wanted(group)) {
      number += group.count;
      return [];
    }
    const own = group.channel ? channels.filter(({ name }) => name === group.channel) : channels;
    const placeOf = dealOver(own.length, group);
    return Array.from({ length: group.count }, (_, index): Member => {
      const channel = own[placeOf(index)];
      number += 1;
      const viewer = {
        id: `v${String(number).padStart(digits, '0')}`,
        channel: channel?.name ?? '',
        channelNumber: channel?.number ?? 0,
        player: group.player,
        control: false,
        weight: group.weight,
        area: group.area,
        group: group.name,
        ...imitatedBy(group),
      };
      return { viewer, group, index };
    });
  });
}

/** Gives the channel of each viewer of a group, by its place in the list. */
function dealOver(channels: number, { count, zipf }: ViewerGroup): (index: number) => number {
  if (zipf === undefined) return (index) => index % channels;
  let before = 0;
  const ends = dealByShares(count, channelShares(channels, zipf)).map((own) => (before += own));
  return (index) => ends.findIndex((end) => index < end);
}
