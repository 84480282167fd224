import { describe, expect, it } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import { printCheck } from '../../../harness/check/print.ts';
import { connection } from '../routing/builders.ts';
import { accessOf, inputOf } from './builders.ts';

describe('a check as text', () => {
  it('says each finding with its times, its hint and its source, and ends with the verdict', () => {
    const text = printCheck(check(inputOf({ accesses: [accessOf([connection('a', 100)])] })));
    expect(text).toContain(
      'STOP  no-path-left  2025-09-10T02:00+02:00 to 2025-09-10T06:00+02:00\n      connect has no path left for 4 h',
    );
    expect(text).toContain('(windows.yaml:3)');
    expect(text.trimEnd().split('\n').at(-1)).toMatch(
      /^NO-GO: 1 window over 5 stages and paths; \d+ to stop for, \d+ warnings, \d+ notes$/,
    );
  });

  it('is short when all is well', () => {
    expect(printCheck(check(inputOf()))).toContain(
      'GO: 1 window over 6 stages and paths; 0 to stop for',
    );
  });
});
