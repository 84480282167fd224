// Packet loss on a link. Toxiproxy works on TCP streams, where no byte is ever lost: what loss does
// to a stream is done instead. Each lost packet holds everything behind it until it has been sent
// again, and the sender halves its window, which limits the rate:
//
//   latency    a share of pieces waits for a retransmission: fast (one round trip), or by time-out
//   bandwidth  Mathis, Semke, Mahdavi, Ott 1997: rate <= 1.22 * MSS / (RTT * sqrt(share))
//
// In bursts, as Gilbert's channel has it, everything is lost for a while, then nothing, each while
// drawn from the seed; nothing comes until the sender has sent it again: `bandwidth` 0 for so long.
//
// On a UDP link nothing is imitated: datagrams are lost, each by chance or all for a while.

import { z } from 'zod';
import { shareAboveZero, span } from '../fields/fields.ts';
import { formatDuration } from '../kernel/duration.ts';
import type { Random } from '../kernel/random.ts';
import type { OnLinks } from '../model/scenario.ts';
import { PARTS_MAX, writing, type LinkKind, type Part, type Toxic } from './kind.ts';
import { carriesAgain, percent } from './words.ts';

/** First wait of a sender for what was lost: Linux; RFC 6298 asks for 1 s. It doubles each time. */
export const RETRANSMIT_TIMEOUT_MS = 200;
/** A short burst leaves so many holes among what comes before and after it, at least. */
const BURST_SHARE = 0.05;
/** Ethernet without options. */
const SEGMENT_BYTES = 1460;
const MATHIS = 1.22;

/**
 * Packet loss: real on a UDP link, and on a TCP link as TCP shows it, where no byte is lost and bytes
 * come late and fewer at a time.
 */
export interface LossFault extends OnLinks {
  readonly kind: 'loss';
  /** Share of packets, 0..1. */
  readonly share: number;
  readonly roundTripMs: number;
  /** Every packet for about so long, then none for a while; of an action, the length of its burst. */
  readonly burstMs?: number;
}

declare module '../model/fault.ts' {
  interface LinkFaults {
    loss: LossFault;
  }
}

const field = z
  .strictObject({
    share: shareAboveZero('Share of packets that are lost.'),
    burst: span(
      'They are lost together: all of them for about so long, drawn from the seed, then none.',
      '1m',
    ).optional(),
    roundTrip: span(
      'Round trip of the real link, which sets how dear a lost packet is.',
      '10s',
    ).prefault('20ms'),
  })
  .refine(({ share, burst }) => burst === undefined || (share > 0 && share < 1), {
    error: 'bursts need a share above 0% and below 100%',
  })
  .describe('Packet loss; on a TCP link as TCP shows it: bytes come late, and fewer at a time.');

export const loss: LinkKind<LossFault> = {
  kind: 'loss',
  on: 'links',
  writings: {
    loss: writing({
      field,
      read: ({ share, roundTrip, burst }) => ({
        kind: 'loss',
        share,
        roundTripMs: roundTrip,
        burstMs: burst,
      }),
      check: ({ value, length }) =>
        value?.burst !== undefined && length && value.burst >= length.fromMs
          ? [{ at: ['loss', 'burst'], message: 'expected bursts shorter than the fault' }]
          : [],
    }),
  },
  injected: ({ burstMs, share, transport }, where) =>
    burstMs === undefined
      ? `${where} ${transport === 'udp' ? 'loses' : 'behaves as if it lost'} ${percent(share)} of its packets`
      : `${where} loses everything for ${formatDuration(burstMs)}`,
  healed: carriesAgain,
  effect: ({ burstMs, share, roundTripMs, transport }) =>
    burstMs === undefined
      ? `${Number((share * 100).toFixed(2))}% lost${transport === 'udp' ? '' : `, ${roundTripMs} ms round trip`}`
      : `everything lost for ${burstMs} ms`,
  verb: () => ({ verb: 'dropped packets on', told: true }),
  sized: (fault, { share }) => ({ ...fault, share: fault.share * share }),
  divided: drawBursts,
  toxics,
  datagrams: {
    toxics: ({ burstMs, share }) => [
      { type: 'packet_loss', attributes: { loss_rate: burstMs === undefined ? share : 1 } },
    ],
    stream: ({ burstMs, share }) => ({
      kind: 'datagrams',
      lack: 'lost',
      share: burstMs === undefined ? share : BURST_SHARE,
    }),
  },
  numbers: (fault) => {
    const { meanMs, jitterMs } = retransmitDelay(fault);
    const rateKbps = rateKBps(fault) * 8;
    return { passes: true, lossShare: fault.share, delayMs: meanMs, jitterMs, rateKbps };
  },
  stream: ({ burstMs }) => ({ kind: burstMs === undefined ? 'delay' : 'gap' }),
};

function toxics(fault: LossFault): readonly Toxic[] {
  if (fault.burstMs !== undefined) return [{ type: 'bandwidth', attributes: { rate: 0 } }];
  const { meanMs, jitterMs } = retransmitDelay(fault);
  return [
    { part: 'late', type: 'latency', attributes: { latency: meanMs, jitter: jitterMs } },
    { part: 'thin', type: 'bandwidth', attributes: { rate: rateKBps(fault) } },
  ];
}

/** One retransmission takes a round trip; one that is lost again waits for the time-out. */
function retransmitDelay({ share, roundTripMs }: LossFault): { meanMs: number; jitterMs: number } {
  const meanMs = share * (roundTripMs + share * RETRANSMIT_TIMEOUT_MS);
  return { meanMs: Math.ceil(meanMs), jitterMs: Math.ceil(Math.max(meanMs, roundTripMs)) };
}

/** Kilobytes a second, at least 1. */
function rateKBps({ share, roundTripMs }: LossFault): number {
  const bytesPerMs = (MATHIS * SEGMENT_BYTES) / (roundTripMs * Math.sqrt(Math.max(share, 1e-6)));
  return Math.max(1, Math.round(bytesPerMs));
}

/** Each burst by itself, in played time: a network keeps its own, however much is compressed. */
function drawBursts(fault: LossFault, lengthMs: number, random: Random): Part<LossFault>[] {
  const { burstMs: meanMs, share, transport } = fault;
  if (meanMs === undefined) return [{ fromMs: 0, forMs: lengthMs, fault }];
  const bursts: Part<LossFault>[] = [];
  let fromMs = 0;
  while (fromMs < lengthMs && bursts.length <= PARTS_MAX) {
    const burstMs = exponential(meanMs, random);
    // Nobody sends datagrams again: the burst is as long as it is.
    const stalledMs = transport === 'udp' ? Math.ceil(burstMs) : stallMs(burstMs);
    const forMs = Math.min(stalledMs, lengthMs - fromMs);
    bursts.push({ fromMs, forMs, fault: { ...fault, burstMs: forMs } });
    const pauseMs = exponential((meanMs * (1 - share)) / share, random);
    fromMs += Math.max(forMs + 1, Math.round(burstMs + pauseMs));
  }
  return bursts;
}

const exponential = (meanMs: number, random: Random): number =>
  -meanMs * Math.log(1 - random.next());

/** A sender notices the end of a burst when it next tries: after 200 ms, 600 ms, 1.4 s and so on. */
export function stallMs(burstMs: number): number {
  let totalMs = RETRANSMIT_TIMEOUT_MS;
  for (let waitMs = RETRANSMIT_TIMEOUT_MS; totalMs < burstMs; totalMs += waitMs) waitMs *= 2;
  return totalMs;
}
