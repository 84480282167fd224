// shaka-player 5.2. An update of the playlist that it plays fails for ever, on another rung if there is one;
// the first playlist of a rung that fails is the end, of which it does not recover but for one seek.

import { EMPTY } from '../place.ts';
import { everyLoad, PATIENT } from '../../../model/loadRules.ts';
import { changeRung, countError, forgetExclusions } from './exclusions.ts';
import { FATAL, PLAYER_TICK_MS, TIMEOUT, type AgentPlayer } from './player.ts';

/** `streaming.maxDisabledTime` of its default configuration. */
const EXCLUDED_MS = 30_000;

/**
 * `NetworkingEngine.defaultRetryParameters`: two attempts, 1 s between them (half a second more or less by
 * chance, which is left out), 10 s to connect; `manifest.hls` asks once a target duration whether or not
 * anything changed; `streaming.liveSegmentsDelay` 3.
 */
const RETRIES = { count: 1, delayMs: 1_000, delayMsMax: 1_000 };

/**
 * Fitted on the even seeds of `npm run bench agents`. Its engine looks once a second whether there is
 * something to do, and waits a second before it tells of an error (`failureCallbackBackoff_`). It takes a
 * segment that is missing for an error. Of a stalled playhead the window of live moves on (`onPollWindow_`).
 */
const FITTED = {
  resumeLateMs: 1_020,
  firstUpdateLateMs: 66,
  holeMs: 2_150,
  switchLateMs: 500,
  fatalLateMs: 1_000,
  jumpsAfter: 1.485,
};

export const SHAKA_AGENT: AgentPlayer = {
  rules: {
    ...everyLoad({ firstByteMs: 10_000, totalMs: 30_000, onTimeout: RETRIES, onError: RETRIES }),
    liveSyncCount: 3,
    ...PATIENT,
    behindWindow: 'jumps',
    unchangedPollShare: 1,
    ...FITTED,
    ignoresStartLoad: true,
  },
  decide: (crowd, rules, asked, failed) => {
    const { agent, status } = failed;
    if (status === EMPTY) return asked === 'manifest' ? FATAL : PLAYER_TICK_MS;
    const { count, delayMs } = rules[asked].onError;
    if (countError(crowd, agent, asked) < count) return delayMs;
    crowd[`${asked}Errors`][agent] = 0;
    if (crowd.hasPosition[agent] === 0) return FATAL;
    const isUpdate = asked === 'playlist' && crowd.awaitsPlaylist[agent] === 0;
    if (isUpdate) return changeRung(crowd, failed, EXCLUDED_MS) ?? PLAYER_TICK_MS;
    const other = status === TIMEOUT ? undefined : changeRung(crowd, failed, EXCLUDED_MS);
    if (other === undefined) forgetExclusions(crowd, agent);
    return other ?? FATAL;
  },
  hasRounds: false,
  known: { is: 'calibrated', against: 'shaka' },
};
