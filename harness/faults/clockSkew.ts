// The clock that a transcoder writes EXT-X-PROGRAM-DATE-TIME by is wrong.

import { offset } from '../fields/fields.ts';
import { formatDuration } from '../kernel/duration.ts';
import type { OnStages } from '../model/scenario.ts';
import { writing, type StageKind } from './kind.ts';
import { shiftMistakes, signedSeconds } from './words.ts';

export interface ClockSkewFault extends OnStages {
  readonly kind: 'clock-skew';
  /** Negative: slow. */
  readonly byMs: number;
}

declare module '../model/fault.ts' {
  interface OnStageFaults {
    'clock-skew': ClockSkewFault;
  }
}

export const clockSkew: StageKind<ClockSkewFault> = {
  kind: 'clock-skew',
  on: 'stages',
  writings: {
    clockSkew: writing({
      field: offset(
        'The clock that a transcoder dates its segments by is this much fast; -1h is slow.',
      ),
      read: (byMs) => ({ kind: 'clock-skew', byMs }),
      check: ({ value }) => shiftMistakes('clockSkew', value),
    }),
  },
  injected: ({ byMs }, where) =>
    `${where} writes dates that are ${formatDuration(Math.abs(byMs))} ${byMs < 0 ? 'slow' : 'fast'}`,
  healed: (_, where) => `${where} writes the right dates again`,
  effect: ({ byMs }) => signedSeconds(byMs),
  verb: () => ({ verb: 'set the clock of', then: 'wrong', told: true }),
  acts: {
    by: 'program',
    command: 'clockSkewMs',
    message: ([one]) => ({ clockSkewMs: one?.fault.byMs ?? 0 }),
  },
  trace: ({ byMs }) => ({ kind: 'dates', byMs }),
  numbers: ({ byMs }) => ({ dateErrorMs: byMs }),
};
