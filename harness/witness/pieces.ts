// Proves that a link is torn from how many bytes come at a time, against the steady state.

import type { StatsRecord } from '../model/history.ts';
import {
  placeText,
  unproven,
  type OverLink,
  type Proof,
  type Seen,
  type WitnessKind,
} from './kind.ts';
import { stageRecords, counterValue } from './readings.ts';

export interface PiecesWitness extends OverLink {
  readonly kind: 'pieces';
}

export const pieces: WitnessKind<PiecesWitness> = {
  name: (witness) => `size of pieces at ${placeText(witness)}`,
  judge,
};

/** Pieces are as small as they are for so long. */
const PIECES_OVER_MS = 2000;
/** Less than this share of what came at a time before is no chance. */
const PIECES_SHARE_MAX = 0.7;

function judge(witness: PiecesWitness, seen: Seen): Proof {
  const { before, after } = stageRecords(witness.stage, seen);
  const is = bytesARead(lastRecords(after, PIECES_OVER_MS), witness);
  const was = bytesARead(before, witness);
  if (is === undefined || was === undefined)
    return unproven('not enough reports for the size of pieces');
  return {
    proven: is < was * PIECES_SHARE_MAX === (seen.does === 'inject'),
    observed: `${Math.round(was)} bytes came at a time before, ${Math.round(is)} after`,
  };
}

/** The last reports over at least so long; empty when there are not so many. */
function lastRecords(records: readonly StatsRecord[], overMs: number): readonly StatsRecord[] {
  const lastAtMs = records.at(-1)?.atMs ?? 0;
  const from = records.findLastIndex(({ atMs }) => lastAtMs - atMs >= overMs);
  return from < 0 ? [] : records.slice(from);
}

function bytesARead(records: readonly StatsRecord[], over: PiecesWitness): number | undefined {
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) return undefined;
  const grown = (name: 'bytesIn' | 'readsIn') =>
    (counterValue(last, name, over) ?? 0) - (counterValue(first, name, over) ?? 0);
  return grown('readsIn') > 0 ? grown('bytesIn') / grown('readsIn') : undefined;
}
