// Where each viewer watches: its launch, with the way in that it is dealt.

import { alertPath } from '../alerts/catalogue.ts';
import { channelsOf, CONTROL_CHANNEL, type Channel } from '../design/flows.ts';
import { turnsAtEntries } from '../design/hops.ts';
import { HarnessError } from '../model/errors.ts';
import { groupOf, type Design, type ViewerGroup } from '../model/scenario.ts';
import { placesElsewhere } from '../people/places.ts';
import { fleetOf, takesDash } from '../../players/registry.ts';
import type { ViewerLaunch } from '../model/world.ts';
import type { StartedPipeline } from './provision.ts';
import type { RunRequest } from './request.ts';

export type Launches = ReadonlyMap<string, ViewerLaunch>;

/** Gives the launch of every viewer by its id, in the order of the run's viewers. */
export function launchViewers(
  { viewers, plan: { scenario } }: Pick<RunRequest, 'viewers' | 'plan'>,
  pipeline: WaysIn,
): Launches {
  const channels = [...channelsOf(scenario.design), CONTROL_CHANNEL];
  const turns = turnsAtEntries(viewers);
  return new Map(
    viewers.map((description, index) => {
      const channel = channels.find(({ number }) => number === description.channelNumber);
      if (!channel) throw new HarnessError('INTERNAL', `no channel for viewer ${description.id}`);
      const group = groupOf(scenario, description);
      const turn = turns[index] ?? 0;
      const wayIn =
        fleetOf(group.player) === 'boxes'
          ? byGroup(pipeline, channels, channel, turn)
          : byPlaylist(pipeline, { channel, turn, group, design: scenario.design });
      const asked = description.control ? undefined : alertPath(scenario.alerts, description);
      const alerts = asked !== undefined && { alertsAt: `${pipeline.portal}${asked}` };
      return [description.id, { description, group, ...wayIn, ...alerts }];
    }),
  );
}

type WayIn = Omit<ViewerLaunch, 'description' | 'group'>;
type WaysIn = Pick<StartedPipeline, 'playlistOf' | 'groupUrlOf' | 'portal' | 'mediaFrom'>;

interface Watching {
  readonly channel: Channel;
  readonly turn: number;
  readonly group: ViewerGroup;
  readonly design: Design;
}

/** The control has one way in and one channel. */
function byPlaylist({ playlistOf, mediaFrom }: WaysIn, watching: Watching): WayIn {
  const { channel, turn, group } = watching;
  const urlOf = (one: Channel, way: number) => playlistOf(one, way, takesDash(group.player));
  const isControl = channel.number === CONTROL_CHANNEL.number;
  const elsewhere = isControl ? {} : placesElsewhere({ ...watching, urlOf });
  return { url: urlOf(channel, turn), mediaFrom, ...elsewhere };
}

/** Its own group first, then those that it can zap to, in the order of the channels after its own. */
function byGroup(
  { groupUrlOf, portal }: WaysIn,
  channels: readonly Channel[],
  channel: Channel,
  turn: number,
): WayIn {
  const at = channels.indexOf(channel);
  const own = [...channels.slice(at), ...channels.slice(0, at)].filter(
    ({ number }) => number !== CONTROL_CHANNEL.number,
  );
  const [url, ...mediaFrom] = own.flatMap((one) => groupUrlOf?.(one, turn) ?? []);
  if (url !== undefined) return { url, mediaFrom, ...(portal !== undefined && { portal }) };
  throw new HarnessError('INTERNAL', `no sender of the design has a group for ${channel.name}`);
}
