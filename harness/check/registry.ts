// Every rule, in the order findings of the same time are printed. A new rule is a file and a line.

import type { Rule } from './rule.ts';
import { audiencePeak } from './rules/audiencePeak.ts';
import { availability } from './rules/availability.ts';
import { backupNotTested } from './rules/backupNotTested.ts';
import { capacityBelowDemand } from './rules/capacityBelowDemand.ts';
import { clockConfusion } from './rules/clockConfusion.ts';
import { contradictory } from './rules/contradictory.ts';
import { dataOutside } from './rules/dataOutside.ts';
import { drainMovesNothing } from './rules/drainMovesNothing.ts';
import { exposure } from './rules/exposure.ts';
import { failoverTestInWindow } from './rules/failoverTestInWindow.ts';
import { fragileTimers } from './rules/fragileTimers.ts';
import { lostAlone } from './rules/lostAlone.ts';
import { lostInPairs } from './rules/lostInPairs.ts';
import { noPathLeft } from './rules/noPathLeft.ts';
import {
  noticeDoubtful,
  noticeSkipped,
  noticeSuperseded,
  noticeUnreadable,
} from './rules/notices.ts';
import { overEvent } from './rules/overEvent.ts';
import { ownerRuleUnused } from './rules/ownerRuleUnused.ts';
import { ownersOverlap } from './rules/ownersOverlap.ts';
import { reminderMissing } from './rules/reminderMissing.ts';
import { shortNotice } from './rules/shortNotice.ts';
import { singlePoint } from './rules/singlePoint.ts';
import { stageAway } from './rules/stageAway.ts';
import { switchHole } from './rules/switchHole.ts';
import { unknownJurisdiction } from './rules/unknownJurisdiction.ts';
import { unknownTarget } from './rules/unknownTarget.ts';
import { weakenedPath } from './rules/weakenedPath.ts';
import { windowInPast } from './rules/windowInPast.ts';

export const RULES: readonly Rule[] = [
  noticeUnreadable,
  unknownTarget,
  contradictory,
  windowInPast,
  noPathLeft,
  stageAway,
  ownersOverlap,
  capacityBelowDemand,
  weakenedPath,
  switchHole,
  overEvent,
  audiencePeak,
  failoverTestInWindow,
  clockConfusion,
  shortNotice,
  reminderMissing,
  ownerRuleUnused,
  drainMovesNothing,
  backupNotTested,
  fragileTimers,
  singlePoint,
  lostAlone,
  lostInPairs,
  availability,
  dataOutside,
  exposure,
  unknownJurisdiction,
  noticeDoubtful,
  noticeSuperseded,
  noticeSkipped,
];
