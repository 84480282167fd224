// Proves a burst of loss from the time for which no byte came.

import { RETRANSMIT_TIMEOUT_MS } from '../faults/loss.ts';
import {
  placeText,
  unproven,
  type OverLink,
  type Proof,
  type Seen,
  type WitnessKind,
} from './kind.ts';
import { stageRecords, counterValues } from './readings.ts';

export interface GapWitness extends OverLink {
  readonly kind: 'gap';
}

export const gap: WitnessKind<GapWitness> = {
  name: (witness) => `gaps at ${placeText(witness)}`,
  judge,
};

/** Most of the shortest wait for what a burst took; a contribution comes thirty times a second. */
const GAP_MS_MIN = 0.75 * RETRANSMIT_TIMEOUT_MS;
/** Reports without such a gap: two seconds. */
const WHOLE_REPORTS_MIN = 8;

function judge(witness: GapWitness, seen: Seen): Proof {
  const { does } = seen;
  const reports = stageRecords(witness.stage, seen);
  const after = counterValues(reports.after, 'quietInMs', witness);
  const was = usual(counterValues(reports.before, 'quietInMs', witness));
  const since = does === 'inject' ? after : after.slice(-WHOLE_REPORTS_MIN);
  if (since.length < (does === 'inject' ? 1 : WHOLE_REPORTS_MIN))
    return unproven('not enough reports for a gap');
  const longest = Math.max(...since);
  return {
    proven: does === 'inject' ? longest >= GAP_MS_MIN && longest > was : longest < GAP_MS_MIN,
    observed: `no byte came for ${Math.round(longest)} ms, ${Math.round(was)} ms at most was usual before`,
  };
}

/** The value that all but one in twenty are below: a machine that starts a browser stalls. */
const usual = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * 0.95)] ?? 0;
