// Deals the viewers of a scenario over its channels in turn, and adds the control.

import type { ViewerDescription } from '../model/history.ts';
import type { Scenario } from '../model/scenario.ts';
import { channelsOf, CONTROL_CHANNEL } from '../design/flows.ts';

export const CONTROL_VIEWER = 'control';

export function describeViewers(scenario: Scenario): readonly ViewerDescription[] {
  const channels = channelsOf(scenario.design);
  const { count, player } = scenario.viewers;
  const digits = String(count).length;
  const audience = Array.from({ length: count }, (_, index): ViewerDescription => {
    const channel = channels[index % channels.length];
    return {
      id: `v${String(index + 1).padStart(digits, '0')}`,
      channel: channel?.name ?? '',
      channelNumber: channel?.number ?? 0,
      player,
      control: false,
    };
  });
  const control: ViewerDescription = {
    id: CONTROL_VIEWER,
    channel: CONTROL_CHANNEL.name,
    channelNumber: CONTROL_CHANNEL.number,
    player,
    control: true,
  };
  return [...audience, control];
}

/** Counts for each viewer those before it on the same channel: its turn at the ways in. */
export function turnsOf(viewers: readonly ViewerDescription[]): readonly number[] {
  const before = new Map<string, number>();
  return viewers.map(({ channel }) => {
    const turn = before.get(channel) ?? 0;
    before.set(channel, turn + 1);
    return turn;
  });
}
