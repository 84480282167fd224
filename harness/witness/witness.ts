// Chooses the witness, on the far side of a link, that a fault really happened. The call that put
// the toxic there is no witness.

import {
  isOnStages,
  type Design,
  type Fault,
  type Link,
  type LinkFault,
} from '../model/scenario.ts';
import type { RequestWitness } from './httpWitness.ts';
import { linkEvidence } from '../faults/evidence.ts';
import { ANSWER_PATIENCE_MS, exchangeMs, isSlow } from './slowness.ts';

export type Witness =
  | (CounterWitness | AgeWitness | PiecesWitness | GapWitness)
  | (AnswerWitness | ReportsWitness | RequestWitness | NoWitness);

/** A counter that grows while bytes get through and stands still while they do not. */
export interface CounterWitness {
  readonly kind: 'counter';
  /** Instance of the stage that reports it. */
  readonly stage: string;
  readonly counter: 'bytesIn' | 'bytesOut' | 'repliesIn';
  /** Only what came over this link, where several lead to the stage. */
  readonly link?: string;
  /** Standing still for this long is out of the ordinary. */
  readonly quietMs: number;
  /** A rate is taken over this long: it comes in bursts. */
  readonly rateOverMs: number;
  /** Look no longer than this for a proof. */
  readonly withinMs: number;
}

/** A witness of the age of pictures or replies when they arrive: it grows with the delay. */
export interface AgeWitness {
  readonly kind: 'age';
  readonly of: 'pictures' | 'replies';
  /** The transcoder; for replies the playout. */
  readonly stage: string;
  /** Only what came over this link, where there are several. */
  readonly link?: string;
  /** The time that the fault should add to the age. */
  readonly delayMs: number;
  readonly withinMs: number;
}

/** A witness of the number of bytes that come at a time. */
export interface PiecesWitness {
  readonly kind: 'pieces';
  readonly stage: string;
  readonly link?: string;
  readonly withinMs: number;
}

/** A witness of the time for which no byte came. */
export interface GapWitness {
  readonly kind: 'gap';
  readonly stage: string;
  readonly link?: string;
  readonly withinMs: number;
}

/** The far side of an HTTP link, asked by a connection of our own through the same proxy. */
export interface AnswerWitness {
  readonly kind: 'answer';
  /** The stage that answers. */
  readonly stage: string;
  /** The time after which an answer is taken not to come. */
  readonly patienceMs: number;
  readonly withinMs: number;
}

/** The stage itself: while it lives it reports, four times a second. */
export interface ReportsWitness {
  readonly kind: 'reports';
  readonly stage: string;
  readonly quietMs: number;
  readonly withinMs: number;
}

/** No witness: nobody can tell; `reason` says why, for the report. */
export interface NoWitness {
  readonly kind: 'none';
  readonly reason: string;
}

/** The flow that a fault on one link for one channel acts on. */
export interface Flow {
  readonly fault: Fault;
  readonly link: Link;
  readonly channel: string;
  readonly design: Design;
}

/** The contribution comes many times a second; four reports of a stage without a byte are silence. */
export const STREAM_QUIET_MS = 1000;
/** Long enough that one large picture does not decide. */
const STREAM_RATE_OVER_MS = 2000;
/** Connections come back within the sender's own waits; this is generous beside them. */
const STREAM_WITHIN_MS = 8000;

export function witnessOf({ fault, link, channel, design }: Flow): Witness {
  if (isOnStages(fault)) return none('no link is touched');
  const roleOf = (name: string) => design.stages.find((stage) => stage.name === name)?.role;
  if (roleOf(link.to) === 'transcoder') return inputWitness(fault, { link, channel, design });
  // The one that answers is where the link ends as a connection: the edge asks, the origin answers.
  return answerWitness(fault, roleOf(link.to) === 'origin' ? link.to : link.from);
}

type InputFlow = Omit<Flow, 'fault'>;

/** Gives the witness at a transcoder's input; backward, the one of replies at the playout. */
function inputWitness(fault: LinkFault, flow: InputFlow): Witness {
  const { link, channel, design } = flow;
  if (fault.direction === 'backward') return replyWitness(fault, flow);
  const several = design.links.filter(({ to }) => to === link.to).length > 1;
  const over = several ? { link: link.name } : {};
  const stage = `${link.to}.${channel}`;
  const { stream, passMs } = linkEvidence(fault);
  switch (stream.kind) {
    case 'silence':
    case 'rate':
      return { ...contributionWitness(stage), ...over };
    case 'delay':
      return ageWitness(passMs(pictureBytes(design)), {
        kind: 'age',
        of: 'pictures',
        stage,
        ...over,
      });
    case 'gap':
    case 'pieces':
      return { kind: stream.kind, stage, ...over, withinMs: STREAM_WITHIN_MS };
  }
}

/** A transcoder says the time now and then, which is all that goes that way. */
function replyWitness(fault: LinkFault, { link, channel, design }: InputFlow): Witness {
  const several = design.links.filter(({ from }) => from === link.from).length > 1;
  const over = several ? { link: link.name } : {};
  const stage = `${link.from}.${channel}`;
  const { replies, passMs } = linkEvidence(fault);
  switch (replies) {
    case 'silence':
      return { ...contributionWitness(stage), counter: 'repliesIn', ...over };
    case 'delay':
      return ageWitness(passMs(0), { kind: 'age', of: 'replies', stage, ...over });
    case undefined:
      return none(`so few bytes go from ${link.to} to ${link.from} that it changes nothing`);
  }
}

/** Gives the mean number of bytes of one picture. */
const pictureBytes = ({ media }: Design): number => (media.contributionKbps * 125) / media.fps;

/** Gives the name of a witness in the record. */
export function witnessName(witness: Witness): string {
  switch (witness.kind) {
    case 'counter':
      return counterName(witness);
    case 'age':
      return `age of ${witness.of} at ${at(witness)}`;
    case 'pieces':
      return `size of pieces at ${at(witness)}`;
    case 'gap':
      return `gaps at ${at(witness)}`;
    case 'answer':
      return `answers of ${witness.stage}`;
    case 'reports':
      return `reports of ${witness.stage}`;
    case 'request':
      return `requests to ${witness.stage}`;
    case 'none':
      return 'none';
  }
}

/** `bytesIn of transcoder.one over connect-up-a` */
export const counterName = (witness: CounterWitness): string =>
  `${witness.counter} of ${at(witness)}`;

const at = ({ stage, link }: { readonly stage: string; readonly link?: string }): string =>
  link === undefined ? stage : `${stage} over ${link}`;

/** Bytes of the contribution at the stage that receives it. */
export const contributionWitness = (stage: string): CounterWitness => ({
  kind: 'counter',
  stage,
  counter: 'bytesIn',
  quietMs: STREAM_QUIET_MS,
  rateOverMs: STREAM_RATE_OVER_MS,
  withinMs: STREAM_WITHIN_MS,
});

/** Medians of two seconds vary by 2 ms on a machine at rest; half of this is asked for. */
const AGE_MS_MIN = 10;

function ageWitness(delayMs: number, witness: Omit<AgeWitness, 'delayMs' | 'withinMs'>): Witness {
  if (delayMs < AGE_MS_MIN)
    return none(`a delay of ${Math.round(delayMs)} ms is not told from that of a busy machine`);
  return { ...witness, delayMs, withinMs: 2 * delayMs + STREAM_WITHIN_MS };
}

/** A link that was cut may need its upstream connection anew. */
export const ANSWER_WITHIN_MS = 8000;

/** Less than this on a question and its answer is not told from a busy machine. */
const EXCHANGE_MS_MIN = 10;

function answerWitness(fault: LinkFault, stage: string): Witness {
  const addedMs = isSlow(fault) ? exchangeMs(fault) : 0;
  if (isSlow(fault) && addedMs < EXCHANGE_MS_MIN)
    return none(`${addedMs.toFixed(1)} ms more for a question is not told from a busy machine`);
  return {
    kind: 'answer',
    stage,
    patienceMs: ANSWER_PATIENCE_MS + 2 * addedMs,
    withinMs: ANSWER_WITHIN_MS + 2 * addedMs,
  };
}

export const none = (reason: string): NoWitness => ({ kind: 'none', reason });
