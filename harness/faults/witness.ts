// Who can say, on the far side of a link, that a fault really happened, and by what. The call that
// put the toxic there is no witness.

import type { StatsRecord } from '../model/history.ts';
import type { Design, Fault, Link } from '../model/scenario.ts';

export type Witness = CounterWitness | NoWitness;

/** A counter that grows while bytes get through and stands still while they do not. */
export interface CounterWitness {
  readonly kind: 'counter';
  /** Instance of the stage that reports it. */
  readonly stage: string;
  readonly counter: 'bytesIn' | 'uploads';
  /** A counter of failed attempts: it growing while the first one stands still is proof as well. */
  readonly failures: 'uploadErrors' | undefined;
  /** Standing still for this long is out of the ordinary. */
  readonly quietMs: number;
  /** Look no longer than this for a proof. */
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
const STREAM_QUIET_MS = 1000;
/** Connections come back within the sender's own waits; this is generous beside them. */
const STREAM_WITHIN_MS = 8000;

export function witnessOf({ fault, link, channel, design }: Flow): Witness {
  const roleOf = (name: string) => design.stages.find((stage) => stage.name === name)?.role;
  if (fault.kind === 'latency' || fault.kind === 'slice' || fault.kind === 'loss')
    return none('it does not change how many bytes arrive, only when');
  if (roleOf(link.to) === 'transcoder')
    return {
      kind: 'counter',
      stage: `${link.to}.${channel}`,
      counter: 'bytesIn',
      failures: undefined,
      quietMs: STREAM_QUIET_MS,
      withinMs: STREAM_WITHIN_MS,
    };
  if (fault.kind === 'bandwidth')
    return none(`${link.to} counts what all channels send together, too coarse for a rate`);
  if (roleOf(link.from) === 'transcoder') return uploadWitness(link, channel, design);
  return none(`${link.to} serves from its cache while the link is cut`);
}

/**
 * The origin is shared by all channels, so its own counters cannot tell one from another. An upload
 * that the transcoder counts has been answered by the origin: the far side's word, per channel.
 */
function uploadWitness(link: Link, channel: string, design: Design): CounterWitness {
  const { segmentMs } = design.media;
  const from = design.stages.find((stage) => stage.name === link.from);
  const attemptMs =
    from?.role === 'transcoder' ? from.upload.timeoutMs + from.upload.retryDelayMs : 0;
  return {
    kind: 'counter',
    stage: `${link.from}.${channel}`,
    counter: 'uploads',
    failures: 'uploadErrors',
    quietMs: segmentMs * 1.5,
    withinMs: segmentMs * 3 + attemptMs * 2,
  };
}

const none = (reason: string): NoWitness => ({ kind: 'none', reason });

/** Whether a record is one that this witness speaks through. */
export const speaksFor = (witness: Witness, record: StatsRecord): boolean =>
  witness.kind === 'counter' &&
  record.stage === witness.stage &&
  record[witness.counter] !== undefined;
