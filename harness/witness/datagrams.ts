// Proves that datagrams are lost, repeated or overtaken, from their numbers where they arrive.

import { counterIn, type CounterName } from '../model/counters.ts';
import type { StatsRecord } from '../model/history.ts';
import type { DatagramLack } from '../faults/traces.ts';
import { unproven, type Proof, type Seen, type Standing, type WitnessKind } from './kind.ts';

export interface DatagramsWitness extends Standing {
  readonly kind: 'datagrams';
  readonly lack: DatagramLack;
  /** The share of them that the fault should concern. */
  readonly share: number;
  /** So long without any is no chance. */
  readonly noneForMs: number;
}

export const datagrams: WitnessKind<DatagramsWitness> = {
  name: ({ stage }) => `numbers of the datagrams at ${stage}`,
  judge,
};

const NAMES: Readonly<Record<DatagramLack, CounterName>> = {
  lost: 'datagramsLost',
  twice: 'datagramsTwice',
  late: 'datagramsLate',
};
const WORDS: Readonly<Record<DatagramLack, string>> = {
  lost: 'were lost',
  twice: 'came twice',
  late: 'came too late',
};

/** Chance takes more of some and less of others: a quarter of what is meant tells it from none. */
const SHARE_MIN = 0.25;

function judge(witness: DatagramsWitness, seen: Seen): Proof {
  const { stage, lack, share, noneForMs } = witness;
  const { does, stats, steady = stats, doneAtMs, begunAtMs = doneAtMs } = seen;
  const own = stats.filter((record) => record.stage === stage);
  const base = own.findLast(({ atMs }) => atMs <= (does === 'inject' ? begunAtMs : Infinity));
  const last = own.at(-1);
  if (!last || last.atMs <= doneAtMs) return unproven(`${stage} has reported nothing since`);
  if (does === 'heal') {
    const from = own.findLast(({ atMs }) => atMs >= doneAtMs && last.atMs - atMs >= noneForMs);
    if (!from) return unproven('not enough reports since');
    const { share: still, text } = countBetween(from, last, lack);
    return { proven: still < share * SHARE_MIN, observed: text };
  }
  if (!base) return unproven(`${stage} had reported nothing before`);
  const since = countBetween(base, last, lack);
  const before = shareBefore(steady, stage, begunAtMs, lack);
  const proven = since.share >= Math.max(share * SHARE_MIN, 2 * before);
  return { proven, observed: since.text };
}

function countBetween(from: StatsRecord, to: StatsRecord, lack: DatagramLack) {
  const grown = (name: CounterName) => (counterIn(to, name) ?? 0) - (counterIn(from, name) ?? 0);
  const count = grown(NAMES[lack]);
  const all = grown('datagramsIn') + Math.max(0, grown('datagramsLost'));
  const share = all > 0 ? count / all : 0;
  return { share, text: `${count} of ${all} datagrams ${WORDS[lack]}` };
}

function shareBefore(
  steady: readonly StatsRecord[],
  stage: string,
  untilMs: number,
  lack: DatagramLack,
): number {
  const own = steady.filter((record) => record.stage === stage && record.atMs <= untilMs);
  const [first, last] = [own[0], own.at(-1)];
  return first && last && first !== last ? countBetween(first, last, lack).share : 0;
}
