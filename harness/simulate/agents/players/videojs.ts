// video.js with its engine VHS 3.17: it gives up where it cannot begin, and never later.

import { VHS } from '../../../model/loadRules.ts';
import { EMPTY } from '../place.ts';
import { FATAL, LEAVE_RUNG, type AgentPlayer } from './player.ts';

/**
 * Fitted on the even seeds of `npm run bench agents`. Its watcher looks every 250 ms, and goes over a gap when
 * it has stood in the same place six times.
 */
const FITTED = { guesses: { jumpLateMs: 1_375 }, pollsAfterMs: 4 };

export const VIDEOJS_AGENT: AgentPlayer = {
  rules: { ...VHS, ...FITTED },
  decide: (_, __, asked, { status }) => {
    if (asked !== 'manifest') return LEAVE_RUNG;
    // It asks no more for a first playlist in which there is nothing, and tells nobody.
    return status === EMPTY ? Infinity : FATAL;
  },
  hasRounds: false,
  known: { is: 'calibrated', against: 'video.js' },
};
