// Defines the figures of a report that are of many screens: statistics, rows of metrics, cohorts.

/**
 * Statistics over heads: a viewer counts as often as its weight says. A quantile is undefined where
 * viewers stand for others and too few were watched for it: not estimable.
 */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number;
}

/** Viewers who are not told apart, as an engine played them. */
export interface CohortResult {
  readonly cohort: string;
  readonly channel: string;
  readonly player: string;
  readonly weight: number;
  /** Viewers whose sessions were played to know this; absent where it was calculated exactly. */
  readonly sampled?: number;
  /** Absent where it is not known. */
  readonly blackScreenMs?: Summary;
  /** Viewers who never came back; absent where it is not known. */
  readonly lost?: number;
  /** Viewers without the programme at the end of each minute since run start. */
  readonly curve: readonly number[];
}

/** The row of a metric in the tables of reports, beside those that `audience` holds. */
export interface Figure {
  /** Name of the metric, as expectations write it. */
  readonly metric: string;
  readonly unit: 'time' | 'share' | 'ratio' | 'count';
  /** Words for people, and the middle of the name in metrics.prom. */
  readonly head: string;
  readonly prom: string;
  readonly low: Summary;
  /** The same if every unmeasured moment was lost. */
  readonly high: Summary;
}

/** An observed duration beside the limit it was compared with. */
export interface LimitResult {
  /** A share of the cut is resolved. */
  readonly ms: number;
  /** The nearer end of what was observed is so far from the limit. */
  readonly distanceMs: number;
  /** `within` holds the expectation; the others break it. */
  readonly side: 'within' | 'over' | 'under';
  /** The observed value may be off by so much. */
  readonly marginMs: number;
}

/** The requests to a class of stages that are alike, or to one stage. */
export interface StageLoad {
  readonly stage: string;
  /** Those that it served. */
  readonly requests: number;
  /** The most in one second, and when that began, since run start. */
  readonly peakPerS: number;
  readonly peakAtMs: number;
  /** Requests a second, on average over each minute since run start. */
  readonly perMinute: readonly number[];
  /** Requests a second that it can serve, where that was said. */
  readonly capacityPerS?: number;
  /** Requests that it had no capacity for; absent where it has no limit. */
  readonly refused?: number;
}

/** The long end of an audience that is known as cohorts. */
export interface Tail {
  /** Black screen that so many of a thousand lose at most; undefined where too few were played. */
  readonly p999Ms: number | undefined;
  /** Heads who lost more than so long. */
  readonly over: readonly { readonly ms: number; readonly heads: number }[];
  /** Heads who never came back; their black screen counts to the end. */
  readonly lost: number;
  /** Heads who left while they saw no programme: neither back nor lost; absent for none. */
  readonly left?: number;
  /** After the last heal so long, this share of those who were hurt was back; undefined: never. */
  readonly back: readonly { readonly share: number; readonly ms: number | undefined }[];
  /** Black screen by share of the audience, from the least to the most, in equal steps. */
  readonly curveMs: readonly number[];
  /** Heads without the programme at the end of each minute since run start. */
  readonly dark: readonly number[];
}

/** Tells, at the end of a simulation of an audience, what a class of stages was asked. */
export interface LoadRecord extends StageLoad {
  readonly type: 'load';
  /** Since run start. */
  readonly atMs: number;
}
