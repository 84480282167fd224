// Viewers who come late, leave, and come back: each is asked only about the time it was there.

import { describe, expect, it } from 'vitest';
import type { HistoryRecord, ViewerDescription } from '../../../harness/model/history.ts';
import type { AudienceStep } from '../../../harness/model/plan.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { historyOf, printSpans, stripRecords, viewerOf } from '../../support/strip.ts';

const STEP_MS = 1000;
const RECOVERED = parseExpectation('recovered == 100%').expectation!;

interface Seen {
  readonly letters: string;
  readonly fromMs?: number;
  readonly group?: string;
  readonly weight?: number;
}

/** Judges a run of these viewers; the record begins with the disrupt phase. */
function judged(
  seen: Readonly<Record<string, Seen>>,
  audience: readonly AudienceStep[] = [],
  more: readonly HistoryRecord[] = [],
) {
  const viewers: ViewerDescription[] = [];
  const records: HistoryRecord[] = [];
  for (const [id, { letters, fromMs = 0, group, weight }] of Object.entries(seen)) {
    viewers.push(
      viewerOf({ id, ...(group !== undefined && { group }), ...(weight && { weight }) }),
    );
    if (letters !== '')
      records.push(...stripRecords(letters, { stepMs: STEP_MS, fromMs, viewer: { id } }));
  }
  records.push(...more);
  const history = historyOf({ viewers, records, expectations: [RECOVERED] });
  const plan = { ...history.run.plan, ...(audience.length > 0 && { audience }) };
  return judge({ ...history, run: { ...history.run, plan } });
}

const step = (viewer: string, does: AudienceStep['does'], atS: number): AudienceStep => ({
  viewer,
  does,
  atMs: atS * 1000,
  scenarioAtMs: atS * 1000,
});

const rules = ({ findings }: ReturnType<typeof judge>) => findings.map(({ rule }) => rule);

it('asks nothing of somebody who gave up, by the record of that', () => {
  const gaveUp = {
    type: 'viewer',
    viewer: 'v2',
    event: 'act',
    detail: 'leave',
    atMs: 5_990,
  } as const;
  const seen = { v1: { letters: 'pppppppppp' }, v2: { letters: 'ppppbb----' } };
  expect(judged(seen, [], [gaveUp]).viewers.map(({ recovery }) => recovery)).toEqual([
    'recovered',
    'left',
  ]);
  const early = judged(seen).viewers[1]!.recovery;
  expect(early).not.toBe('left');
});

describe('a viewer who leaves as planned', () => {
  const leaves = [step('v2', 'leave', 6)];

  it('is asked nothing at the end', () => {
    const report = judged({ v1: { letters: 'pppppppppp' }, v2: { letters: 'ppppbb----' } }, leaves);
    expect(report.viewers.map(({ recovery }) => recovery)).toEqual(['recovered', 'left']);
    expect(report.audience).toMatchObject({ viewers: 2, recovered: 1, left: 1 });
    expect(report.expectations[0]).toMatchObject({ observed: '100%', verdict: 'pass' });
  });

  it('lost what it lost before it left', () => {
    const report = judged({ v1: { letters: 'pppppppppp' }, v2: { letters: 'ppppbb----' } }, leaves);
    expect(report.viewers[1]!.blackScreenMs).toBeGreaterThan(1500);
    expect(report.viewers[1]!.leaveMs).toBe(6000);
  });

  it.each([
    [5, 'left'],
    [7, 'left'],
    [4.999, 'unseen'],
    [7.001, 'unseen'],
  ])('left as planned within a second of it: planned at %d s', (atS, recovery) => {
    const seen = { v1: { letters: 'pppppppppp' }, v2: { letters: 'ppppb.----' } };
    const is = judged(seen, [step('v2', 'leave', atS)]).viewers[1]!.recovery;
    expect(is === 'left').toBe(recovery === 'left');
  });

  it('who came back is asked for the programme again', () => {
    const seen = { v1: { letters: 'pppppppppp' }, v2: { letters: 'ppppbb--pp' } };
    expect(judged(seen, leaves).viewers[1]!.recovery).toBe('recovered');
  });

  it('is lost when it never left', () => {
    const report = judged({ v1: { letters: 'pppppppppp' }, v2: { letters: 'ppppbbbbbb' } }, leaves);
    expect(report.viewers[1]!.recovery).toBe('not-recovered');
    expect(report.expectations[0]!.verdict).toBe('fail');
  });
});

describe('a viewer who joins in an outage', () => {
  const joins = [step('v2', 'join', 4)];

  it('is starting until its first picture, and loses none', () => {
    const report = judged(
      { v1: { letters: 'pppppppppp' }, v2: { letters: 'rrrppp', fromMs: 4000 } },
      joins,
    );
    const [, late] = report.viewers;
    expect(late).toMatchObject({ joinMs: 4000, sessionMs: 6000, blackScreenMs: 0 });
    expect(late!.ledger.starting).toBe(3000);
    expect(late!.recovery).toBe('recovered');
  });

  it('who never sees the programme is lost, and the run says so', () => {
    const report = judged(
      { v1: { letters: 'pppppppppp' }, v2: { letters: 'rrrrrr', fromMs: 4000 } },
      joins,
    );
    expect(report.viewers[1]!.recovery).toBe('not-recovered');
    expect(rules(report)).not.toContain('no-programme');
    expect(report.expectations[0]!.verdict).toBe('fail');
  });

  it('makes the run prove nothing when it should have been there from the start', () => {
    const report = judged({
      v1: { letters: 'pppppppppp' },
      v2: { letters: 'rrrrrr', fromMs: 4000 },
    });
    expect(rules(report)).toContain('no-programme');
  });

  it('is missed only when the run went on long enough for it', () => {
    const seen = { v1: { letters: 'pppppppppp' }, v2: { letters: '' } };
    expect(rules(judged(seen, [step('v2', 'join', 4)]))).toContain('never-joined');
    expect(rules(judged(seen, [step('v2', 'join', 10)]))).toContain('never-joined');
    expect(rules(judged(seen, [step('v2', 'join', 40)]))).not.toContain('never-joined');
    expect(rules(judged(seen, [step('v2', 'leave', 40)]))).toContain('never-joined');
  });
});

describe('a viewer who comes back', () => {
  it('begins anew: waiting for the first picture again is no loss of one', () => {
    const report = judged({ v1: { letters: 'pppp--rrpppp' } }, [
      step('v1', 'leave', 4),
      step('v1', 'join', 6),
    ]);
    const [viewer] = report.viewers;
    const lane = report.lanes.find(({ kind }) => kind === 'viewer');
    expect(printSpans(lane?.kind === 'viewer' ? lane.spans : [], STEP_MS)).toBe('pppp--rrpppp');
    expect(viewer).toMatchObject({ blackScreenMs: 0, interruptions: [], recovery: 'recovered' });
    expect(viewer!.ledger).toMatchObject({ left: 2000, starting: 2000 });
  });

  it('loses the picture like everybody once it has seen one', () => {
    const report = judged({ v1: { letters: 'pppp--rrppbbpp' } }, [
      step('v1', 'leave', 4),
      step('v1', 'join', 6),
    ]);
    expect(report.viewers[0]!.interruptions).toHaveLength(1);
    expect(report.viewers[0]!.blackScreenMs).toBeGreaterThan(1500);
  });
});

describe('groups', () => {
  it('have figures of their own, by weight', () => {
    const report = judged({
      v1: { letters: 'pppppppppp', group: 'running', weight: 3 },
      v2: { letters: 'pppbbbpppp', group: 'other' },
    });
    expect(report.groups?.map(({ name, audience }) => [name, audience.viewers])).toEqual([
      ['running', 3],
      ['other', 1],
    ]);
    const [running, other] = report.groups ?? [];
    expect(running!.audience.blackScreenMs.max).toBe(0);
    expect(other!.audience.blackScreenMs.max).toBeGreaterThan(2500);
  });

  it('stand in no report where there is one only', () => {
    expect(judged({ v1: { letters: 'pppp', group: 'all' } })).not.toHaveProperty('groups');
  });
});
