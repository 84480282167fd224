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
  /** No answer, ever. */
  | { readonly kind: 'hang' }
  /** 200 with nothing. */
  | { readonly kind: 'empty' }
  /** No scenario says a rate. */
  | { readonly kind: 'slow'; readonly delayMs: number; readonly rateKbps?: number }
  /** The first answer to this request since the fault began, again and again. */
  | { readonly kind: 'stale' }
  /** The connection ends after this share of what was announced, 0..1. */
  | { readonly kind: 'truncated'; readonly share: number }
  /** This share of the transport packets is filled with noise. */
  | { readonly kind: 'corrupt'; readonly share: number }
  /** The playlist counts its segments from 0 again, or does not say where the encoder changed. */
  | { readonly kind: 'sequenceReset' | 'noDiscontinuity' }
  /** Segments whose number is a multiple of `every` are listed as gaps. */
  | { readonly kind: 'gap'; readonly every: number };

/** The wrong answers that only a media playlist can show. */
export const ANSWERS_OF_PLAYLISTS: ReadonlySet<string> = new Set([
  'stale',
  'gap',
  'sequenceReset',
  'noDiscontinuity',
] satisfies HttpAnswer['kind'][]);
