// What a rule is: a name, what it asks in one sentence, and how it finds what is wrong.

import type { CheckSeverity } from '../model/access.ts';
import type { CheckContext } from './context.ts';

export interface Rule {
  readonly name: string;
  /** One sentence; docs/check.md has a paragraph. */
  readonly about: string;
  readonly find: (context: CheckContext) => readonly Found[];
}

/** A finding before it has the rule's name and readable times. */
export interface Found {
  readonly severity: CheckSeverity;
  readonly fromEpochMs?: number;
  readonly toEpochMs?: number;
  readonly targets: readonly string[];
  readonly text: string;
  readonly hint: string;
  readonly source: string;
}
