// Wrong answers in words, for plan and report.

import { formatDuration } from '../kernel/duration.ts';
import type { HttpAnswer, HttpMatch, SingleHttpAnswer } from '../model/wrongAnswers.ts';
import { percent } from './words.ts';

/** `50 % of segment requests of rung 0` */
export function requestWords({ of, rung, every, ratio }: HttpMatch): string {
  return [
    ratio < 1 ? `${percent(ratio)} of` : '',
    of === 'any' ? 'all requests' : `${of} requests`,
    rung === undefined ? '' : `of rung ${rung}`,
    every === undefined ? '' : `for one segment in ${every}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export function answerWords(answer: HttpAnswer): string {
  switch (answer.kind) {
    case 'status':
      return `status ${answer.status}`;
    case 'slow':
      return `${formatDuration(answer.delayMs)} late`;
    case 'truncated':
      return `broken off after ${percent(answer.share)}`;
    case 'corrupt':
      return `${percent(answer.share)} noise`;
    case 'gap':
      return `one segment in ${answer.every} listed as a gap`;
    case 'cycle':
      return `in turn ${answer.steps.map(stepWords).join(', ')}`;
    case 'hang':
    case 'stale':
    case 'empty':
    case 'sequenceReset':
    case 'noDiscontinuity':
      return PLAIN[answer.kind];
  }
}

const stepWords = ({ answer, forMs }: { answer?: SingleHttpAnswer; forMs: number }): string =>
  `${answer ? answerWords(answer) : 'healthy'} for ${formatDuration(forMs)}`;

const PLAIN = {
  hang: 'none',
  stale: 'the same again and again',
  empty: 'nothing in it',
  sequenceReset: 'segments counted from 0 again',
  noDiscontinuity: 'no word of discontinuities',
} as const;
