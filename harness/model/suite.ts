// A suite: many scenarios played one by one, with one verdict. Its file, suite.json, is versioned:
// shards are joined by it, and people keep it.

import type { Compared } from './comparison.ts';
import type { Range } from './range.ts';
import type { Finding, Verdict } from './report.ts';

export const SUITE_VERSION = 1;

/** One number a run, with the most that it can be; absent where it cannot be told. */
export type RunFigures = Readonly<Partial<Record<Compared, Range>>>;

export interface SuiteAttempt {
  readonly verdict: Verdict;
  /** The folder of the run, from that of the suite; absent where none was made. */
  readonly dir?: string;
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly lengthMs?: number;
  /** Sentences: the reasons why it did not pass. */
  readonly reasons: readonly string[];
  readonly figures: RunFigures;
}

export interface SuiteResult {
  /** Names the scenario with its variant, design and repeat; also its folder. */
  readonly key: string;
  readonly scenario: string;
  readonly title: string;
  readonly file: string;
  readonly design: string;
  readonly seed: number;
  /** Less than that of the suite where its expectations hold no further; absent in older suites. */
  readonly compress?: number;
  readonly expectedMs: number;
  /** Verdict of the last attempt: only an inconclusive one is followed by another. */
  readonly verdict: Verdict;
  readonly attempts: readonly SuiteAttempt[];
}

/** Choices that all shards of a suite must have in common. */
export interface SuiteChoices {
  readonly engine: string;
  readonly compress: number;
  /** Absent where every scenario has its own. */
  readonly seed?: number;
  readonly viewers?: number;
}

export interface LeftOut {
  readonly key: string;
  readonly reason: string;
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

export interface Suite {
  readonly version: typeof SUITE_VERSION;
  readonly verdict: Verdict;
  readonly choices: SuiteChoices;
  readonly harness: string;
  /** The commit of the folder it was called in, with `-dirty` where files were changed; absent outside of git. */
  readonly commit?: string;
  /** Absent for a whole suite. */
  readonly shard?: Shard;
  /** The keys of the whole suite, sorted, whichever of them this shard has. */
  readonly planned: readonly string[];
  /** Sorted by key. */
  readonly results: readonly SuiteResult[];
  /** Sorted by key. */
  readonly leftOut: readonly LeftOut[];
  /** Faults of the suite itself. */
  readonly findings: readonly Finding[];
}
