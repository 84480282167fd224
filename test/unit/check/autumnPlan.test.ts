// The change plan that comes with the package: each mistake in it is found, and nothing is invented.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listCalendars } from '../../../harness/check/changePlan/readChangePlan.ts';
import { check } from '../../../harness/check/check.ts';
import { readCalendar } from '../../../harness/check/notices/formats/calendar.ts';
import { readCheckInput } from '../../../harness/check/readCheckInput.ts';
import { findDesigns, packagedScenarios } from '../../../harness/scenario/load.ts';
import { at } from './builders.ts';

const folder = join(packagedScenarios(), 'changes');
const file = join(folder, 'autumn-2025.yaml');
const text = readFileSync(file, 'utf8');
const calendars = Object.fromEntries(
  listCalendars(text, file).map(({ file: name }) => [
    name,
    readCalendar(readFileSync(join(folder, name), 'utf8'), name),
  ]),
);
const designs = findDesigns(file);
const nowEpochMs = at('2025-09-05T00:00:00Z');
const result = check(readCheckInput({ text, file, designs, calendars, nowEpochMs }));
const found = (severity: string) =>
  result.findings
    .filter((finding) => finding.severity === severity && finding.from !== undefined)
    .map(({ rule, from }) => `${from} ${rule}`);

describe('the change plan of autumn 2025', () => {
  it('is a no-go for these reasons, at these times', () => {
    expect(result.verdict).toBe('no-go');
    expect(found('stop')).toEqual([
      '2025-09-12T22:00+02:00 audience-peak',
      '2025-09-12T22:10+02:00 no-path-left',
      '2025-09-12T22:10+02:00 owners-overlap',
      '2025-09-12T22:10+02:00 audience-peak',
      '2025-09-14T21:40+02:00 over-event',
      '2025-10-08T02:00+02:00 switch-hole',
      '2025-10-21T02:00+02:00 no-path-left',
      '2025-10-21T02:00+02:00 owners-overlap',
      '2025-10-21T02:00+02:00 failover-test-in-window',
    ]);
  });

  it('warns of the rest', () => {
    expect(found('warning')).toEqual([
      // The later notices have not come yet in early September.
      '2025-09-14T21:40+02:00 contradictory-windows',
      '2025-09-14T21:40+02:00 audience-peak',
      '2025-09-14T21:40+02:00 short-notice',
      '2025-10-08T01:45+02:00 drain-moves-nothing',
      '2025-10-08T02:00+02:00 contradictory-windows',
      '2025-10-08T06:00+02:00 over-event',
      '2025-10-21T02:00+02:00 contradictory-windows',
      '2025-10-21T02:00+02:00 contradictory-windows',
      '2025-10-26T01:00+02:00 contradictory-windows',
      '2025-10-26T01:00+02:00 clock-confusion',
    ]);
  });

  it('judges what the calendar brings, and says what it left out', () => {
    const skipped = result.findings.find(({ rule }) => rule === 'notice-skipped');
    expect(skipped?.source).toBe('carrier-notices.ics:29');
    expect(result.windows).toBe(7);
  });

  it('is the same when judged again', () => {
    expect(check(readCheckInput({ text, file, designs, calendars, nowEpochMs }))).toEqual(result);
  });
});
