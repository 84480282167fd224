// Alerts on screens: how late, how many, over what, and how long after the end; and what must never be.

import { describe, expect, it } from 'vitest';
import { sumText } from '../../../harness/model/alertStrip.ts';
import type { History, HistoryRecord, ViewerDescription } from '../../../harness/model/history.ts';
import type { Alert, ShownAlert } from '../../../harness/model/alert.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { alertSteps } from '../../../harness/scenario/alertSteps.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';

const ALERT: Alert = {
  id: 'flood',
  areas: [],
  severity: 'extreme',
  text: 'Stay',
  exercise: false,
  carriages: ['cloud'],
  atMs: 2_000,
  updates: [],
  endMs: 8_000,
};
const SIGN: ShownAlert = {
  number: 1,
  revision: 1,
  exercise: false,
  textSum: sumText('Stay'),
  by: 'picture',
};

interface Case {
  readonly letters?: string;
  readonly alert?: Partial<Alert>;
  readonly sign?: Partial<ShownAlert>;
  /** Times at which it begins and stops being shown, in turn. */
  readonly shown?: readonly number[];
  readonly viewer?: Partial<ViewerDescription>;
  readonly expectations?: readonly string[];
  /** No message leaves; or each tells why a stage was not told. */
  readonly issued?: 'nothing' | { readonly error: string };
}

/** A screen of 12 s: an alert from 2 s to 8 s, as its stages were told. */
function played({ letters = 'p'.repeat(60), shown = [], expectations = [], ...wish }: Case) {
  const { issued } = wish;
  const alert = { ...ALERT, ...wish.alert };
  const viewer = viewerOf(wish.viewer);
  const sign = { ...SIGN, ...wish.sign };
  const steps = alertSteps({ alerts: [alert] }, 1);
  const told = (issued === 'nothing' ? [] : steps).map(
    ({ atMs, does, revision }): HistoryRecord => {
      const said = {
        does,
        revision,
        plannedAtMs: atMs,
        told: ['transcoder.one'],
        ...(issued !== 'nothing' && issued),
      };
      return { type: 'alert', atMs, alert: alert.id, ...said };
    },
  );
  const events = shown.map((atMs, i): HistoryRecord => {
    const event = i % 2 === 0 ? ('alert' as const) : ('alert-over' as const);
    return { type: 'viewer', atMs, viewer: viewer.id, event, alert: sign };
  });
  const { run, ...rest } = historyOf({
    viewers: [viewer],
    records: [...stripRecords(letters, { stepMs: 200, viewer }), ...told, ...events],
    scenario: { alerts: [alert] },
    expectations: expectations.map((text) => parseExpectation(text).expectation!),
  });
  return { ...rest, run: { ...run, plan: { ...run.plan, alerts: steps } } } satisfies History;
}

const observed = (wish: Case, ...expectations: string[]) =>
  judge(played({ ...wish, expectations })).expectations.map(
    ({ observed: is, verdict }) => `${verdict} ${is}`,
  );
const rulesOf = (wish: Case) =>
  judge(played(wish)).findings.map(({ rule, verdict }) => `${rule} ${verdict}`);

describe('the delay of an alert', () => {
  it('is from its issue to its first picture', () => {
    const [delay, reach] = observed(
      { shown: [3_240, 9_000] },
      'max(alertDelay) <= 1.4s',
      'alertReach == 100%',
    );
    expect(delay).toMatch(/^pass 1\.240s/);
    expect(reach).toBe('pass 100%');
  });

  it('of who is never reached counts to the end, and may be endless', () => {
    const verdicts = observed(
      {},
      'max(alertDelay) <= 5s',
      'max(alertDelay) <= 30s',
      'alertReach == 0%',
    );
    expect(verdicts[0]).toMatch(/^fail/);
    expect(verdicts[1]).toMatch(/^inconclusive/);
    expect(verdicts[2]).toBe('pass 0%');
  });

  it('of who is reached only after the end is not a reach', () => {
    expect(observed({ shown: [8_500, 9_000] }, 'alertReach == 0%')).toEqual(['pass 0%']);
  });

  it('is unknown where nobody could look', () => {
    const letters = `${'p'.repeat(20)}${'.'.repeat(10)}${'p'.repeat(30)}`;
    const [reach] = observed({ letters }, 'alertReach >= 99%');
    expect(reach).toMatch(/^inconclusive/);
  });

  it('counts an update as a message of its own', () => {
    const alert = { updates: [{ atMs: 5_000, text: 'Go' }] };
    const [reach] = observed({ alert, shown: [3_000, 9_000] }, 'alertReach == 50%');
    expect(reach).toBe('pass 50%');
  });
});

it('an alert over black is shown while the programme was away', () => {
  const letters = `${'p'.repeat(10)}${'b'.repeat(30)}${'p'.repeat(20)}`;
  const dark = 'alertWhileDark == 100%';
  expect(observed({ letters, shown: [4_000, 9_000] }, dark)).toEqual(['pass 100%']);
  expect(observed({ letters, shown: [2_000.5, 9_000] }, dark)).toEqual(['pass 100%']);
  expect(observed({ shown: [4_000, 9_000] }, dark)).toEqual(['fail 0%']);
});

it('an alert is cleared when it is gone, from its end', () => {
  expect(observed({ shown: [3_000, 9_200] }, 'max(alertCleared) <= 1.4s')[0]).toMatch(/^pass 1\.2/);
  expect(observed({ shown: [3_000] }, 'max(alertCleared) <= 3s')[0]).toMatch(/^fail/);
});

describe('what became of an alert on one screen', () => {
  const alertOf = (history: History) => judge(history).viewers[0]?.alerts?.[0];
  const blind = (from: number) => {
    const before = 'p'.repeat(from);
    return `${before}${'.'.repeat(10)}${'p'.repeat(50 - from)}`;
  };

  it('is unseen where nobody could look while it was to be shown, not after its end', () => {
    const reached = (letters: string) => alertOf(played({ letters }))?.reached;
    expect([blind(20), blind(45)].map(reached)).toEqual(['unseen', 'no']);
  });

  it('says how long it stayed of nobody who was not shown it, or left before its end', () => {
    expect(alertOf(played({}))).not.toHaveProperty('clearedMs');
    const stays = { shown: [3_000, 9_000], alert: { endMs: 12_000 } };
    expect(alertOf(played(stays))).not.toHaveProperty('clearedMs');
  });

  it('is gone when it is, whatever another one does', () => {
    const history = played({ shown: [3_000, 8_200] });
    const other = { type: 'viewer', viewer: 'v1', alert: { ...SIGN, number: 2 } } as const;
    const records: readonly HistoryRecord[] = [
      ...history.records,
      { ...other, event: 'alert-over', atMs: 3_500 },
      { ...other, event: 'alert', atMs: 9_000 },
      { ...other, event: 'alert-over', atMs: 11_000 },
    ];
    const seen = alertOf({ ...history, records: records.toSorted((a, b) => a.atMs - b.atMs) });
    expect(seen).toMatchObject({ clearedMs: 200, cleared: true });
  });
});

describe('findings', () => {
  it.each([
    ['an exercise shown as real', { alert: { exercise: true } }, 'alert-exercise fail'],
    ['another text', { sign: { textSum: 1 } }, 'alert-text fail'],
    ['an alert that nobody issued', { sign: { number: 2 } }, 'alert-unknown fail'],
    [
      'another area',
      { alert: { areas: ['rouen'] }, viewer: { area: 'lyon' } },
      'alert-wrong-area fail',
    ],
  ])('tell %s', (_, wish, finding) => {
    const shown = [3_000, 9_000];
    expect(rulesOf({ ...wish, shown })).toContain(finding);
    expect(rulesOf({ shown })).not.toContain(finding);
    const [rule] = finding.split(' ');
    const told = judge(played({ ...wish, shown })).findings.find((one) => one.rule === rule);
    expect(told?.text).toMatch(/^v1: shown /);
    expect(told?.atMs).toBe(3_000);
  });

  it('tell an alert that begins again long after its end', () => {
    const letters = 'p'.repeat(250);
    const again = { letters, shown: [3_000, 9_000, 45_000, 46_000] };
    expect(rulesOf(again)).toContain('alert-again fail');
    expect(rulesOf({ letters, shown: [3_000, 9_000, 9_500, 10_000] })).not.toContain(
      'alert-again fail',
    );
  });

  it('name each message that was never issued, and each stage that was not told', () => {
    const alert = { updates: [{ atMs: 5_000, text: 'Go' }] };
    const saidOf = (wish: Case) =>
      judge(played(wish)).findings.flatMap(({ rule, text, verdict }) =>
        rule.startsWith('alert-not') ? [`${verdict} ${text}`] : [],
      );
    expect(saidOf({ alert, issued: 'nothing' })).toEqual([
      'inconclusive flood: message 1 was never issued',
      'inconclusive flood: message 2 was never issued',
    ]);
    const { records, ...rest } = played({ alert });
    const first = records.filter((one) => one.type !== 'alert' || one.revision !== 2);
    expect(judge({ ...rest, records: first }).findings).toContainEqual(
      expect.objectContaining({ text: 'flood: message 2 was never issued' }),
    );
    expect(saidOf({ issued: { error: 'no answer' } })).toEqual([
      'pass flood: no answer',
      'pass flood: no answer',
    ]);
    expect(saidOf({ alert })).toEqual([]);
  });

  it('say that no law gives seconds, and nothing where there is no alert', () => {
    expect(rulesOf({})).toContain('alert-deadline pass');
    expect(rulesOf({})).not.toContain('alert-no-radio pass');
    const imitated = { alert: { carriages: ['cell-no-radio'] } };
    expect(rulesOf(imitated)).toContain('alert-no-radio pass');
    expect(rulesOf({}).join()).not.toContain('alert-not-issued');
  });
});
