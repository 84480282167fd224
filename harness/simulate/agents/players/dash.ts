// dash.js 5.2: it asks four times for a manifest that fails, and then no more.

import { everyLoad, PATIENT } from '../../../model/loadRules.ts';
import { countError } from './exclusions.ts';
import { FATAL, type AgentPlayer } from './player.ts';

/** `streaming.retryAttempts`, `retryIntervals`, `timeout` and `delay.liveDelayFragmentCount` of its settings. */
const MANIFEST = { count: 3, delayMs: 500, delayMsMax: 500 };
const SEGMENT = { count: 3, delayMs: 1_000, delayMsMax: 1_000 };
const manifest = { firstByteMs: Infinity, totalMs: 10_000, onTimeout: MANIFEST, onError: MANIFEST };

export const DASH_AGENT: AgentPlayer = {
  rules: {
    ...everyLoad(manifest),
    segment: { firstByteMs: Infinity, totalMs: 20_000, onTimeout: SEGMENT, onError: SEGMENT },
    liveSyncCount: 4,
    ...PATIENT,
    behindWindow: 'stands',
    unchangedPollShare: 1,
  },
  decide: (crowd, rules, asked, { agent }) => {
    const { count, delayMs } = rules[asked].onError;
    return countError(crowd, agent, asked) < count ? delayMs : FATAL;
  },
  hasRounds: true,
  known: {
    is: 'from documentation',
    source: 'Settings of dash.js 5.2.1, and its fates in browsers (docs/fate.md)',
  },
};
