// Who can say, on the far side of a link, that a fault really happened, and by what. The call that
// put the toxic there is no witness.

import {
  isOnStages,
  type Design,
  type Fault,
  type LatencyFault,
  type Link,
  type LinkFault,
} from '../model/scenario.ts';
import type { RequestWitness } from './httpWitness.ts';

export type Witness =
  CounterWitness | AgeWitness | AnswerWitness | ReportsWitness | RequestWitness | NoWitness;

/** A counter that grows while bytes get through and stands still while they do not. */
export interface CounterWitness {
  readonly kind: 'counter';
  /** Instance of the stage that reports it. */
  readonly stage: string;
  readonly counter: 'bytesIn' | 'bytesOut' | 'programmeCounter';
  /** Only what came over this link, where several lead to the stage. */
  readonly link?: string;
  /** Standing still for this long is out of the ordinary. */
  readonly quietMs: number;
  /** A rate is taken over this long: it comes in bursts. */
  readonly rateOverMs: number;
  /** Look no longer than this for a proof. */
  readonly withinMs: number;
}

/** How old pictures are when they arrive, from the frame clock in them: grows with the delay. */
export interface AgeWitness {
  readonly kind: 'age';
  readonly stage: string;
  readonly fps: number;
  readonly withinMs: number;
}

/** The far side of an HTTP link, asked by a connection of our own through the same proxy. */
export interface AnswerWitness {
  readonly kind: 'answer';
  /** The stage that answers. */
  readonly stage: string;
  /** Without an answer for this long there is none. */
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

/** Nobody can tell; `reason` says why, for the report. */
export interface NoWitness {
  readonly kind: 'none';
  readonly reason: string;
}

/** What one place on the wire is about: a fault on one link, for one channel. */
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
  if (fault.kind === 'loss' || fault.kind === 'slice')
    return none('bytes arrive all the same, only unevenly');
  if (roleOf(link.to) === 'transcoder') {
    const stage = `${link.to}.${channel}`;
    const several = design.links.filter(({ to }) => to === link.to).length > 1;
    if (several && fault.kind === 'latency')
      return none('pictures of one input among several are not told apart');
    if (several) return { ...contributionWitness(stage), link: link.name };
    return fault.kind === 'latency' ? ageWitness(fault, stage, design) : contributionWitness(stage);
  }
  if (fault.kind !== 'bandwidth')
    return answerWitness(fault, roleOf(link.to) === 'edge' ? link.from : link.to);
  const twins = design.links.filter(({ from }) => from === link.from).length > 1;
  if (roleOf(link.from) === 'transcoder' && twins)
    return none(`${link.from} counts what it publishes at several origins together`);
  if (roleOf(link.from) === 'transcoder') return uploadWitness(link, channel, design);
  return none(`${link.to} serves from its cache whatever the link carries`);
}

/** What a witness is called in the record. */
export function witnessName(witness: Witness): string {
  switch (witness.kind) {
    case 'counter':
      return counterName(witness);
    case 'age':
      return `age of pictures at ${witness.stage}`;
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
export const counterName = ({ counter, stage, link }: CounterWitness): string =>
  `${counter} of ${stage}${link === undefined ? '' : ` over ${link}`}`;

/** Bytes of the contribution at the stage that receives it. */
export const contributionWitness = (stage: string): CounterWitness => ({
  kind: 'counter',
  stage,
  counter: 'bytesIn',
  quietMs: STREAM_QUIET_MS,
  rateOverMs: STREAM_RATE_OVER_MS,
  withinMs: STREAM_WITHIN_MS,
});

/** Pictures come 40 ms apart and reports 250 ms: less delay than this is not told from chance. */
const DELAY_MS_MIN = 80;

function ageWitness(fault: LatencyFault, stage: string, { media }: Design): Witness {
  if (fault.direction === 'backward') return none('only answers are late, which no stage times');
  if (fault.delayMs < DELAY_MS_MIN) return none(`a delay under ${DELAY_MS_MIN} ms does not show`);
  return { kind: 'age', stage, fps: media.fps, withinMs: fault.delayMs + STREAM_WITHIN_MS };
}

/** A healthy answer takes milliseconds, on a busy machine some tens of them. */
export const ANSWER_PATIENCE_MS = 800;
/** A link that was cut may need its upstream connection anew. */
export const ANSWER_WITHIN_MS = 8000;

/** The one that answers is where the link ends as a connection: the edge asks, the origin answers. */
function answerWitness(fault: LinkFault, stage: string): Witness {
  const delayMs = fault.kind === 'latency' ? roundTripMs(fault) : 0;
  return {
    kind: 'answer',
    stage,
    patienceMs: ANSWER_PATIENCE_MS + 2 * delayMs,
    withinMs: ANSWER_WITHIN_MS + 2 * delayMs,
  };
}

/** What a delay adds to a question and its answer. */
export const roundTripMs = ({ delayMs, direction }: LatencyFault): number =>
  direction === undefined ? 2 * delayMs : delayMs;

/**
 * The origin is shared by all channels, so its own counters cannot tell one from another. Bytes that
 * the transcoder counts have been answered by the origin: the far side's word, per channel.
 */
function uploadWitness(link: Link, channel: string, design: Design): CounterWitness {
  const { segmentMs } = design.media;
  return {
    kind: 'counter',
    stage: `${link.from}.${channel}`,
    counter: 'bytesOut',
    quietMs: segmentMs * 1.5,
    rateOverMs: segmentMs * 3,
    withinMs: segmentMs * 6,
  };
}

export const none = (reason: string): NoWitness => ({ kind: 'none', reason });
