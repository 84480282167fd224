// Channels, stage instances and flows of a design. A flow is what one proxy carries: a channel over
// a link, or all channels together over a link between stages that all channels share. What is done
// to one of the latter is done to every channel.

import type { Design, Link, Stage } from '../model/scenario.ts';
import { findRole } from './roles.ts';

/** Frame-clock number of the control channel: the highest that six bits can say. */
export const CONTROL_CHANNEL = { name: 'control', number: 63 } as const;

export interface Channel {
  readonly name: string;
  /** The number in the frame clock, from 1. */
  readonly number: number;
}

export interface Flow {
  /** `connect-up.one`, or the name of the link where all channels share it. */
  readonly id: string;
  readonly link: string;
  /** Undefined for a flow that carries all of them. */
  readonly channel: string | undefined;
}

export const listChannels = (design: Design): readonly Channel[] =>
  design.channels.map((name, index) => ({ name, number: index + 1 }));

/** `transcoder.one` for what runs per channel, `origin` for what runs once. */
export const nameInstance = (stage: Stage, channel: Pick<Channel, 'name'> | undefined): string =>
  channel && findRole(stage).perChannel ? `${stage.name}.${channel.name}` : stage.name;

/** Tells whether a link has one flow, and so one proxy, per channel. */
export const carriesOneChannel = (design: Design, { from, to }: Link): boolean =>
  design.stages.some((stage) => [from, to].includes(stage.name) && findRole(stage).perChannel);

/** Lists those of the links that carry all channels together. */
export const sharedLinks = (design: Design, names: readonly string[]): readonly string[] =>
  design.links
    .filter((link) => names.includes(link.name) && !carriesOneChannel(design, link))
    .map(({ name }) => name);

/** Id of the flow that carries a channel over a link. */
export const nameFlow = (design: Design, link: Link, channel: Pick<Channel, 'name'>): string =>
  carriesOneChannel(design, link) ? `${link.name}.${channel.name}` : link.name;

/** Every flow of a design, in the order of its links, or of those that are given. */
export const listFlows = (design: Design, links = design.links): readonly Flow[] =>
  links.flatMap((link): readonly Flow[] =>
    carriesOneChannel(design, link)
      ? design.channels.map((channel) => ({
          id: nameFlow(design, link, { name: channel }),
          link: link.name,
          channel,
        }))
      : [{ id: link.name, link: link.name, channel: undefined }],
  );
