// Where each viewer watches: its launch, with the way in that it is dealt.

import { channelsOf, CONTROL_CHANNEL } from '../design/flows.ts';
import { turnsAtEntries } from '../design/hops.ts';
import { HarnessError } from '../model/errors.ts';
import { groupOf } from '../model/scenario.ts';
import type { ViewerLaunch } from '../model/world.ts';
import type { StartedPipeline } from './provision.ts';
import type { RunRequest } from './request.ts';

export type Launches = ReadonlyMap<string, ViewerLaunch>;

/** Gives the launch of every viewer by its id, in the order of the run's viewers. */
export function launchViewers(
  { viewers, plan: { scenario } }: Pick<RunRequest, 'viewers' | 'plan'>,
  { playlistOf, mediaFrom }: Pick<StartedPipeline, 'playlistOf' | 'mediaFrom'>,
): Launches {
  const channels = [...channelsOf(scenario.design), CONTROL_CHANNEL];
  const turns = turnsAtEntries(viewers);
  return new Map(
    viewers.map((description, index) => {
      const channel = channels.find(({ number }) => number === description.channelNumber);
      if (!channel) throw new HarnessError('INTERNAL', `no channel for viewer ${description.id}`);
      const url = playlistOf(channel, turns[index] ?? 0);
      const group = groupOf(scenario, description);
      return [description.id, { description, group, url, mediaFrom }];
    }),
  );
}
