// Chooses the witness, on the far side of a link, that a fault really happened. The call that put
// the toxic there is no witness.

import { carriesPicture, findHops, inputLinks, outputLinks } from '../design/hops.ts';
import { tells } from '../design/roles.ts';
import { linkEvidence } from '../faults/evidence.ts';
import { ECHO } from '../model/rtcp.ts';
import { PACKETS_MAX } from '../model/rtp.ts';
import {
  readTransport,
  type Design,
  type Link,
  type LinkFault,
  type Stage,
} from '../model/scenario.ts';
import { PROBE, type ProbeBytes } from '../model/world.ts';
import { PACKET_BYTES } from '../model/transportStream.ts';
import type { StreamTrace } from '../faults/traces.ts';
import type { AgeWitness } from './age.ts';
import type { Witness } from './catalogue.ts';
import type { CounterWitness } from './counter.ts';
import { ECHO_KBPS } from './answer.ts';
import { noWitness } from './none.ts';
import { ANSWER_PATIENCE_MS, exchangeMs } from './slowness.ts';

/** The flow that a fault on one link for one channel acts on. */
export interface FlowPlace {
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

export function witnessOnLink(fault: LinkFault, place: FlowPlace): Witness {
  const { link, design } = place;
  if (link.protocol === 'messages')
    return answerWitness(fault, link.from, { bytes: MESSAGE_BYTES });
  if (!carriesPicture(link)) return echoWitness(fault, link);
  const hop = findHops(design).find((one) => one.link?.name === link.name);
  // The one that answers is where the link ends as a connection: the edge asks, the origin answers.
  const isForUdp = readTransport(link) === 'udp';
  if (!hop || (!isForUdp && !tells(hop.to, 'contribution')))
    return answerWitness(fault, hop?.server.name ?? link.to);
  if (fault.direction !== 'backward') return inputWitness(fault, place, hop.to);
  return isForUdp
    ? noWitness(`no picture goes from ${link.to} to ${link.from}`)
    : replyWitness(fault, place, hop.from);
}

/** Gives the witness at the input of a transcoder, or of a sender. */
function inputWitness(
  fault: LinkFault,
  { link, channel, design }: FlowPlace,
  receiver: Stage,
): Witness {
  const isOneOfSeveral = inputLinks(design, receiver)?.includes(link.name);
  const at = { stage: `${link.to}.${channel}`, ...(isOneOfSeveral && { link: link.name }) };
  const { stream, passMs } = linkEvidence(fault, link.transport);
  switch (stream.kind) {
    case 'silence':
      return { ...contributionWitness(at.stage), ...at };
    case 'rate':
      return { ...contributionWitness(at.stage), ...at, limitKbps: stream.limitKbps };
    case 'delay':
      return ageWitness(passMs(pictureBytes(design)), { kind: 'age', of: 'pictures', ...at });
    case 'datagrams':
      return datagramsWitness(stream, at.stage, design);
    case 'gap':
    case 'pieces':
      return { kind: stream.kind, ...at, withinMs: STREAM_WITHIN_MS };
  }
}

/** So many are meant to be concerned before their absence is no chance. */
const DATAGRAMS_MEANT = 5;

function datagramsWitness(
  { lack, share }: Extract<StreamTrace, { kind: 'datagrams' }>,
  stage: string,
  { media }: Design,
): Witness {
  const everyMs = (PACKETS_MAX * PACKET_BYTES * 8) / media.contributionKbps;
  const noneForMs = Math.max(STREAM_RATE_OVER_MS, (DATAGRAMS_MEANT * everyMs) / share);
  const withinMs = STREAM_WITHIN_MS + 2 * noneForMs;
  return { kind: 'datagrams', stage, lack, share, noneForMs, withinMs };
}

/** Gives the witness of replies, at the playout: a transcoder says the time now and then. */
function replyWitness(
  fault: LinkFault,
  { link, channel, design }: FlowPlace,
  sender: Stage,
): Witness {
  const isOneOfSeveral = outputLinks(design, sender)?.includes(link.name);
  const at = { stage: `${link.from}.${channel}`, ...(isOneOfSeveral && { link: link.name }) };
  const { replies, passMs } = linkEvidence(fault);
  switch (replies) {
    case 'silence':
      return { ...contributionWitness(at.stage), ...at, counter: 'repliesIn' };
    case 'delay':
      return ageWitness(passMs(0), { kind: 'age', of: 'replies', ...at });
    case undefined:
      return noWitness(`so few bytes go from ${link.to} to ${link.from} that it changes nothing`);
  }
}

/** Gives the mean number of bytes of one picture. */
const pictureBytes = ({ media }: Design): number => (media.contributionKbps * 125) / media.fps;

/** Gives the counter of the contribution's bytes at the stage that receives it. */
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
    return noWitness(
      `a delay of ${Math.round(delayMs)} ms is not told from that of a busy machine`,
    );
  return { ...witness, delayMs, withinMs: 2 * delayMs + STREAM_WITHIN_MS };
}

/** A link that was cut may need its upstream connection anew. */
export const ANSWER_WITHIN_MS = 8000;

/** Less than this on a question and its answer is not told from a busy machine. */
const EXCHANGE_MS_MIN = 10;

function answerWitness(
  fault: LinkFault,
  stage: string,
  { bytes, ...how }: { bytes?: ProbeBytes; byEcho?: true } = {},
): Witness {
  const trace = linkEvidence(fault).stream.kind;
  const waits = { patienceMs: ANSWER_PATIENCE_MS, withinMs: ANSWER_WITHIN_MS, ...how };
  if (trace === 'silence') return { kind: 'answer', stage, ...waits };
  const addedMs = exchangeMs(fault, bytes);
  if (addedMs < EXCHANGE_MS_MIN)
    return noWitness(
      `${addedMs.toFixed(1)} ms more for a question is not told from a busy machine`,
    );
  return {
    kind: 'answer',
    stage,
    addedMs,
    byChance: trace === 'gap',
    ...how,
    patienceMs: waits.patienceMs + 2 * addedMs,
    withinMs: waits.withinMs + 2 * addedMs,
  };
}

/** A portal has nothing at the place that is asked for, and says so in a short answer. */
const MESSAGE_BYTES: ProbeBytes = { upBytes: PROBE.upBytes, downBytes: 200 };

/** Sent at a limit, it would all come back. */
const LIMIT_SENT = 2;
/** An asking sends this many, at least. */
const ECHOES_MIN = 10;

/** Gives the witness on a way to a repair server, which sends back what it is sent. */
function echoWitness(fault: LinkFault, { from }: Link): Witness {
  const { stream } = linkEvidence(fault, 'udp');
  if (stream.kind !== 'rate' && stream.kind !== 'datagrams') {
    const bytes = { upBytes: ECHO.bytes, downBytes: ECHO.bytes };
    return answerWitness(fault, from, { bytes, byEcho: true });
  }
  const waits = { patienceMs: ANSWER_PATIENCE_MS, withinMs: ANSWER_WITHIN_MS };
  const of = { kind: 'echoes', stage: from, trace: stream, ...waits } as const;
  if (stream.kind === 'rate') return { ...of, kbps: LIMIT_SENT * stream.limitKbps, noneIn: 0 };
  const noneIn = Math.max(ECHOES_MIN, Math.ceil(DATAGRAMS_MEANT / stream.share));
  const withinMs = waits.withinMs + (noneIn / ECHOES_MIN) * ANSWER_PATIENCE_MS;
  return { ...of, kbps: ECHO_KBPS, noneIn, withinMs };
}
