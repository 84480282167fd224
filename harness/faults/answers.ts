// What answers to our own questions prove: through the proxy of a link, or of a stage itself.

import type { HttpFault } from '../model/scenario.ts';
import { DELAY_SHARE_MIN, type Answer, type Proof, type ProofQuestion } from './question.ts';
import { roundTripMs } from './witness.ts';

/** Silence proves a cut only where there was an answer before. */
export function answerProof({ does, fault, answers, before }: ProofQuestion, stage: string): Proof {
  const heard = answers.findLast(({ ms }) => ms !== undefined)?.ms;
  const silent = answers.some(({ ms }) => ms === undefined);
  if (answers.length === 0) return { proven: false, observed: `${stage} has not been asked yet` };
  if (does === 'inject' && fault.kind === 'cut' && before !== undefined && before.ms === undefined)
    return { proven: false, observed: `${stage} did not answer before it either` };
  if (does === 'inject' && fault.kind === 'cut')
    return silent
      ? { proven: true, observed: `${stage} did not answer` }
      : { proven: false, observed: `${stage} answered within ${Math.round(heard ?? 0)} ms` };
  if (heard === undefined) return { proven: false, observed: `${stage} does not answer` };
  const observed = `${stage} answered within ${Math.round(heard)} ms`;
  if (fault.kind !== 'latency') return { proven: does === 'heal', observed };
  const late = heard >= roundTripMs(fault) * DELAY_SHARE_MIN;
  return { proven: late === (does === 'inject'), observed };
}

/** Any wrong answer proves that there are some; the last one being right, that it is over. */
export function requestProof({ does, fault, answers }: ProofQuestion, stage: string): Proof {
  const last = answers.at(-1);
  if (fault.kind !== 'http' || !last) return { proven: false, observed: `${stage} was not asked` };
  const wrong = answers.find((answer) => isAsWrongAs(answer, fault));
  if (does === 'inject')
    return { proven: wrong !== undefined, observed: `${stage} gave ${told(wrong ?? last)}` };
  const right = last.status === 200 && !last.broken && (last.bytes ?? 0) > 0;
  return { proven: right && !isAsWrongAs(last, fault), observed: `${stage} gave ${told(last)}` };
}

function isAsWrongAs({ ms, status, bytes, broken }: Answer, { answer }: HttpFault): boolean {
  switch (answer.kind) {
    case 'status':
      return status === answer.status;
    case 'hang':
      return ms === undefined;
    case 'slow':
      return ms !== undefined && ms >= answer.delayMs * DELAY_SHARE_MIN;
    case 'empty':
      return status === 200 && bytes === 0;
    case 'truncated':
      return broken === true;
    case 'stale':
    case 'corrupt':
    case 'gap':
    case 'sequenceReset':
    case 'noDiscontinuity':
      return false;
  }
}

function told({ ms, status, bytes, broken }: Answer): string {
  if (ms === undefined) return 'no answer';
  const length = `${bytes ?? 0} bytes${broken ? ', broken off' : ''}`;
  return `status ${status}, ${length}, after ${Math.round(ms)} ms`;
}
