// Players that go on asking for ever once they have begun: VHS of video.js, and AVPlayer as far as anybody
// knows.

import { EMPTY } from '../place.ts';
import type { PlayerRules } from '../rules.ts';
import { changeRung, forgetExclusions } from './exclusions.ts';
import { FATAL, type AgentPlayer } from './player.ts';

/** VHS leaves a rendition out as long (`excludePlaylist` of its playlist controller). */
const EXCLUDED_MS = 60_000;

export const endlessAgent = (
  rules: PlayerRules,
  known: AgentPlayer['known'],
  { whenEmpty = FATAL }: { readonly whenEmpty?: number } = {},
): AgentPlayer => ({
  rules,
  decide: (crowd, _, asked, failed) => {
    const { agent, status, segmentMs } = failed;
    if (asked === 'manifest') return status === EMPTY ? whenEmpty : FATAL;
    const other = changeRung(crowd, failed, EXCLUDED_MS);
    if (other !== undefined) return other;
    forgetExclusions(crowd, agent);
    return segmentMs / 2;
  },
  hasRounds: false,
  known,
});
