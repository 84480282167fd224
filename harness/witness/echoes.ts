// Proves what is done to datagrams of a link from those of our own that its far end sends back.

import type { StreamTrace } from '../faults/traces.ts';
import type { Echoes } from '../model/answer.ts';
import { unproven, type Asked, type Proof, type Seen, type WitnessKind } from './kind.ts';

export interface EchoesWitness extends Asked {
  readonly kind: 'echoes';
  readonly trace: Extract<StreamTrace, { kind: 'rate' | 'datagrams' }>;
  /** So much is sent at a time. */
  readonly kbps: number;
  /** So many without any that is lost, twice or late are no chance. */
  readonly noneIn: number;
}

export const echoes: WitnessKind<EchoesWitness> = {
  name: ({ stage }) => `datagrams that ${stage} sends back`,
  judge,
  asks: ({ kbps }) => ({ kind: 'echo', kbps }),
  askedBefore: 1,
  neededMs: ({ patienceMs }) => patienceMs,
};

/** A limit works in whole datagrams, and its queue empties at the end. */
const RATE_TOLERANCE = 1.25;
const RATE_ABOVE = 1.1;
/** Chance takes more of some and less of others: a quarter of what is meant tells it from none. */
const SHARE_MIN = 0.25;

function judge(witness: EchoesWitness, seen: Seen): Proof {
  const came = seen.answers.flatMap((answer) => answer.echoes ?? []);
  const last = came.at(-1);
  if (!last) return unproven(`${witness.stage} has not been asked yet`);
  if (seen.before && seen.before.ms === undefined && seen.does === 'inject')
    return unproven(`${witness.stage} sent nothing back before it either`);
  return witness.trace.kind === 'rate'
    ? rateProof(witness.trace.limitKbps, last, seen.does)
    : lackProof(witness.trace, witness.noneIn, came, seen.does);
}

function rateProof(limitKbps: number, { kbps }: Echoes, does: Seen['does']): Proof {
  const proven =
    does === 'inject'
      ? kbps > 0 && kbps <= limitKbps * RATE_TOLERANCE
      : kbps > limitKbps * RATE_ABOVE;
  return { proven, observed: `${Math.round(kbps)} kbit/s came back, limit ${limitKbps}` };
}

/** All since it began, or the newest since it ended. */
function lackProof(
  { lack, share }: Extract<EchoesWitness['trace'], { kind: 'datagrams' }>,
  noneIn: number,
  came: readonly Echoes[],
  does: Seen['does'],
): Proof {
  const sum = { sent: 0, lacking: 0 };
  for (const one of does === 'inject' ? came : came.toReversed()) {
    if (does === 'heal' && sum.sent >= noneIn) break;
    sum.sent += one.sent;
    sum.lacking += one[lack];
  }
  const is = sum.lacking / sum.sent;
  const observed = `${sum.lacking} of ${sum.sent} datagrams ${lack === 'lost' ? 'did not come back' : `came back ${lack}`}`;
  return does === 'inject'
    ? { proven: sum.lacking > 0 && is >= share * SHARE_MIN, observed }
    : { proven: sum.sent >= noneIn && is < share * SHARE_MIN, observed };
}
