// ExoPlayer and Media3, as players/light/failures.ts has them for one viewer.

import type { PlayerRules } from '../rules.ts';
import { changeRung, countError } from './exclusions.ts';
import { EMPTY } from '../place.ts';
import { FATAL, type AgentPlayer } from './player.ts';

/** Answers for which Media3 looks for another rendition (`isEligibleForFallback`). */
const FALLS_BACK: ReadonlySet<number> = new Set([403, 404, 410, 416, 500, 503]);
/** DEFAULT_TRACK_EXCLUSION_MS. */
const EXCLUDED_MS = 60_000;

export const media3Agent = (rules: PlayerRules): AgentPlayer => ({
  rules,
  decide: (crowd, numbers, asked, failed) => {
    const { agent, status } = failed;
    if (status === EMPTY && asked !== 'segment') return FATAL;
    const before = countError(crowd, agent, asked);
    const falls = FALLS_BACK.has(status) && asked !== 'manifest';
    const other = falls ? changeRung(crowd, failed, EXCLUDED_MS) : undefined;
    if (other !== undefined) return other;
    const { count, delayMs, delayMsMax } = numbers[asked].onError;
    if (before >= count) crowd.doomed[agent] = 1;
    return Math.min(before * delayMs, delayMsMax);
  },
  hasRounds: false,
  known: {
    is: 'from documentation',
    source:
      'DefaultLoadErrorHandlingPolicy, DefaultLoadControl and DefaultHlsPlaylistTracker of Media3 1.5',
  },
});
