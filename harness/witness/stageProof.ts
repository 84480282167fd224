// Decides whether a witness's reports prove that something was done to a stage, or is over. Pure,
// like proof.ts, which answers for the witnesses that links have, too.

import { isStored } from '../model/answer.ts';
import type { StatsRecord } from '../model/history.ts';
import { formatProof } from './contribution.ts';
import { limitsProof } from './limits.ts';
import { datesProof } from './dates.ts';
import { provenBy } from './proof.ts';
import type { Proof } from './question.ts';
import { sightProof } from './sight.ts';
import type { StageQuestion } from './stageQuestion.ts';
import type { LivesWitness } from './stageWitness.ts';

export function provenOnStage(question: StageQuestion): Proof {
  const { witness } = question;
  switch (witness.kind) {
    case 'lives':
      return livesProof(question, witness);
    case 'format':
      return formatProof(question, witness.stage);
    case 'sight':
      return sightProof(question, witness);
    case 'limits':
      return limitsProof(question, witness);
    case 'dates':
      return datesProof(question, witness.stage);
    case 'store':
      return storeProof(question, witness.stage);
    case 'answer':
      return absenceProof(question, witness.stage);
    case 'counter':
    case 'reports':
    case 'request':
    case 'none':
      return provenBy({ ...question, witness });
  }
}

/** Proves a new life of a stage: its counters begin anew. */
function livesProof(
  { does, stats, begunAtMs, doneAtMs }: StageQuestion,
  { stage }: LivesWitness,
): Proof {
  const reports = stats.filter((record) => record.stage === stage);
  if (does === 'heal') {
    const alive = reports.some(({ atMs }) => atMs > doneAtMs);
    return { proven: alive, observed: `${stage} reports ${alive ? 'again' : 'nothing'}` };
  }
  for (const [index, record] of reports.entries()) {
    const name = record.atMs > begunAtMs ? fellFrom(reports[index - 1], record) : undefined;
    if (name)
      return { proven: true, observed: `${name} of ${stage} began again at ${record[name] ?? 0}` };
  }
  return { proven: false, observed: `what ${stage} counts did not begin again` };
}

/** Counters that only grow while an instance lives (model/history.ts). */
const GROWING = ['framesOut', 'framesIn', 'bytesIn', 'bytesOut', 'requests', 'uploads'] as const;

const fellFrom = (before: StatsRecord | undefined, record: StatsRecord) =>
  GROWING.find((name) => (record[name] ?? Infinity) < (before?.[name] ?? 0));

/** Refused for want of room, and nothing else. */
const NO_ROOM = 507;

function storeProof({ does, answers }: StageQuestion, stage: string): Proof {
  const last = answers.at(-1);
  if (!last) return { proven: false, observed: `${stage} was not asked` };
  const { ms, status = 0 } = last;
  const observed = ms === undefined ? `${stage} did not answer` : `${stage} answered ${status}`;
  return { proven: does === 'inject' ? status === NO_ROOM : isStored(last), observed };
}

/** Silence proves that it is gone only where it answered before. */
function absenceProof({ does, answers, before }: StageQuestion, stage: string): Proof {
  const last = answers.at(-1);
  if (!last) return { proven: false, observed: `${stage} was not asked` };
  if (does === 'inject' && before?.ms === undefined)
    return { proven: false, observed: `${stage} did not answer before it either` };
  const silent = last.ms === undefined;
  const observed = silent
    ? `${stage} did not answer`
    : `${stage} answered within ${Math.round(last.ms)} ms`;
  return { proven: silent === (does === 'inject'), observed };
}
