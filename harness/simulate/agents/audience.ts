// The audience of a scenario as agents: each group is dealt over its channels and the classes of edges
// in whole viewers, and within each over the moments at which they joined.

import type { Channel } from '../../design/flows.ts';
import type { ViewerGroup } from '../../model/scenario.ts';
import { spreadRank } from '../../people/presence.ts';
import { channelShares, dealByShares } from '../../people/zipf.ts';
import { drawShare } from './hash.ts';
import { TICK_MS } from './wheel.ts';

/** Viewers of one group at one place. */
export interface Cell {
  readonly group: number;
  readonly channel: Channel;
  readonly place: number;
  readonly viewers: number;
  readonly isBox: boolean;
}

export interface Dealt {
  readonly cell: number;
  readonly viewers: number;
  /** The moment within a segment at which it joins, in milliseconds. */
  readonly phaseMs: number;
  /** Its place in an audience that follows a curve, from 0 for who is always there to 1. */
  readonly rank: number;
}

export interface Dealing {
  readonly groups: readonly ViewerGroup[];
  readonly channels: readonly Channel[];
  /** The share of a group that begins at each place where it can begin. */
  readonly entriesOf: (group: ViewerGroup) => readonly number[];
  readonly isBox: (group: ViewerGroup) => boolean;
  /** Instead of the viewers that the groups stand for. */
  readonly audience: number | undefined;
}

const countViewersIn = ({ count, weight = 1 }: ViewerGroup): number => count * weight;

/** Viewers that the groups of a scenario stand for. */
export const countAudience = (groups: readonly ViewerGroup[]): number =>
  groups.reduce((sum, group) => sum + countViewersIn(group), 0);

const RANK = 7;

export function dealCells({ groups, channels, entriesOf, isBox, audience }: Dealing): Cell[] {
  const total = countAudience(groups);
  const wanted = Math.round(audience ?? total);
  let before = 0;
  return groups
    .flatMap((group, index) => {
      const from = Math.round((before * wanted) / total);
      before += countViewersIn(group);
      const viewers = Math.round((before * wanted) / total) - from;
      const own = channels.filter(
        ({ name }) => group.channel === undefined || name === group.channel,
      );
      const shares = channelShares(own.length, group.zipf);
      const entries = entriesOf(group);
      const parts = dealByShares(
        viewers,
        shares.flatMap((share) => entries.map((own) => share * own)),
      );
      return own.flatMap((channel, c) =>
        entries.map((_, entry): Cell => {
          const place = entry * channels.length + channels.indexOf(channel);
          const here = parts[c * entries.length + entry]!;
          return { group: index, channel, place, viewers: here, isBox: isBox(group) };
        }),
      );
    })
    .filter(({ viewers }) => viewers > 0);
}

/** A part of a whole that is divided evenly into whole numbers. */
const shareOut = (whole: number, part: number, parts: number): number =>
  Math.floor(((part + 1) * whole) / parts) - Math.floor((part * whole) / parts);

/** About so many agents in all, at least one a cell; none for less than a viewer. */
export function dealSample(
  cells: readonly Cell[],
  {
    agents,
    segmentMs,
    seed,
  }: { readonly agents: number; readonly segmentMs: number; readonly seed: number },
): Dealt[] {
  const total = cells.reduce((sum, { viewers }) => sum + viewers, 0);
  return cells.flatMap(({ viewers }, cell) => {
    const wanted = Math.max(1, Math.round((agents * viewers) / total));
    const count = Math.min(wanted, viewers);
    return Array.from({ length: count }, (_, i): Dealt => ({
      cell,
      viewers: shareOut(viewers, i, count),
      phaseMs: Math.floor(((i + drawShare(seed, i, 3, cell)) / count) * segmentMs),
      rank: spreadRank(i, count, drawShare(seed, 0, RANK, cell)),
    }));
  });
}

/** Everybody: whole viewers of each tick in which somebody joins are one agent. */
export function dealAll(cells: readonly Cell[], segmentMs: number): Dealt[] {
  const phases = Math.ceil(segmentMs / TICK_MS);
  return cells.flatMap(({ viewers }, cell) =>
    Array.from({ length: phases }, (_, phase): Dealt => ({
      cell,
      viewers: shareOut(viewers, phase, phases),
      phaseMs: Math.floor((phase + 0.5) * (segmentMs / phases)),
      rank: 0,
    })).filter((dealt) => dealt.viewers > 0),
  );
}
