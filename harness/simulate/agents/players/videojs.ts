// video.js with its engine VHS 3.17: it gives up where it cannot begin, and never later.

import { VHS } from '../../../model/loadRules.ts';
import { endlessAgent } from './endless.ts';
import type { AgentPlayer } from './player.ts';

/** It asks no more for a first playlist in which there is nothing, and tells nobody. */
const SILENT = { whenEmpty: Infinity };

/** Fitted on the even seeds of `npm run bench agents`. */
const RESUME_LATE_MS = 1_000;

export const VIDEOJS_AGENT: AgentPlayer = endlessAgent(
  { ...VHS, resumeLateMs: RESUME_LATE_MS },
  { is: 'calibrated', against: 'video.js' },
  SILENT,
);
