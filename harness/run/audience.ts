// Where each viewer watches: its launch, with the way in that it is dealt.

import { alertPaths } from '../alerts/catalogue.ts';
import { listChannels, CONTROL_CHANNEL, type Channel } from '../design/flows.ts';
import { findPortal, wayToAsk } from '../design/groups.ts';
import { turnsAtEntries } from '../design/hops.ts';
import { stagesWithRole } from '../design/roles.ts';
import { HarnessError } from '../model/errors.ts';
import { findGroup, type Design, type Stage, type ViewerGroup } from '../model/scenario.ts';
import { placesElsewhere } from '../people/places.ts';
import { findFleet, takesDash } from '../../players/registry.ts';
import type { ViewerLaunch } from '../model/world.ts';
import type { StartedPipeline } from './provision.ts';
import type { RunRequest } from './request.ts';

export type Launches = ReadonlyMap<string, ViewerLaunch>;

/** Gives the launch of every viewer by its id, in the order of the run's viewers. */
export function launchViewers(
  { viewers, plan: { scenario } }: Pick<RunRequest, 'viewers' | 'plan'>,
  pipeline: WaysIn,
): Launches {
  const channels = [...listChannels(scenario.design), CONTROL_CHANNEL];
  const turns = turnsAtEntries(viewers);
  return new Map(
    viewers.map((description, index) => {
      const channel = channels.find(({ number }) => number === description.channelNumber);
      if (!channel) throw new HarnessError('INTERNAL', `no channel for viewer ${description.id}`);
      const own = findGroup(scenario, description);
      const turn = turns[index] ?? 0;
      const { design } = scenario;
      const isBox = findFleet(own.player) === 'boxes';
      const stays = isBox && description.control;
      const group = stays ? { ...own, config: { ...own.config, zapEveryMs: 0 } } : own;
      const urlAt = (asked: Stage) =>
        pipeline.urlOfWay?.(wayToAsk(design, asked, { channel, turn, isBox }), isBox);
      const wayIn = isBox
        ? {
            ...byGroup(pipeline, channels, channel, turn),
            ...(!description.control && bootsThrough(design, urlAt)),
          }
        : byPlaylist(pipeline, { channel, turn, group, design });
      const carried = description.control ? [] : alertPaths(scenario.alerts, description);
      const alertsAt = carried.flatMap(({ role, path }) =>
        stagesWithRole(design, role).map((asked) => `${urlAt(asked)}${path}`),
      );
      return [
        description.id,
        { description, group, ...wayIn, ...(alertsAt.length > 0 && { alertsAt }) },
      ];
    }),
  );
}

type WayIn = Omit<ViewerLaunch, 'description' | 'group'>;
type WaysIn = Pick<StartedPipeline, 'playlistOf' | 'groupUrlOf' | 'urlOfWay' | 'mediaFrom'>;

function bootsThrough(design: Design, urlAt: (asked: Stage) => string | undefined) {
  const portal = findPortal(design);
  const url = portal && urlAt(portal);
  return url === undefined ? {} : { portal: url };
}

interface Watching {
  readonly channel: Channel;
  readonly turn: number;
  readonly group: ViewerGroup;
  readonly design: Design;
}

/** A control has one way in and one channel. */
function byPlaylist({ playlistOf, mediaFrom }: WaysIn, watching: Watching): WayIn {
  const { channel, turn, group } = watching;
  const urlOf = (one: Channel, way: number) => playlistOf(one, way, takesDash(group.player));
  const elsewhere = isControl(channel) ? {} : placesElsewhere({ ...watching, urlOf });
  return { url: urlOf(channel, turn), mediaFrom, ...elsewhere };
}

const isControl = ({ number }: Channel): boolean => number === CONTROL_CHANNEL.number;

/** Its own group first, then those that it can zap to, in the order of the channels after its own. */
function byGroup(
  { groupUrlOf }: WaysIn,
  channels: readonly Channel[],
  channel: Channel,
  turn: number,
): WayIn {
  const at = channels.indexOf(channel);
  const own = isControl(channel)
    ? [channel]
    : [...channels.slice(at), ...channels.slice(0, at)].filter((one) => !isControl(one));
  const [url, ...mediaFrom] = own.flatMap((one) => groupUrlOf?.(one, turn) ?? []);
  if (url !== undefined) return { url, mediaFrom };
  throw new HarnessError('INTERNAL', `no sender of the design has a group for ${channel.name}`);
}
