// Plain words for every class: what the viewer sees. One table for all outputs.

import type { LinkClass, ScreenClass, StageClass, Verdict } from '../harness/model/report.ts';

export interface Meaning {
  readonly label: string;
  /** The viewer's sight, for a reader who has never met the word. */
  readonly sees: string;
  /** One character, for strips in a terminal; every class has its own, colour or not. */
  readonly glyph: string;
}

export const CLASS_MEANING: Readonly<Record<ScreenClass, Meaning>> = {
  programme: { label: 'programme', sees: 'the programme, moving', glyph: '▁' },
  frozen: { label: 'frozen', sees: 'a still picture while the player claims to play', glyph: '▒' },
  black: { label: 'black', sees: 'a black picture', glyph: '█' },
  slate: { label: 'slate', sees: 'a replacement picture ("we will be right back")', glyph: '▓' },
  silent: { label: 'silent', sees: 'the programme without its sound', glyph: '♪' },
  stalled: {
    label: 'stalled',
    sees: 'the last picture and a spinner: nothing to play',
    glyph: '▄',
  },
  starting: { label: 'starting', sees: 'a loading screen before the first picture', glyph: '░' },
  dead: { label: 'dead', sees: 'an error screen: the player has given up', glyph: '×' },
  left: { label: 'left', sees: 'nothing: the viewer has gone', glyph: ' ' },
  unmeasured: { label: 'unmeasured', sees: 'unknown: it could not be measured', glyph: '?' },
};

export const STAGE_MEANING: Readonly<Record<StageClass, Meaning>> = {
  programme: { label: 'programme', sees: 'passes the programme on', glyph: '▁' },
  filling: { label: 'filling', sees: 'puts out filler: its input is gone', glyph: '▓' },
  idle: { label: 'idle', sees: 'runs, but nothing new passes', glyph: '▄' },
  down: { label: 'down', sees: 'does not run', glyph: '×' },
};

export const LINK_MEANING: Readonly<Record<LinkClass, Meaning>> = {
  up: { label: 'up', sees: 'carries traffic', glyph: '▁' },
  faulted: { label: 'faulted', sees: 'a fault is in force', glyph: '█' },
};

/** A cell of a strip that is mostly well. */
export const PARTLY_MEANING: Meaning = {
  label: 'partly',
  sees: 'mostly well, with a shorter loss in it',
  glyph: '▂',
};

export const VERDICT_MEANING: Readonly<Record<Verdict, { mark: string; says: string }>> = {
  pass: { mark: '✔', says: 'Every expectation is met.' },
  fail: { mark: '✘', says: 'At least one expectation is not met.' },
  inconclusive: { mark: '?', says: 'This run proves nothing: the figures are not a result.' },
};

/** The verdict in the words of what was asked: a re-enactment, a planned window, anything else. */
export function verdictWords(verdict: Verdict, kind: string): { word: string; says: string } {
  const own = Object.hasOwn(WORDS_OF_KIND, kind) ? WORDS_OF_KIND[kind]?.[verdict] : undefined;
  return own ?? { word: verdict.toUpperCase(), says: VERDICT_MEANING[verdict].says };
}

type Words = Readonly<Partial<Record<Verdict, { readonly word: string; readonly says: string }>>>;

const WORDS_OF_KIND: Readonly<Record<string, Words>> = {
  incident: {
    pass: {
      word: 'REPRODUCED',
      says: 'PASS: it happened again as it is told; every expectation is met.',
    },
    fail: {
      word: 'NOT REPRODUCED',
      says: 'FAIL: at least one expectation is not met.',
    },
  },
  window: {
    pass: { word: 'WITHIN LIMITS', says: 'PASS: every limit of the scenario is kept.' },
    fail: { word: 'OVER THE LIMIT', says: 'FAIL: at least one limit of the scenario is broken.' },
  },
};

/** A finding that pulls nothing down is a note: a tick beside bad news would be misread. */
export const FINDING_WORD: Readonly<Record<Verdict, { mark: string; word: string }>> = {
  pass: { mark: 'i', word: 'note' },
  fail: { mark: VERDICT_MEANING.fail.mark, word: 'fail' },
  inconclusive: { mark: VERDICT_MEANING.inconclusive.mark, word: 'inconclusive' },
};
