// Checks by one rule, and windows that tests of rules vary.

import { expect } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import type { CheckInput } from '../../../harness/check/input.ts';
import type { CheckFinding } from '../../../harness/model/access.ts';
import { at, inputOf, PARIS } from './builders.ts';

export const findingsOf = (
  rule: string,
  changes: Partial<CheckInput> = {},
): readonly CheckFinding[] =>
  check(inputOf(changes)).findings.filter((finding) => finding.rule === rule);
export const one = (rule: string, changes: Partial<CheckInput> = {}): CheckFinding => {
  const found = findingsOf(rule, changes);
  expect(found).toHaveLength(1);
  return found[0] as CheckFinding;
};
export const onB = { targets: [{ kind: 'path', name: 'b' }] } as const;
export const notDrained = { drain: { style: 'none', leadMs: 0 } } as const;
export const evening = {
  fromEpochMs: at('2025-09-12T20:00:00Z'), // 22:00 in Paris
  toEpochMs: at('2025-09-13T00:00:00Z'),
  clock: { zone: PARIS, text: '2025-09-12T22:00' },
};
