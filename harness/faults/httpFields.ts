// Wrong answers as a scenario file writes them: their keys, how these are read, what is refused.

import { z } from 'zod';
import { findRole } from '../design/roles.ts';
import { choice, count, mapping, share, shareAboveZero, span } from '../fields/fields.ts';
import { isMapping, keysThere, notOne, oneOfEach, type Mapping } from '../fields/mapping.ts';
import {
  REQUEST_KINDS,
  type HttpAnswer,
  type SingleHttpAnswer,
  type WrongAnswers,
} from '../model/wrongAnswers.ts';
import type { Asked, Mistake } from './kind.ts';

const WRONG = {
  hang: 'hang',
  stale: 'stale',
  empty: 'empty',
  'sequence-reset': 'sequenceReset',
  'no-discontinuity': 'noDiscontinuity',
} as const;

const answerFields = {
  status: count('Answer with this status.', 400, 599).optional(),
  slow: span('Answer this much later.', '1h').optional(),
  truncated: share('Break off after this share of the answer.')
    .refine((value) => value < 1, { error: 'expected a percentage below 100%' })
    .optional(),
  corrupt: shareAboveZero('Fill this share of the transport packets with noise.').optional(),
  gap: count('List segments whose number is a multiple of this as gaps.', 1, 1000).optional(),
  wrong: choice('hang: no answer; stale: the same answer again and again; and so on.', [
    'hang',
    'stale',
    'empty',
    'sequence-reset',
    'no-discontinuity',
  ]).optional(),
};

/** The wrong answers of a step, by the key they are written with; at most one of these. */
const STEP_KEYS = Object.keys(answerFields) as readonly (keyof typeof answerFields)[];
/** The wrong answers, by the key they are written with; exactly one of these. */
const ANSWER_KEYS = [...STEP_KEYS, 'cycle'];

const step = mapping('A step of a cycle: healthy, or with exactly one wrong answer.', {
  for: span('The length of this step.'),
  ...answerFields,
});

export const field = mapping(
  'Wrong answers of an origin or an edge: exactly one of status, slow, truncated, corrupt, gap, wrong, cycle.',
  {
    of: choice(
      'The requests that are answered wrong; upload is what the transcoder puts.',
      REQUEST_KINDS,
    ).default('any'),
    rung: count('Only this rendition, counted from 0.', 0, 20).optional(),
    every: count('Only segments whose number is a multiple of this.', 1, 1000).optional(),
    ratio: shareAboveZero('Only this share of the requests.').prefault('100%'),
    ...answerFields,
    cycle: z
      .array(step, { error: 'expected a list of steps' })
      .min(2, { error: 'expected at least two steps' })
      .max(20, { error: 'expected at most 20 steps' })
      .optional()
      .describe('Steps one after another and again from the first, for as long as it lasts.'),
  },
).meta(oneOfEach(ANSWER_KEYS));
type HttpFile = z.output<typeof field>;
type AnswerFile = Pick<HttpFile, keyof typeof answerFields>;

export const readHttp = ({ of, rung, every, ratio, ...answer }: HttpFile): WrongAnswers => ({
  match: { of, rung, every, ratio },
  answer: readAnswer(answer),
});

function readAnswer({ cycle = [], ...single }: AnswerFile & Pick<HttpFile, 'cycle'>): HttpAnswer {
  const steps = cycle.map(({ for: forMs, ...step }) => ({ forMs, answer: readSingle(step) }));
  return readSingle(single) ?? { kind: 'cycle', steps };
}

/** Undefined for a cycle, and for a healthy step of one. */
function readSingle(file: AnswerFile): SingleHttpAnswer | undefined {
  const { status, slow, truncated, corrupt, gap, wrong } = file;
  if (status !== undefined) return { kind: 'status', status };
  if (slow !== undefined) return { kind: 'slow', delayMs: slow };
  if (truncated !== undefined) return { kind: 'truncated', share: truncated };
  if (corrupt !== undefined) return { kind: 'corrupt', share: corrupt };
  if (gap !== undefined) return { kind: 'gap', every: gap };
  return wrong && { kind: WRONG[wrong] };
}

/** A mapping of wrong answers, and its place from the mapping of the fault on. */
interface Spot {
  readonly at: Mistake['at'];
  readonly written: Mapping;
}

/** One wrong answer, and one that fits what is asked for. */
export function checkHttp(asked: Asked<HttpFile>): Mistake[] {
  const { value, written, length, design } = asked;
  const http = written['http'];
  if (!isMapping(http)) return [];
  const spot: Spot = { at: ['http'], written: http };
  const cycle: readonly unknown[] = Array.isArray(http['cycle']) ? http['cycle'] : [];
  const steps = cycle.map((step, i): Spot => ({
    at: ['http', 'cycle', i],
    written: isMapping(step) ? step : {},
  }));
  return [
    ...exactlyOne(spot, ANSWER_KEYS),
    ...(design?.media.container === 'cmaf' ? [spot, ...steps].flatMap(checkCmaf) : []),
    ...checkSteps(spot, steps),
    ...checkReached(value?.cycle ?? [], length?.fromMs ?? Infinity),
    ...(http['of'] === 'upload' ? [...checkUpload(spot), ...checkAsked(asked)] : []),
    ...checkRung(asked),
    ...checkSlopes(written, http),
    ...(http['of'] === 'segment' || http['of'] === 'multivariant'
      ? [spot, ...steps].flatMap(checkPlaylistOnly)
      : []),
  ];
}

/** Noise in MP4 has no witness, and DASH asks for segments without their numbers. */
const checkCmaf = ({ at, written }: Spot): Mistake[] =>
  ['corrupt', 'every'].flatMap((key) =>
    written[key] === undefined
      ? []
      : [{ at: [...at, key], message: `${key} needs a design with media.container: ts` }],
  );

function exactlyOne({ at, written }: Spot, keys: readonly string[]): Mistake[] {
  const message = notOne(written, keys);
  return message === undefined ? [] : [{ at, message }];
}

/** A share of the requests grows in steps: some wrong answers have no share, or begin again with each. */
function checkSlopes(written: Mapping, { of, cycle, wrong }: Mapping): Mistake[] {
  const why =
    of === 'upload'
      ? 'an upload is answered all of it'
      : cycle !== undefined
        ? 'a cycle would begin again with each step'
        : wrong === 'stale' || wrong === 'sequence-reset'
          ? `${wrong} would begin again with each step`
          : undefined;
  if (why === undefined) return [];
  return keysThere(written, ['ramp', 'fall']).map((key) => ({
    at: [key],
    message: `only a share of the requests can grow and shrink in steps: ${why}`,
  }));
}

/** Allows one wrong answer each at most, and not only healthy ones. */
function checkSteps({ at }: Spot, steps: readonly Spot[]): Mistake[] {
  const counts = steps.map(({ written }) => keysThere(written, STEP_KEYS).length);
  if (steps.length > 0 && counts.every((wrong) => wrong === 0))
    return [{ at: [...at, 'cycle'], message: 'every step of the cycle is healthy', on: 'key' }];
  return steps.flatMap((step, i) => ((counts[i] ?? 0) > 1 ? exactlyOne(step, STEP_KEYS) : []));
}

/** Refuses the first step that the fault is too short for. */
function checkReached(steps: readonly { readonly for: number }[], lengthMs: number): Mistake[] {
  let beginsMs = 0;
  const late = steps.findIndex(({ for: forMs }) => {
    const unreached = beginsMs >= lengthMs;
    beginsMs += forMs;
    return unreached;
  });
  const message = 'expected a cycle that the fault is long enough for: this step never begins';
  return late === -1 ? [] : [{ at: ['http', 'cycle', late], message }];
}

/** The stage takes or refuses what the transcoder puts as it comes, all of it. */
function checkUpload({ at, written }: Spot): Mistake[] {
  const narrowed = keysThere(written, ['rung', 'every', 'ratio']);
  const fits = written['status'] !== undefined || written['wrong'] === 'hang';
  const message = 'an upload can be answered with status or hang only';
  return [
    ...(fits ? [] : [{ at: [...at, 'of'], message }]),
    ...narrowed.map((key): Mistake => {
      const message = `${key} does not go with of: upload`;
      return { at: [...at, key], message, on: 'key' };
    }),
  ];
}

/** Refuses uploads to what asks for the things that it serves. */
const checkAsked = ({ stages }: Asked<HttpFile>): Mistake[] =>
  stages
    .filter((stage) => findRole(stage).connects === 'itself')
    .map(({ name }) => ({
      at: ['http', 'of'],
      message: `nobody uploads to ${name}, which asks for what it serves: name an origin`,
    }));

/** Refuses a rendition that the design does not have; fragmented MP4 has its sound behind them. */
function checkRung({ value, design }: Asked<HttpFile>): Mistake[] {
  if (!design || value?.rung === undefined) return [];
  const { container, ladder } = design.media;
  const last = ladder.length - (container === 'cmaf' ? 0 : 1);
  const message = `the design has renditions 0 to ${last}: this one is never asked for`;
  return value.rung > last ? [{ at: ['http', 'rung'], message }] : [];
}

const OF_MEDIA_PLAYLISTS: readonly unknown[] = ['stale', 'sequence-reset', 'no-discontinuity'];

/** Refuses faults of a media playlist on anything else. */
function checkPlaylistOnly({ at, written }: Spot): Mistake[] {
  const { wrong, gap } = written;
  const isWrong = OF_MEDIA_PLAYLISTS.includes(wrong);
  if (!isWrong && gap === undefined) return [];
  const what = isWrong ? String(wrong) : 'gap';
  const message = `${what} is of a media playlist: of playlist or any`;
  return [{ at: [...at, isWrong ? 'wrong' : 'gap'], message }];
}
