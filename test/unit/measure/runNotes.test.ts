// Words of a report on a run as a whole: how it ended, what its time was, what was planned.

import { describe, expect, it } from 'vitest';
import { indexRun } from '../../../harness/measure/indexedRun.ts';
import { judge } from '../../../harness/measure/judge.ts';
import type { EndRecord, History, RunRecord } from '../../../harness/model/history.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { historyOf, strip, stripRecords, viewerOf } from '../../support/strip.ts';

const LETTERS = 'rrpppppppp';
const played = strip(LETTERS, 200);

const endedBy = (end: Partial<EndRecord>): History => ({
  ...played,
  records: played.records.map((record) => (record.type === 'end' ? { ...record, ...end } : record)),
});

const withRun = (run: Partial<RunRecord>, history = played): History => ({
  ...history,
  run: { ...history.run, ...run },
});
const withPlan = (plan: Partial<RunRecord['plan']>): History =>
  withRun({ plan: { ...played.run.plan, ...plan } });

const told = (history: History) =>
  judge(history).findings.map(({ rule, verdict, text }) => `${rule} ${verdict}: ${text}`);

describe('the end of a run', () => {
  it.each([
    [{}, []],
    [{ reason: 'interrupted' }, ['interrupted inconclusive: the run was interrupted']],
    [
      { reason: 'interrupted', detail: 'by SIGINT' },
      ['interrupted inconclusive: the run was interrupted: by SIGINT'],
    ],
    [{ reason: 'error', detail: 'no port' }, ['run-failed inconclusive: the run failed: no port']],
    [
      { reason: 'guardrail', detail: 'p50 > 5m' },
      ['guardrail fail: a guardrail ended the run: p50 > 5m'],
    ],
  ] as const)('by %j is told', (end, findings) => {
    expect(told(endedBy(end))).toEqual(findings);
    expect(judge(endedBy(end)).run.ended).toBe('reason' in end ? end.reason : 'complete');
  });

  it('before its first planned action proves nothing', () => {
    const records = played.records.filter(({ type }) => type !== 'phase');
    expect(told({ ...played, records })).toEqual([
      'not-disrupted inconclusive: the run ended before its first planned action could begin',
    ]);
  });

  it('that nobody recorded is when it was last heard of', () => {
    const cut = {
      ...historyOf({
        viewers: [viewerOf()],
        records: stripRecords(LETTERS, { stepMs: 200 }),
        ended: false,
      }),
    };
    expect(told(cut)).toEqual([
      'truncated inconclusive: the record stops at 2s without saying that the run ended',
    ]);
    expect(judge(cut).run).toMatchObject({ ended: 'crashed', endedAtMs: 2000 });
  });
});

describe('worth knowing of a plan', () => {
  it('is by how much its times were divided', () => {
    expect(told(withPlan({ compress: 60 }))).toEqual([
      "compressed pass: the scenario's own times were divided by 60; segments, retries and players kept theirs",
    ]);
  });

  it('is that nobody watched its guardrails in virtual time', () => {
    const { expectation } = parseExpectation('p50(blackScreen) > 5m');
    const { scenario } = played.run.plan;
    const guarded = withPlan({ scenario: { ...scenario, guardrails: [expectation!] } });
    const [virtual] = told(guarded);
    expect(virtual).toBe(
      'guardrails-not-watched pass: guardrails do not apply to a simulation, which goes to its end: p50(blackScreen) > 5m',
    );
    expect(told(withRun({ engine: 'run' }, guarded)).join()).not.toContain('guardrails');
  });

  it('is how long work lasted that people ended', () => {
    const outage = {
      of: 'upgrade',
      lengthMs: 90_000,
      p50Ms: 60_000,
      p90Ms: 120_000,
      p99Ms: 180_000,
    };
    const [text] = told(withPlan({ outages: [outage] as never }));
    expect(text).toMatch(/^outage-length pass: upgrade lasted 1m 30s until people had ended it; /);
    expect(text).toMatch(
      /half last no longer than 1m, nine of ten 2m, ninety-nine of a hundred 3m$/,
    );
  });
});

describe('a run in the index', () => {
  const found = { dir: 'runs/1', commit: undefined, writtenEpochMs: 1_800_000_000_000 };
  const indexed = (run: Partial<RunRecord>) => indexRun(judge(withRun(run)), found);

  it('was at its own time when it was real, and at that of its file when it was virtual', () => {
    const { startedAtEpochMs } = played.run;
    expect(indexed({ engine: 'run' })).toMatchObject({
      engine: 'run',
      startedAt: new Date(startedAtEpochMs).toISOString(),
    });
    expect(indexed({})).toMatchObject({
      engine: 'simulate',
      startedAt: new Date(found.writtenEpochMs).toISOString(),
    });
    const simulated = { engine: 'agents', players: {}, agreement: 'none' } as never;
    expect(indexed({ simulated }).engine).toBe('agents');
  });
});
