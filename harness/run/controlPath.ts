// The control's path: the same programs as the design's, beside it, with no link and no fault.

import { CONTROL_CHANNEL } from '../design/flows.ts';
import { groupSenders } from '../design/groups.ts';
import { shortestChain } from '../design/hops.ts';
import { mayFollow } from '../design/roles.ts';
import { chooseGroup, groupUrl } from '../model/group.ts';
import type { MediaSettings, Stage } from '../model/scenario.ts';
import type { StartedStage, Target } from '../model/world.ts';
import { directTarget, stageAddress, start, type Builder } from './startStage.ts';

/** Starts it with one rung, and with a sender where a box is a control. Gives its origin. */
export async function startControl(builder: Builder): Promise<StartedStage> {
  const media: MediaSettings = {
    ...builder.design.media,
    ladder: builder.design.media.ladder.slice(0, 1),
  };
  const channel = CONTROL_CHANNEL;
  const as = (stage: Stage) => ({ stage, instance: `control-${stage.role}`, media, channel });
  const chain = shortestChain(builder.design);
  const [first] = builder.hasControlBox ? groupSenders(builder.design) : [];
  const sender = first && { ...first, groups: {} };
  const feeder = sender && chain.findLast((stage) => mayFollow(sender, stage));
  const group = sender && directTarget(sender, await start(builder, as(sender)));
  // From its end: each connects to the one behind it.
  let behind: Target | undefined;
  let origin: StartedStage | undefined;
  for (const stage of chain.toReversed()) {
    const sendsTo = [behind, stage === feeder ? group : undefined].filter(
      (one) => one !== undefined,
    );
    const started = await start(builder, { ...as(stage), sendsTo });
    behind = started.address && directTarget(stage, started);
    origin ??= started;
  }
  return origin as StartedStage;
}

/** The group of its sender; undefined where it has none. */
export function controlGroup(stages: Builder['stages']): string | undefined {
  const sender = stages.get('control-multicast');
  const group = sender && chooseGroup({ groups: {} }, CONTROL_CHANNEL, stageAddress(sender));
  return group && groupUrl(group, CONTROL_CHANNEL.number);
}
