// The evidence of every kind of fault (model/evidence.ts), by its name.

import type { FormatChange, LinkEvidence, StageTrace, StreamTrace } from '../model/evidence.ts';
import type { ContentFault, LinkFault, LossFault, OnStageFault } from '../model/fault.ts';
import { lossDelay, lossRateKBps } from './loss.ts';

type Links = {
  readonly [K in LinkFault['kind']]: LinkEvidence<Extract<LinkFault, { kind: K }>>;
};
type Stages = {
  readonly [K in OnStageFault['kind']]: (fault: Extract<OnStageFault, { kind: K }>) => StageTrace;
};

const LINKS: Links = {
  cut: { stream: () => ({ kind: 'silence' }), replies: 'silence', passMs: () => Infinity },
  latency: {
    stream: () => ({ kind: 'delay' }),
    replies: 'delay',
    passMs: ({ delayMs, jitterMs }) => meanDelayMs(delayMs, jitterMs),
  },
  bandwidth: {
    stream: ({ rateKbps }) => ({ kind: 'rate', limitKbps: rateKbps }),
    replies: undefined,
    passMs: ({ rateKbps }, bytes) => (bytes * 8) / rateKbps,
  },
  loss: {
    stream: ({ burstMs }) => ({ kind: burstMs === undefined ? 'delay' : 'gap' }),
    replies: undefined,
    passMs: lossPassMs,
  },
  slice: {
    stream: () => ({ kind: 'pieces' }),
    replies: undefined,
    passMs: ({ pieceBytes, delayMs }, bytes) => Math.floor(bytes / pieceBytes) * delayMs,
  },
};

const STAGES: Stages = {
  stage: ({ does }) => ({
    kind: does === 'disconnect' ? 'absence' : does === 'restart' ? 'lives' : 'reports',
  }),
  squeeze: ({ limits }) => ({ kind: 'limits', ...limits }),
  content: contentTrace,
  'clock-skew': ({ byMs }) => ({ kind: 'dates', byMs }),
  'full-disk': () => ({ kind: 'store' }),
  http: (fault) => ({ kind: 'request', fault }),
};

/** The evidence of one fault on links. */
export interface EvidenceOnLink {
  readonly stream: StreamTrace;
  readonly replies: 'silence' | 'delay' | undefined;
  readonly passMs: (bytes: number) => number;
}

export function linkEvidence<K extends LinkFault['kind']>(
  fault: Extract<LinkFault, { kind: K }>,
): EvidenceOnLink {
  const { stream, replies, passMs } = LINKS[fault.kind];
  return { stream: stream(fault), replies, passMs: (bytes) => passMs(fault, bytes) };
}

export const stageTrace = <K extends OnStageFault['kind']>(
  fault: Extract<OnStageFault, { kind: K }>,
): StageTrace => STAGES[fault.kind](fault);

function lossPassMs(fault: LossFault, bytes: number): number {
  const { meanMs, jitterMs } = lossDelay(fault);
  return meanDelayMs(meanMs, jitterMs) + bytes / lossRateKBps(fault);
}

/** Gives the mean of a delay spread evenly around `meanMs`; none comes before it was sent. */
function meanDelayMs(meanMs: number, jitterMs: number): number {
  if (jitterMs <= meanMs) return meanMs;
  return (meanMs + jitterMs) ** 2 / (4 * jitterMs);
}

function contentTrace(fault: ContentFault): StageTrace {
  switch (fault.shows) {
    case 'black':
    case 'frozen':
    case 'silent':
    case 'wrong-channel':
      return { kind: 'sight', shows: fault.shows };
    case 'timestamp-jump':
      return format({ kind: 'jump', byMs: fault.byMs });
    case 'resolution':
      return format({ kind: 'size', width: fault.width, height: fault.height });
    case 'codec':
      return format({ kind: 'codec', codec: fault.codec });
  }
}

const format = (change: FormatChange): StageTrace => ({ kind: 'format', change });
