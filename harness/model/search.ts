// The outcome of a search: which designs keep the limits, what each costs and what is worst for it.

import type { Verdict } from './report.ts';

/** One limit of one design under one fault. */
export interface LimitSeen {
  readonly limit: string;
  readonly verdict: Verdict;
  readonly observed: string;
  /** Milliseconds to the limit, below 0 beyond it; absent for what is no duration. */
  readonly slackMs?: number;
}

/** A design under one fault or window of the file by itself. */
export interface CaseSeen {
  readonly name: string;
  readonly limits: readonly LimitSeen[];
}

/** Figures of a design: the worst of its cases. */
export interface Figures {
  readonly p99Ms: number;
  /** Requests a second that origins get, in the busiest second of the busiest of them. */
  readonly originPerS: number;
  /** From the studio to the screen before anything went wrong, the mean. */
  readonly latencyMs: number;
  readonly cases: readonly CaseSeen[];
}

export interface DesignSeen extends Figures {
  /** Its number in the space. */
  readonly design: number;
  readonly knobs: Readonly<Record<string, string>>;
  readonly cost: number;
  readonly holds: boolean;
  /** The case and the limit that is nearest to be broken, or broken most. */
  readonly binding: LimitSeen & { readonly case: string };
  /** The same by virtual players, for finalists. */
  readonly finalist?: readonly CaseSeen[];
  /** The shortest cut that breaks a limit, by case. */
  readonly killers?: readonly Killer[];
}

/** The shortest that a fault or window must last to break a limit. */
export interface Killer {
  readonly case: string;
  /** The player whose viewers it is about, where there are several. */
  readonly player?: string;
  /** Undefined where none up to the longest that was tried does. */
  readonly killsMs: number | undefined;
  /** The longest length tried that is shorter and breaks nothing. */
  readonly holdsMs: number;
  /** Longer ones that break nothing: the limit is not broken by length alone. */
  readonly longerThatHold: readonly number[];
  readonly limit?: string;
}

export interface Rung {
  readonly agents: number;
  readonly designs: number;
  readonly kept: number;
}

export interface SearchResult {
  readonly scenario: string;
  readonly file: string;
  readonly seed: number;
  readonly audience: number;
  readonly cases: readonly string[];
  readonly limits: readonly string[];
  /** Designs in the space, those of them that differ, and those that were played. */
  readonly size: number;
  readonly distinct: number;
  readonly played: number;
  readonly rungs: readonly Rung[];
  /** The knob whose values were bisected, being checked to be monotone in so many contexts. */
  readonly bisected?: { readonly knob: string; readonly contexts: number; readonly saved: number };
  /** Designs that keep every limit and that no other beats in everything; the cheapest first. */
  readonly front: readonly DesignSeen[];
  /** Virtual players broke a limit of these, where agents had not; they are not on the front. */
  readonly rejected?: readonly DesignSeen[];
  /** Where none holds: those that come nearest, which are the rejected where there are some. */
  readonly nearest: readonly DesignSeen[];
  readonly agreement: string;
  /** Plays the first of the front, or of the nearest, for real; its file is beside the report. */
  readonly command: string;
}
