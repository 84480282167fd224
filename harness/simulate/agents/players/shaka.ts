// shaka-player 5.2: one retry after a second, then another rung, then it gives up. Where there is one rung
// alone it asks for its playlist for ever.

import { EMPTY } from '../place.ts';
import { everyLoad } from '../../../model/loadRules.ts';
import { changeRung, countError } from './exclusions.ts';
import { FATAL, PLAYER_TICK_MS, type AgentPlayer } from './player.ts';

/** `streaming.maxDisabledTime` of its default configuration. */
const EXCLUDED_MS = 30_000;

/**
 * `NetworkingEngine.defaultRetryParameters`: two attempts, 1 s between them (half a second more or less by
 * chance, which is left out), 10 s to connect; `manifest.hls` asks once a target duration whether or not
 * anything changed; `streaming.liveSegmentsDelay` 3.
 */
const RETRIES = { count: 1, delayMs: 1_000, delayMsMax: 1_000 };

/** Fitted on the even seeds of `npm run bench agents`. */
const RESUME_LATE_MS = 1_200;

export const SHAKA_AGENT: AgentPlayer = {
  rules: {
    ...everyLoad({ firstByteMs: 10_000, totalMs: 30_000, onTimeout: RETRIES, onError: RETRIES }),
    liveSyncCount: 3,
    liveSyncOnStallIncreaseMs: 0,
    startMs: 0,
    resumeMs: 0,
    stuckTargets: Infinity,
    behindWindow: 'jumps',
    unchangedPollShare: 1,
    resumeLateMs: RESUME_LATE_MS,
  },
  decide: (crowd, rules, asked, failed) => {
    const { agent, status, rungs } = failed;
    if (status === EMPTY) return asked === 'manifest' ? FATAL : PLAYER_TICK_MS;
    const { count, delayMs } = rules[asked].onError;
    if (countError(crowd, agent, asked) < count) return delayMs;
    crowd[`${asked}Errors`][agent] = 0;
    if (asked === 'manifest') return FATAL;
    return changeRung(crowd, failed, EXCLUDED_MS) ?? (rungs > 1 ? FATAL : PLAYER_TICK_MS);
  },
  hasRounds: false,
  known: { is: 'calibrated', against: 'shaka' },
};
