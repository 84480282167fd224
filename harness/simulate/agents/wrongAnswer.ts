// Wrong answers that the plan makes a stage give, in place of the true one or before it.

import type { Wrong } from './forces.ts';
import { EMPTY, NONE, versionIn, type Answer, type Asked, type Place } from './place.ts';
import { valueAt, type Steps } from './steps.ts';

export function wrongAt(
  wrong: Steps<readonly Wrong[]>,
  channel: string,
  asked: Asked,
  atMs: number,
): Wrong | undefined {
  const all = valueAt(wrong, atMs);
  if (all.length === 0) return undefined;
  const of = asked === 'manifest' ? 'multivariant' : asked;
  return all.find(
    ({ match, channels }) => (match.of === of || match.of === 'any') && channels.includes(channel),
  );
}

/** True where the wrong answer is all; one that is late needs the true one. `segment` is the rung of a playlist. */
export function applyWrong(
  { answer: wrong, sinceMs }: Wrong,
  place: Place,
  asked: Asked,
  segment: number,
  answer: Answer,
): boolean {
  answer.value = segment;
  switch (wrong.kind) {
    case 'status':
      answer.status = wrong.status >= 200 && wrong.status < 300 ? EMPTY : wrong.status;
      return true;
    case 'hang':
      answer.status = NONE;
      return true;
    case 'truncated':
      answer.status = 0;
      return true;
    case 'empty':
      answer.status = EMPTY;
      return true;
    case 'slow':
      answer.atMs += wrong.delayMs;
      return false;
    case 'stale':
      if (asked !== 'playlist') return false;
      answer.status = 200;
      answer.value = versionIn(place.publication, Math.max(sinceMs, place.askedMs[segment]!));
      return true;
    // Refused before anything is played (playable.ts).
    case 'corrupt':
    case 'cycle':
    case 'gap':
    case 'sequenceReset':
    case 'noDiscontinuity':
      return false;
  }
}
