// video.js with its engine VHS 3.17: it gives up where it cannot begin, and never later.

import { endlessAgent } from './endless.ts';
import type { AgentPlayer } from './player.ts';
import { everyLoad } from '../rules.ts';

/** It asks no more for a first playlist in which there is nothing, and tells nobody. */
const SILENT = { whenEmpty: Infinity };

/** Fitted on the even seeds of `npm run bench agents`. */
const RESUME_LATE_MS = 1_000;

/** src/config.js and playlist-loader.js of VHS: 45 s for an answer, three target durations behind live. */
export const VIDEOJS_AGENT: AgentPlayer = endlessAgent(
  {
    ...everyLoad({
      firstByteMs: Infinity,
      totalMs: 45_000,
      onTimeout: { count: Infinity, delayMs: 0, delayMsMax: 0 },
      onError: { count: Infinity, delayMs: 0, delayMsMax: 0 },
    }),
    liveSyncCount: 3,
    liveSyncOnStallIncreaseMs: 0,
    startMs: 0,
    resumeMs: 0,
    stuckTargets: Infinity,
    behindWindow: 'jumps',
    resumeLateMs: RESUME_LATE_MS,
  },
  { is: 'calibrated', against: 'video.js' },
  SILENT,
);
