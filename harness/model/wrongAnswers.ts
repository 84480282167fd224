// Describes wrong answers of an origin or an edge.

/** The requests that get a wrong answer, and which. */
export interface WrongAnswers {
  readonly match: HttpMatch;
  readonly answer: HttpAnswer;
}

export const REQUEST_KINDS = ['multivariant', 'playlist', 'segment', 'any', 'upload'] as const;

export interface HttpMatch {
  readonly of: (typeof REQUEST_KINDS)[number];
  /** Index in the ladder; all when not said. */
  readonly rung: number | undefined;
  /** Segments whose number is a multiple of this. */
  readonly every: number | undefined;
  /** Share of the requests, 0..1. */
  readonly ratio: number;
}

/** The wrong answers that harness/pipeline/contract.ts describes. */
export type HttpAnswer =
  | SingleHttpAnswer
  /** One step after another, and again from the first, since the fault began. */
  | { readonly kind: 'cycle'; readonly steps: readonly HttpCycleStep[] };

/** One step of a cycle; without an answer of its own it is healthy. */
export interface HttpCycleStep {
  readonly forMs: number;
  readonly answer?: SingleHttpAnswer;
}

export type SingleHttpAnswer =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'truncated' | 'corrupt'; readonly share: number }
  | { readonly kind: 'gap'; readonly every: number }
  | { readonly kind: 'hang' | 'stale' | 'empty' | 'sequenceReset' | 'noDiscontinuity' };

/** The wrong answers that only a media playlist can show. */
export const ANSWERS_OF_PLAYLISTS: ReadonlySet<string> = new Set([
  'stale',
  'gap',
  'sequenceReset',
  'noDiscontinuity',
] satisfies HttpAnswer['kind'][]);
