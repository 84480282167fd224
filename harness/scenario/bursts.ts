// Loss that comes in bursts, as Gilbert's channel has it: everything is lost for a while, then nothing,
// each while drawn from the seed. Played time: a network keeps its own, however much is compressed.

import type { Random } from '../kernel/random.ts';
import { HarnessError } from '../model/errors.ts';
import { RETRANSMIT_TIMEOUT_MS } from '../model/scenario.ts';
import { endOf, type PlayedOccurrence } from './timeline.ts';

/** More than anybody reads in a plan, as for everything that comes again. */
const BURSTS_MAX = 500;

/** Each burst an occurrence of its own; anything else as it is. */
export function burstsOf(occurrence: PlayedOccurrence, random: Random): PlayedOccurrence[] {
  const { fault, id, prove } = occurrence;
  if (fault.kind !== 'loss' || fault.burstMs === undefined) return [occurrence];
  const { burstMs: meanMs, share } = fault;
  const toMs = endOf(occurrence);
  const bursts: { readonly fromMs: number; readonly forMs: number }[] = [];
  let fromMs = occurrence.fromMs;
  while (fromMs < toMs) {
    if (bursts.length >= BURSTS_MAX) throw tooMany(occurrence.of);
    const burstMs = exponential(meanMs, random);
    const forMs = Math.min(stallMs(burstMs), toMs - fromMs);
    bursts.push({ fromMs, forMs });
    const pauseMs = exponential((meanMs * (1 - share)) / share, random);
    fromMs += Math.max(forMs + 1, Math.round(burstMs + pauseMs));
  }
  return bursts.map((burst, i) => ({
    ...occurrence,
    ...{ id: `${id}.${i + 1}`, fromMs: burst.fromMs },
    fault: { ...fault, burstMs: burst.forMs, channels: lastingAt(burst.fromMs, occurrence) },
    ends: [{ atMs: burst.fromMs + burst.forMs }],
    prove: {
      inject: prove.inject && i === 0,
      heal: prove.heal && i === bursts.length - 1,
    },
  }));
}

/** Channels that have not come back yet. */
const lastingAt = (atMs: number, { ends, fault }: PlayedOccurrence): readonly string[] =>
  ends.flatMap((end) => (end.atMs > atMs ? (end.channels ?? fault.channels) : []));

const exponential = (meanMs: number, random: Random): number =>
  -meanMs * Math.log(1 - random.next());

/** A sender notices the end of a burst when it next tries: after 200 ms, 600 ms, 1.4 s and so on. */
export function stallMs(burstMs: number): number {
  let totalMs = RETRANSMIT_TIMEOUT_MS;
  for (let waitMs = RETRANSMIT_TIMEOUT_MS; totalMs < burstMs; totalMs += waitMs) waitMs *= 2;
  return totalMs;
}

const tooMany = (name: string): HarnessError =>
  new HarnessError('SCENARIO_INVALID', `${name} comes in more than ${BURSTS_MAX} bursts`, {
    target: name,
    hint: 'make it shorter, its bursts longer, or its share smaller',
  });
