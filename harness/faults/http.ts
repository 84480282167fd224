// Wrong answers of an origin or an edge to the requests that match.

import type { OnStages } from '../model/scenario.ts';
import { checkHttp, field, readHttp } from './httpFields.ts';
import { answerWords, requestWords } from './httpWords.ts';
import type { WrongAnswers } from '../model/wrongAnswers.ts';
import { writing, type StageInForce, type StageKind } from './kind.ts';

export interface HttpFault extends OnStages, WrongAnswers {
  readonly kind: 'http';
}

declare module '../model/fault.ts' {
  interface OnStageFaults {
    http: HttpFault;
  }
}

export const http: StageKind<HttpFault> = {
  kind: 'http',
  on: 'stages',
  writings: {
    http: writing({
      field,
      read: (file) => ({ kind: 'http', ...readHttp(file) }),
      check: checkHttp,
    }),
  },
  injected: ({ match, answer }, where) =>
    `${where} answers wrongly to ${requestWords(match)}: ${answerWords(answer)}`,
  healed: (_, where) => `${where} answers well again`,
  effect: ({ match, answer }) => `${answer.kind} to ${match.of}`,
  verb: () => ({ verb: 'let', then: 'answer wrongly', told: true }),
  nature: () => 'answers',
  sized: (fault, { share }) => ({
    ...fault,
    match: { ...fault.match, ratio: fault.match.ratio * share },
  }),
  compressed,
  goesWith,
  acts: {
    by: 'program',
    command: 'http',
    message: (inForce) => ({ http: inForce.flatMap(answerEntries) }),
  },
  trace: (wrong) => ({ kind: 'request', wrong }),
  numbers: ({ match, answer }) => ({ wrong: { match, answer } }),
};

/** Two may be in force where they are asked for different things; `any` is all that is not put. */
function goesWith(one: HttpFault, other: HttpFault): boolean {
  const [a, b] = [one.match.of, other.match.of];
  return a !== b && (a === 'upload' || b === 'upload' || (a !== 'any' && b !== 'any'));
}

/** Divides the times of a cycle, which follow the clock of the scenario. */
function compressed(fault: HttpFault, by: number): HttpFault {
  if (fault.answer.kind !== 'cycle') return fault;
  const steps = fault.answer.steps.map((step) => ({
    ...step,
    forMs: Math.max(1, Math.round(step.forMs / by)),
  }));
  return { ...fault, answer: { ...fault.answer, steps } };
}

/** One entry a channel: an origin and an edge serve them all. */
function answerEntries({ fault, seed }: StageInForce<HttpFault>) {
  const { match, answer, channels } = fault;
  const { of, rung, every, ratio } = match;
  const narrowed = { rung, every, ...(ratio < 1 && { ratio }) };
  return channels.map((channel) => ({ match: { kind: of, channel, ...narrowed }, answer, seed }));
}
