// Chooses the witness that something was really done to a stage, or by it: the stages beside it,
// the kernel that holds it, or a request of our own.

import { findOrigin, findReceiver, stageAt, type AskedPlace } from '../design/publishing.ts';
import { findRole } from '../design/roles.ts';
import { stageTrace } from '../faults/evidence.ts';
import type { OnStageFault } from '../model/scenario.ts';
import type { Witness } from './catalogue.ts';
import { noWitness } from './none.ts';
import { requestWitness } from './onAnswers.ts';
import { ANSWER_WITHIN_MS, contributionWitness, STREAM_QUIET_MS } from './onLink.ts';
import { ANSWER_PATIENCE_MS } from './slowness.ts';

/** Started again within the time a healthy program has to be ready (harness/pipeline/contract.ts). */
const RESTARTED_WITHIN_MS = 20_000;
/** Another encoder has to start, and what it sends to arrive. */
const FORMAT_WITHIN_MS = 8000;
/** The pictures and sounds that were on their way come first. */
const SIGHT_WITHIN_MS = 8000;
/** A squeezed stage reports late. */
const LIMITS_WITHIN_MS = 10_000;
/** A date is wrong once a segment that began after the change has been published. */
const SEGMENTS_TO_DATE = 6;

/** Gives the witness that something was done to an instance of a stage. */
export function witnessOnStage(fault: OnStageFault, place: AskedPlace): Witness {
  const { instance: stage, channel, design } = place;
  const trace = stageTrace(fault);
  const quietMs = STREAM_QUIET_MS * 1.5;
  const patienceMs = ANSWER_PATIENCE_MS;
  switch (trace.kind) {
    case 'reports':
      return { kind: 'reports', stage, quietMs, withinMs: RESTARTED_WITHIN_MS };
    case 'lives':
      return { kind: 'lives', stage, withinMs: RESTARTED_WITHIN_MS };
    case 'absence':
      return absenceWitness(place);
    case 'limits':
      return { ...trace, stage, quietMs, withinMs: LIMITS_WITHIN_MS };
    case 'sight':
      return { ...trace, stage: findReceiver(place), withinMs: SIGHT_WITHIN_MS };
    case 'format':
      return { ...trace, stage: findReceiver(place), withinMs: FORMAT_WITHIN_MS };
    case 'dates': {
      const withinMs = design.media.segmentMs * SEGMENTS_TO_DATE;
      return { ...trace, stage: findOrigin(place), channel, patienceMs, withinMs };
    }
    case 'store':
      return { kind: 'store', stage, patienceMs, withinMs: ANSWER_WITHIN_MS };
    case 'request':
      return requestWitness(trace.wrong, place);
  }
}

/** A stage off the network still reports to us: who misses it is its neighbour, or its client. */
function absenceWitness(place: AskedPlace): Witness {
  const { instance } = place;
  const stage = stageAt(place);
  if (!stage) return noWitness(`no stage of the design is ${instance}`);
  if (!findRole(stage).servesViewers) return contributionWitness(findReceiver(place));
  const waits = { patienceMs: ANSWER_PATIENCE_MS, withinMs: ANSWER_WITHIN_MS };
  return { kind: 'answer', stage: instance, ...waits };
}
