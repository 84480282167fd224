// Proves that the programme is wrong from what a transcoder sees and hears of its input: black,
// standing still, of another channel, without sound. It counts every picture and every 20 ms of
// sound, so that two frames are enough.

import { counterIn, countersByLink } from '../model/counters.ts';
import type { StatsRecord } from '../model/history.ts';
import type { WrongIn } from '../model/received.ts';
import { unproven, type Proof, type Seen, type Standing, type WitnessKind } from './kind.ts';

/** The transcoder of the channel. */
export interface SightWitness extends Standing {
  readonly kind: 'sight';
  readonly shows: 'black' | 'frozen' | 'silent' | 'wrong-channel';
}

export const sight: WitnessKind<SightWitness> = {
  name: ({ stage }) => `what ${stage} sees and hears`,
  judge,
};

function judge({ stage, shows }: SightWitness, seen: Seen): Proof {
  const counted = seen.stats.filter(
    (record): record is Counted => record.stage === stage && !!record.wrongIn,
  );
  const proof = seen.does === 'inject' ? beganProof : endedProof;
  return proof(seen, counted, COUNTS[shows]);
}

interface Count {
  readonly of: keyof WrongIn;
  /** So many are no accident. */
  readonly least: number;
  /** A programme may have some by itself: none came for so long before. */
  readonly noneForMs: number;
  readonly tell: (count: number) => string;
}

const pictures = (count: number, what: string): string =>
  `${count} ${count === 1 ? 'picture' : 'pictures'} ${what}`;

/** Reports come four times a second, and pictures of the fault before may still be on their way. */
const PICTURES_NONE_FOR_MS = 500;
const SOUND_NONE_FOR_MS = 2000;

const COUNTS = {
  black: {
    of: 'black',
    least: 1,
    noneForMs: PICTURES_NONE_FOR_MS,
    tell: (count) => pictures(count, 'without a frame clock and black'),
  },
  frozen: {
    of: 'still',
    least: 1,
    noneForMs: PICTURES_NONE_FOR_MS,
    tell: (count) => pictures(count, 'with the frame clock of the one before'),
  },
  'wrong-channel': {
    of: 'other',
    least: 1,
    noneForMs: PICTURES_NONE_FOR_MS,
    tell: (count) => pictures(count, 'of another channel'),
  },
  silent: {
    of: 'silentMs',
    least: 40,
    noneForMs: SOUND_NONE_FOR_MS,
    tell: (count) => `${count} ms of silence`,
  },
} as const satisfies Readonly<Record<string, Count>>;

type Counted = StatsRecord & { readonly wrongIn: WrongIn };

/** More came since the call began than in the time before it, which was none. */
function beganProof(
  { doneAtMs, begunAtMs = doneAtMs }: Seen,
  counted: readonly Counted[],
  { of, least, noneForMs, tell }: Count,
): Proof {
  const base = counted.findLast(({ atMs }) => atMs <= begunAtMs);
  const now = counted.at(-1);
  if (!base || !now) return unproven('nothing was counted before it');
  const earlier = counted.findLast(({ atMs }) => atMs <= base.atMs - noneForMs) ?? counted[0];
  const cameBefore = base.wrongIn[of] - (earlier?.wrongIn[of] ?? 0);
  if (cameBefore > 0) return unproven(`${tell(cameBefore)} came just before it, too`);
  const came = now.wrongIn[of] - base.wrongIn[of];
  return { proven: came >= least, observed: `${tell(came)} came since` };
}

/** Finds one report with pictures made after the heal, and nothing wrong beside them. */
function endedProof({ doneAtMs }: Seen, counted: readonly Counted[], { of, tell }: Count): Proof {
  const good = counted.find(
    (record, i) =>
      madeAfter(record, doneAtMs) && record.wrongIn[of] === counted[i - 1]?.wrongIn[of],
  );
  const last = counted.at(-1);
  const came = (last?.wrongIn[of] ?? 0) - (counted.at(-2)?.wrongIn[of] ?? 0);
  if (good) return { proven: true, observed: 'the programme made since arrives as it should' };
  return {
    proven: false,
    observed:
      came > 0 ? `${tell(came)} came in the last report` : 'no programme made since arrives',
  };
}

/** The median picture of the report was made after this moment. */
function madeAfter(record: StatsRecord, afterMs: number): boolean {
  const ages = [counterIn(record, 'ageInMs') ?? countersByLink(record, 'ageInMs')].flat();
  return ages.length > 0 && record.atMs - Math.max(...ages) > afterMs;
}
