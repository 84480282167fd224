// From a design to what is started: stage instances and the proxied flows between them, in the
// order in which they can start (each needs the address of what it sends to).
//
//   origin <- connect-down.one <- transcoder.one <- connect-up.one <- playout.one     per channel
//   origin <- edge <- viewers                                                        once
//   control-origin <- control-transcoder <- control-playout                          no proxy

import { HarnessError } from '../model/errors.ts';
import type {
  Design,
  EdgeStage,
  Link,
  OriginStage,
  PlayoutStage,
  Stage,
  StageRole,
  TranscoderStage,
} from '../model/scenario.ts';

/** Frame-clock number of the control channel: the highest that six bits can say. */
export const CONTROL_CHANNEL = { name: 'control', number: 63 } as const;

export interface Channel {
  readonly name: string;
  readonly number: number;
}

/** The stages of a design by role; the first of a role where several stand beside each other. */
export interface Chain {
  readonly playout: PlayoutStage;
  readonly transcoder: TranscoderStage;
  readonly origin: OriginStage;
  readonly edge: EdgeStage;
}

const PER_CHANNEL: ReadonlySet<StageRole> = new Set(['playout', 'transcoder']);

export function chainOf(design: Design): Chain {
  return {
    playout: stageOf(design, 'playout'),
    transcoder: stageOf(design, 'transcoder'),
    origin: stageOf(design, 'origin'),
    edge: stageOf(design, 'edge'),
  };
}

export const channelsOf = (design: Design): readonly Channel[] =>
  design.channels.map((name, index) => ({ name, number: index + 1 }));

/** `transcoder.one` for what runs per channel, `origin` for what runs once. */
export const instanceOf = (stage: Stage, channel: Channel): string =>
  PER_CHANNEL.has(stage.role) ? `${stage.name}.${channel.name}` : stage.name;

/** Name of the proxy that carries a channel over a link. */
export const flowOf = (design: Design, link: Link, channel: Channel): string =>
  runsPerChannel(design, link) ? `${link.name}.${channel.name}` : link.name;

/** Names of all flows of a design: one proxy each. */
export const flowsOf = (design: Design): readonly string[] => [
  ...new Set(
    design.links.flatMap((link) =>
      channelsOf(design).map((channel) => flowOf(design, link, channel)),
    ),
  ),
];

/** Whether a link has one flow, and so one proxy, per channel. */
export function runsPerChannel(design: Design, link: Link): boolean {
  return [link.from, link.to].some((name) =>
    design.stages.some((stage) => stage.name === name && PER_CHANNEL.has(stage.role)),
  );
}

export const linkBetween = (design: Design, from: Stage, to: Stage): Link | undefined =>
  design.links.find((link) => link.from === from.name && link.to === to.name);

function stageOf<R extends StageRole>(design: Design, role: R): Extract<Stage, { role: R }> {
  const found = design.stages.find((stage) => stage.role === role);
  if (found) return found as Extract<Stage, { role: R }>;
  throw new HarnessError('SCENARIO_INVALID', `the design has no stage with role ${role}`, {
    target: design.name,
    hint: `add a stage with role: ${role}`,
  });
}
