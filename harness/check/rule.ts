// Describes a rule: a name, and a function that finds what is wrong.

import type { CheckContext } from './context.ts';
import type { AnnouncedWindow, Found, Remark } from './input.ts';

export type { Found } from './input.ts';

export interface Rule {
  /** docs/check.md has a paragraph on it. */
  readonly name: string;
  readonly find: (context: CheckContext) => readonly Found[];
  /** Asked again of windows that last as long as they are thought they may. */
  readonly looksAtTime?: true;
}

export interface RuleFound extends Found {
  /** Name of the rule. */
  readonly rule: string;
}

/** The part of a finding that is the same for all that one window, in all of its length, is about. */
export const aboutWindow = ({ name, fromEpochMs, toEpochMs, source }: AnnouncedWindow) => ({
  fromEpochMs,
  toEpochMs,
  targets: [name],
  source,
});

export const listSources = (windows: readonly AnnouncedWindow[]): string =>
  windows.map(({ source }) => source).join(', ');

/** Turns remarks made while notices were read into findings. */
export const findRemarks =
  (about: Remark['about']): Rule['find'] =>
  ({ remarks = [] }) =>
    remarks
      .filter((remark) => remark.about === about)
      .map(({ severity, targets, text, hint, source }) => ({
        severity,
        targets,
        hint,
        source,
        text: about === 'skipped' ? `not judged: ${text}` : text,
      }));
