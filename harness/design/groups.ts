// The senders whose groups set-top boxes tune to.

import type { Design, MulticastStage, Stage } from '../model/scenario.ts';
import { stagesBehind } from './hops.ts';

const isSender = (stage: Stage): stage is MulticastStage => 'groups' in stage;

/** Gives those that have no other sender behind them. */
export const groupSenders = (design: Pick<Design, 'stages' | 'links'>): readonly MulticastStage[] =>
  design.stages.filter(isSender).filter((stage) => !stagesBehind(design, stage).some(isSender));
