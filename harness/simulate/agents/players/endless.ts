// A player that goes on asking for ever once it has begun, as AVPlayer does as far as anybody knows.

import type { PlayerRules } from '../rules.ts';
import { changeRung, forgetExclusions } from './exclusions.ts';
import { FATAL, type AgentPlayer } from './player.ts';

/** VHS leaves a rung out as long: nobody knows better. */
const EXCLUDED_MS = 60_000;

export const endlessAgent = (rules: PlayerRules, known: AgentPlayer['known']): AgentPlayer => ({
  rules,
  decide: (crowd, _, asked, failed) => {
    const { agent, segmentMs } = failed;
    if (asked === 'manifest') return FATAL;
    const other = changeRung(crowd, failed, EXCLUDED_MS);
    if (other !== undefined) return other;
    forgetExclusions(crowd, agent);
    return segmentMs / 2;
  },
  hasRounds: false,
  known,
});
