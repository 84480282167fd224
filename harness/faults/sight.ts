// What a transcoder sees and hears of its input: whose programme it is, and whether it has sound.

import type { StatsRecord } from '../model/history.ts';
import type { Proof } from './question.ts';
import { reportsOf, type Reports } from './reports.ts';
import type { StageQuestion } from './stageQuestion.ts';
import type { SightWitness } from './stageWitness.ts';

/** -60 dB of full scale, what ffmpeg's silencedetect takes for silence. */
const SILENCE = 0.001;
/** One report may have been between two sounds of a programme. */
const SILENT_REPORTS_MIN = 4;

export function sightProof(question: StageQuestion, witness: SightWitness): Proof {
  const { fault, stats, doneAtMs } = question;
  const reports = reportsOf(witness.stage, { stats, doneAtMs });
  return fault.kind === 'content' && fault.shows === 'wrong-channel'
    ? channelProof(question, witness, reports)
    : soundProof(question, witness, reports);
}

function channelProof(
  { does }: StageQuestion,
  { stage, number }: SightWitness,
  { before, after }: Reports,
): Proof {
  const is = after.findLast(({ channelIn }) => channelIn !== undefined)?.channelIn;
  const was = before.findLast(({ channelIn }) => channelIn !== undefined)?.channelIn;
  if (is === undefined) return { proven: false, observed: `${stage} sees the clock of no channel` };
  const observed = `${stage} sees channel ${is}, its own is ${number}`;
  if (does === 'heal') return { proven: is === number, observed };
  return was === number
    ? { proven: is !== number, observed }
    : { proven: false, observed: `${observed}, and saw ${was ?? 'none'} before` };
}

/** Silence is a fault only where there was sound before. */
function soundProof(
  { does }: StageQuestion,
  { stage }: SightWitness,
  { before, after }: Reports,
): Proof {
  const is = loudnessOf(after).slice(-SILENT_REPORTS_MIN);
  if (is.length < SILENT_REPORTS_MIN)
    return { proven: false, observed: `${stage} hears nothing, no silence either` };
  const loudest = Math.max(...is);
  const observed = `${stage} hears ${decibels(loudest)}`;
  if (does === 'heal') return { proven: loudest > SILENCE, observed };
  return loudnessOf(before).some((loudness) => loudness > SILENCE)
    ? { proven: loudest <= SILENCE, observed }
    : { proven: false, observed: `${observed}, and nothing louder before` };
}

const loudnessOf = (records: readonly StatsRecord[]): number[] =>
  records.flatMap(({ loudnessIn }) => loudnessIn ?? []);

const decibels = (loudness: number): string =>
  loudness === 0 ? 'silence' : `${Math.round(20 * Math.log10(loudness))} dB of full scale`;
