// A set-top box on multicast: it asks for no file but those of its boot, and tries none of them again.

import { everyLoad, PATIENT, type LoadRules } from '../../../model/loadRules.ts';
import type { BoxTimes } from '../boxes/boxScreen.ts';
import { FATAL, type AgentPlayer } from './player.ts';

const once = (totalMs: number): LoadRules => {
  const never = { count: 0, delayMs: 0, delayMsMax: 0 };
  return { firstByteMs: totalMs, totalMs, onError: never, onTimeout: never };
};

/** `times` are those of a box whose `config` says nothing. */
export function boxAgent(times: BoxTimes): AgentPlayer {
  return {
    rules: {
      ...everyLoad(once(times.bootMs)),
      ...PATIENT,
      liveSyncCount: 0,
      behindWindow: 'stands',
    },
    decide: () => FATAL,
    hasRounds: false,
    box: times,
    known: {
      is: 'from documentation',
      source: 'the settings of docs/boxes.md, and a decoder fitted on the zaps measured there',
    },
  };
}
