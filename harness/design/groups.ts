// The senders whose groups set-top boxes tune to, and the portal that they boot through.

import type { Design, Link, MulticastStage, Stage } from '../model/scenario.ts';
import { carriesPicture, nearest, stagesBefore, stagesBehind } from './hops.ts';
import { roleOf } from './roles.ts';

const isSender = (stage: Stage): stage is MulticastStage => 'groups' in stage;

/** Gives those that have no other sender behind them. */
export const groupSenders = (design: Pick<Design, 'stages' | 'links'>): readonly MulticastStage[] =>
  design.stages.filter(isSender).filter((stage) => !stagesBehind(design, stage).some(isSender));

/** Finds the nearest sender on the way to the group of a sender that repairs; itself where it does. */
export const repairerOf = (design: Design, sender: Stage): Stage | undefined =>
  nearest(stagesBefore, {
    design,
    from: sender,
    is: (stage) => isSender(stage) && stage.repair !== undefined,
  });

/** Finds the link over which the boxes of a sender are sent repairs; undefined where none was given them. */
export const repairLinkOf = ({ links }: Pick<Design, 'links'>, { name }: Stage): Link | undefined =>
  links.find((link) => !carriesPicture(link) && link.to === name);

/** Undefined where boxes need none to boot. */
export const portalOf = ({ stages }: Pick<Design, 'stages'>): Stage | undefined =>
  stages.find((stage) => roleOf(stage).bootsBoxes);
