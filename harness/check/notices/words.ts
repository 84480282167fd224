// Words that providers use for the state, the impact and the kind of work.

import type { AnnouncedWindow } from '../input.ts';
import type { Impact, NoticeState } from './notice.ts';

/** The first of them that is said holds. */
const STATES: readonly (readonly [state: NoticeState, words: readonly string[]])[] = [
  ['off', ['cancelled', 'canceled', 'rejected', 'withdrawn', 'declined']],
  ['over', ['completed', 'complete', 'closed']],
  ['postponed', ['postponed']],
  ['tentative', ['tentative']],
];

/** A state that nobody knows is taken as confirmed. */
export function readState(said: readonly string[]): NoticeState {
  const words = said.map(plain);
  const [state = 'confirmed'] =
    STATES.find(([, known]) => words.some((word) => known.includes(word))) ?? [];
  return state;
}

/** Words of the BCOP for work that is still to be done. */
const HOLDING = new Set(['tentative', 'confirmed', 'in-process', 're-scheduled', 'rescheduled']);

export const holds = (said: string): boolean => HOLDING.has(plain(said).replaceAll(' ', '-'));

export const isState = (said: string): boolean =>
  holds(said) || STATES.some(([, words]) => words.includes(plain(said)));

const IMPACT_WORDS: Readonly<Record<string, Impact>> = {
  'no-impact': 'none',
  'reduced-redundancy': 'reduced-redundancy',
  degraded: 'degraded',
  outage: 'outage',
};

/** Undefined = not said, or a word of no standard. */
export function readImpact(said: string): Impact | undefined {
  const word = plain(said).replaceAll(/[ _]+/g, '-');
  return Object.hasOwn(IMPACT_WORDS, word) ? IMPACT_WORDS[word] : undefined;
}

const NOT_URGENT = /\b(?:non|not|no|pas)[ -]*(?:an? )?(?:emergency|urgent|urgente?)\b/g;
const URGENT = /\b(?:emergency|urgente?|urgence|unplanned)\b/;

/** By the words of categories and summary. */
export function readKind(...said: readonly string[]): AnnouncedWindow['kind'] {
  const text = said.join(' ').toLowerCase().replaceAll('_', ' ');
  if (/\bfailover[- ]test\b/.test(text)) return 'failover-test';
  return URGENT.test(text.replaceAll(NOT_URGENT, ' ')) ? 'emergency' : 'planned';
}

const plain = (text: string): string => text.trim().toLowerCase();
