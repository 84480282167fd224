// Chooses the witness that something was really done to a stage, or by it: the stages beside it,
// the kernel that holds it, or a request of our own.

import { stageTrace } from '../faults/evidence.ts';
import type { OnStageFault } from '../model/scenario.ts';
import { requestWitness, type RequestWitness } from './httpWitness.ts';
import { originOf, type AskedPlace } from '../design/publishing.ts';
import { firstNamed } from '../design/roles.ts';
import { ANSWER_PATIENCE_MS } from './slowness.ts';
import {
  ANSWER_WITHIN_MS,
  contributionWitness,
  none,
  STREAM_QUIET_MS,
  witnessName,
  type AnswerWitness,
  type CounterWitness,
  type NoWitness,
  type ReportsWitness,
} from './witness.ts';

export type StageWitness =
  | (CounterWitness | AnswerWitness | ReportsWitness | RequestWitness | NoWitness)
  | (LivesWitness | FormatWitness | SightWitness | LimitsWitness | DatesWitness | StoreWitness);

/** The counters of a stage: they only grow while it lives, and begin again in its next life. */
export interface LivesWitness {
  readonly kind: 'lives';
  readonly stage: string;
  readonly withinMs: number;
}

/** A witness of the contribution's format where it arrives: time stamps, codec, size. */
export interface FormatWitness {
  readonly kind: 'format';
  readonly stage: string;
  readonly withinMs: number;
}

/** The pictures and the sound that arrive: black, standing, whose, how loud. */
export interface SightWitness {
  readonly kind: 'sight';
  /** The transcoder. */
  readonly stage: string;
  /** The number of the channel in the frame clock. */
  readonly number: number;
  readonly withinMs: number;
}

/** The kernel, as the stage reads it: for how long it was held back, how much memory it may have. */
export interface LimitsWitness {
  readonly kind: 'limits';
  readonly stage: string;
  /** Nothing heard for this long: its memory was not enough to live. */
  readonly quietMs: number;
  readonly withinMs: number;
}

/** The dates in a playlist at the origin, fetched by us. */
export interface DatesWitness {
  readonly kind: 'dates';
  /** The origin. */
  readonly stage: string;
  readonly patienceMs: number;
  readonly withinMs: number;
}

/** A witness of the store: we put something small at the origin, and delete it again. */
export interface StoreWitness {
  readonly kind: 'store';
  readonly stage: string;
  readonly patienceMs: number;
  readonly withinMs: number;
}

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
export function stageWitnessOf(fault: OnStageFault, place: AskedPlace): StageWitness {
  const { instance: stage, design } = place;
  const trace = stageTrace(fault);
  const quietMs = STREAM_QUIET_MS * 1.5;
  switch (trace.kind) {
    case 'reports':
      return { kind: 'reports', stage, quietMs, withinMs: RESTARTED_WITHIN_MS };
    case 'lives':
      return { kind: 'lives', stage, withinMs: RESTARTED_WITHIN_MS };
    case 'absence':
      return absenceWitness(place);
    case 'limits':
      return { kind: 'limits', stage, quietMs, withinMs: LIMITS_WITHIN_MS };
    case 'sight': {
      const number = design.channels.indexOf(place.channel) + 1;
      return { kind: 'sight', stage: transcoderOf(place), number, withinMs: SIGHT_WITHIN_MS };
    }
    case 'format':
      return { kind: 'format', stage: transcoderOf(place), withinMs: FORMAT_WITHIN_MS };
    case 'dates':
      return {
        ...{ kind: 'dates', stage: originOf(place), patienceMs: ANSWER_PATIENCE_MS },
        withinMs: design.media.segmentMs * SEGMENTS_TO_DATE,
      };
    case 'store':
      return {
        ...{ kind: 'store', stage, patienceMs: ANSWER_PATIENCE_MS },
        withinMs: ANSWER_WITHIN_MS,
      };
    case 'request':
      return requestWitness(trace.fault, place);
  }
}

/** Gives the name of a witness in the record. */
export function stageWitnessName(witness: StageWitness): string {
  switch (witness.kind) {
    case 'lives':
      return `counters of ${witness.stage}`;
    case 'sight':
      return `what ${witness.stage} sees and hears`;
    case 'format':
      return `contribution at ${witness.stage}`;
    case 'limits':
      return `limits of ${witness.stage}`;
    case 'dates':
      return `dates in playlists of ${witness.stage}`;
    case 'store':
      return `uploads of our own to ${witness.stage}`;
    case 'counter':
    case 'answer':
    case 'reports':
    case 'request':
    case 'none':
      return witnessName(witness);
  }
}

/** A stage off the network still reports to us: who misses it is its neighbour, or its client. */
function absenceWitness(place: AskedPlace): StageWitness {
  const { instance, design } = place;
  const stage = design.stages.find(({ name }) => instance.split('.')[0] === name);
  const waits = { patienceMs: ANSWER_PATIENCE_MS, withinMs: ANSWER_WITHIN_MS };
  switch (stage?.role) {
    case 'transcoder':
      return contributionWitness(instance);
    case 'playout':
      return contributionWitness(transcoderOf(place));
    case 'origin':
    case 'edge':
    case 'steering':
      return { kind: 'answer', stage: instance, ...waits };
    case undefined:
      return none(`no stage of the design is ${instance}`);
  }
}

const transcoderOf = ({ channel, design }: AskedPlace): string =>
  `${firstNamed('transcoder', design)}.${channel}`;
