// Decides which transcoder publishes at which origin: links say so where there are several, else
// each publishes at each.

import type { Design, StageRole } from '../model/scenario.ts';
import { firstNamed } from './roles.ts';

export interface AskedPlace {
  /** `transcoder.one`, `origin`. */
  readonly instance: string;
  readonly channel: string;
  readonly design: Design;
}

/** Gives the origin where a transcoder publishes: the one that a link joins it to, or the first. */
export function originOf({ instance, design }: AskedPlace): string {
  const link = design.links.find(
    ({ from, to }) => instance.split('.')[0] === from && hasRole(design, to, 'origin'),
  );
  return link?.to ?? firstNamed('origin', design);
}

/** Gives the transcoder that publishes at an origin: the one a link joins to it, or the first. */
export function publisherOf({ instance, channel, design }: AskedPlace): string {
  const link = design.links.find(
    ({ from, to }) => instance === to && hasRole(design, from, 'transcoder'),
  );
  return `${link?.from ?? firstNamed('transcoder', design)}.${channel}`;
}

const hasRole = ({ stages }: Design, name: string, role: StageRole): boolean =>
  stages.some((stage) => stage.name === name && stage.role === role);
