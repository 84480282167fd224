// Finds the stages that are asked about an instance: where it publishes, who publishes what it
// serves, who receives what it sends.

import type { Design, Stage } from '../model/scenario.ts';
import { nameInstance } from './flows.ts';
import { nearest, stagesBefore, stagesBehind } from './hops.ts';
import { findRole, tells } from './roles.ts';

export interface AskedPlace {
  /** `transcoder.one`, `origin`. */
  readonly instance: string;
  readonly channel: string;
  readonly design: Design;
}

/** Gives the stage of an instance; undefined where the design has none of its name. */
export const stageAt = ({ instance, design }: Omit<AskedPlace, 'channel'>): Stage | undefined =>
  design.stages.find(({ name }) => name === instance.split('.')[0]);

/** Gives the first origin where an instance publishes; itself where it publishes nowhere. */
export function findOrigin(place: AskedPlace): string {
  const stage = stageAt(place);
  const behind = stage ? stagesBehind(place.design, stage) : [];
  return behind.find((one) => findRole(one).servesViewers)?.name ?? place.instance;
}

/** Gives the instance that makes the media which a stage serves; itself where it is that one. */
export const findPublisher = (place: AskedPlace): string =>
  instanceFound(place, stagesBefore, (stage) => tells(stage, 'uploads'));

/** Gives the instance that reports what it receives of a stream; itself where it is that one. */
export const findReceiver = (place: AskedPlace): string =>
  instanceFound(place, stagesBehind, (stage) => tells(stage, 'contribution'));

function instanceFound(
  place: AskedPlace,
  step: Parameters<typeof nearest>[0],
  is: (stage: Stage) => boolean,
): string {
  const { design, instance, channel } = place;
  const from = stageAt(place);
  const found = from && nearest(step, { design, from, is });
  return found ? nameInstance(found, { name: channel }) : instance;
}
