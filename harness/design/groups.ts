// The senders whose groups set-top boxes tune to, and the ways by which viewers ask beside the picture.

import type { Design, Link, MulticastStage, Stage } from '../model/scenario.ts';
import { nameFlow, nameInstance, type Channel } from './flows.ts';
import { findEntries, nearest, stagesBefore, stagesBehind } from './hops.ts';
import { findRole } from './roles.ts';

const isSender = (stage: Stage): stage is MulticastStage => 'groups' in stage;

/** Gives those that have no other sender behind them. */
export const groupSenders = (design: Pick<Design, 'stages' | 'links'>): readonly MulticastStage[] =>
  design.stages.filter(isSender).filter((stage) => !stagesBehind(design, stage).some(isSender));

/** Finds the nearest sender on the way to the group of a sender that repairs; itself where it does. */
export const findRepairer = (design: Design, sender: Stage): Stage | undefined =>
  nearest(stagesBefore, {
    design,
    from: sender,
    is: (stage) => isSender(stage) && stage.repair !== undefined,
  });

/** Finds the link over which the boxes of a sender are sent repairs; undefined where none was given them. */
export const findRepairLink = (
  { links }: Pick<Design, 'links'>,
  { name }: Stage,
): Link | undefined => links.find((link) => link.protocol === 'repair' && link.to === name);

/** Undefined where boxes need none to boot. */
export const findPortal = ({ stages }: Pick<Design, 'stages'>): Stage | undefined =>
  stages.find((stage) => findRole(stage).bootsBoxes);

/** Viewers are dealt over the entries of a design in turn, boxes over its senders. */
export interface Watching {
  readonly channel: Pick<Channel, 'name'>;
  readonly turn: number;
  readonly isBox: boolean;
}

/**
 * Gives the flow, or where no link leads there the instance, by which a viewer asks a stage beside the
 * picture.
 */
export function wayToAsk(design: Design, asked: Stage, { channel, turn, isBox }: Watching): string {
  const places = placesToWatch(design, isBox);
  const at = places[turn % places.length];
  const link = design.links.find(
    ({ protocol, from, to }) => protocol === 'messages' && from === asked.name && to === at?.name,
  );
  return link ? nameFlow(design, link, channel) : nameInstance(asked, channel);
}

/** The stages that viewers, or boxes, have their pictures from. */
export const placesToWatch = (design: Design, isBox: boolean): readonly Stage[] =>
  isBox ? groupSenders(design) : findEntries(design);
