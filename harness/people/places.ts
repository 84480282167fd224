// The places where somebody could watch instead: another way in to the same channel, another channel.

import { listChannels, type Channel } from '../design/flows.ts';
import { findEntries } from '../design/hops.ts';
import type { Design, ViewerGroup } from '../model/scenario.ts';
import type { Elsewhere } from '../model/viewer.ts';
import type { ViewerLaunch } from '../model/world.ts';
import { findBehaviour } from './catalogue.ts';

interface Watching {
  readonly design: Design;
  readonly group: Pick<ViewerGroup, 'policy' | 'behaviour'>;
  readonly channel: Channel;
  /** The way in that it is dealt. */
  readonly turn: number;
  readonly urlOf: (channel: Channel, turn: number) => string;
}

export function placesElsewhere({
  design,
  group,
  channel,
  turn,
  urlOf,
}: Watching): Pick<ViewerLaunch, 'fallbacks' | 'zapsTo'> {
  const place = (one: Channel, way: number): Elsewhere => ({
    url: urlOf(one, way),
    channel: one.name,
    channelNumber: one.number,
  });
  const channels = listChannels(design);
  const own = channels.findIndex(({ number }) => number === channel.number);
  const others = [...channels.slice(own + 1), ...channels.slice(0, own)];
  const otherChannels = others.map((one) => place(one, turn));
  const otherWays = findEntries(design)
    .slice(1)
    .map((_, i) => place(channel, turn + 1 + i));
  const { onFatal } = group.policy;
  return {
    ...(onFatal === 'fallback' && { fallbacks: otherWays }),
    ...(onFatal === 'channel' && { fallbacks: otherChannels }),
    ...(findBehaviour(group).needsChannels && { zapsTo: otherChannels }),
  };
}

/** The launch of somebody who has zapped so many times. */
export function zapped(launch: ViewerLaunch, zaps: number): ViewerLaunch {
  const { url, description, zapsTo = [] } = launch;
  const { channel, channelNumber } = description;
  const places = [{ url, channel, channelNumber }, ...zapsTo];
  const { url: to, ...tuned } = places[zaps % places.length]!;
  return { ...launch, url: to, description: { ...description, ...tuned } };
}
