// Alerts on screens: how late, how many, over what, and how long after the end; and what must never be.

import { describe, expect, it } from 'vitest';
import { sumText } from '../../../harness/model/alertStrip.ts';
import type { History, HistoryRecord, ViewerDescription } from '../../../harness/model/history.ts';
import type { Alert, ShownAlert } from '../../../harness/model/alert.ts';
import { alertFindings } from '../../../harness/measure/alertFindings.ts';
import {
  alertsOn,
  alertSpans,
  messagesIn,
  type AlertSpan,
} from '../../../harness/measure/alerts.ts';
import type { Screen } from '../../../harness/measure/classify.ts';
import type { SeenViewer } from '../../../harness/measure/viewers.ts';
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

  it('do not take an update for the message before it', () => {
    const alert = { updates: [{ atMs: 5_000, text: 'Go' }] };
    const sign = { revision: 2, textSum: sumText('Go') };
    expect(rulesOf({ alert, sign, shown: [6_000, 9_000] })).not.toContain('alert-text fail');
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

describe('a message on the screen of a viewer who was there from 1 s to 9 s', () => {
  const of = (name: 'programme' | 'unmeasured' | 'black', fromMs: number, toMs: number) => ({
    class: name,
    fromMs,
    toMs,
  });
  const spans = [
    of('programme', 1000, 4000),
    of('unmeasured', 4000, 5000),
    of('black', 5000, 6000),
    of('programme', 6000, 9000),
  ];
  const screen = { joinMs: 1000, leaveMs: 9000, spans } as unknown as Screen;
  const MESSAGE = {
    alert: 'flood',
    number: 1,
    revision: 1,
    exercise: false,
    textSum: 1,
    areas: [] as readonly string[],
    issuedMs: 2000,
    endMs: 8000,
  };
  const shown = (fromMs: number, toMs: number, sign: Partial<ShownAlert> = {}): AlertSpan => ({
    fromMs,
    toMs,
    sign: { ...SIGN, ...sign },
  });
  const told = (changes: Partial<typeof MESSAGE>, ...on: readonly AlertSpan[]) =>
    alertsOn(viewerOf({ area: 'lyon' }), screen, {
      messages: [{ ...MESSAGE, ...changes }],
      spans: on,
    });
  const head = { alert: 'flood', revision: 1 };

  it.each([
    ['unseen', 2000, {}],
    ['unseen', 0, { issuedMs: 4500 }],
    ['no', 4000, { issuedMs: 5000 }],
    ['unseen', 2000, { endMs: 4001 }],
    ['no', 7000, { endMs: 4000 }],
    ['unseen', 3000, { issuedMs: 500 }],
  ] as const)('that it did not show is %s after %i ms: %j', (reached, delayMs, changes) => {
    expect(told(changes)).toEqual([{ ...head, reached, delayMs, dark: false }]);
  });

  it.each([
    [{ delayMs: 1000, dark: false, clearedMs: 500, cleared: true }, [shown(3000, 8500)]],
    [{ delayMs: 0, dark: false, clearedMs: 500, cleared: true }, [shown(500, 8500)]],
    [{ delayMs: 3500, dark: true, clearedMs: 0, cleared: true }, [shown(5500, 7000)]],
    [{ delayMs: 4000, dark: false, clearedMs: 0, cleared: true }, [shown(6000, 7000)]],
    [{ delayMs: 3999, dark: true, clearedMs: 1000, cleared: false }, [shown(5999, 9000)]],
    [{ delayMs: 5999, dark: false, clearedMs: 500, cleared: true }, [shown(7999, 8500)]],
    [
      { delayMs: 500, dark: false, clearedMs: 700, cleared: true },
      [shown(2500, 3000, { revision: 2 }), shown(6000, 8700), shown(6500, 7000)],
    ],
    [
      { delayMs: 0, dark: false, clearedMs: 0, cleared: true },
      [shown(1500, 2001), shown(6000, 6500)],
    ],
  ])('that it showed is told: %j', (found, on) => {
    expect(told({}, ...on)).toEqual([{ ...head, reached: 'yes', ...found }]);
  });

  it.each([
    ['of another alert', [shown(3000, 8500, { number: 2 })], {}],
    [
      'of an older message',
      [shown(3000, 8500, { revision: 0 })],
      { clearedMs: 500, cleared: true },
    ],
    ['over when it was issued', [shown(1000, 2000)], { clearedMs: 0, cleared: true }],
    ['shown from its end on', [shown(8000, 8500)], { clearedMs: 500, cleared: true }],
  ])('is not reached by one %s', (_, on, cleared) => {
    expect(told({}, ...on)).toEqual([
      { ...head, reached: 'unseen', delayMs: 2000, dark: false, ...cleared },
    ]);
  });

  it('is not known to be gone where the viewer left before its end', () => {
    const [left] = told({ endMs: 9000 }, shown(3000, 8500));
    expect(left).toEqual({ ...head, reached: 'yes', delayMs: 1000, dark: false });
    expect(told({ endMs: 8999 }, shown(3000, 8500))[0]).toMatchObject({ cleared: true });
  });

  it.each([
    [0, { endMs: 1000 }],
    [1, { endMs: 1001 }],
    [0, { issuedMs: 9000 }],
    [1, { issuedMs: 8999 }],
    [0, { areas: ['rouen'] }],
    [1, { areas: ['rouen', 'lyon'] }],
  ])('concerns it (%i) while it was there and lives there: %j', (count, changes) => {
    expect(told(changes)).toHaveLength(count);
  });

  it('is in one piece from its beginning to the end of the very same', () => {
    const event = (name: 'alert' | 'alert-over' | 'playing', atMs: number, sign = SIGN) =>
      ({ type: 'viewer', viewer: 'v1', event: name, atMs, alert: sign }) as const;
    const others = (['number', 'revision', 'textSum'] as const).map((key, i) =>
      event('alert-over', 200 + i, { ...SIGN, [key]: 7 }),
    );
    const byText = event('alert-over', 300, { ...SIGN, by: 'text' as never });
    const over = event('alert-over', 400);
    const bare = { type: 'viewer', viewer: 'v1', event: 'alert-over', atMs: 350 } as const;
    const spansOf = (...more: Parameters<typeof alertSpans>[0]) =>
      alertSpans([event('playing', 50), event('alert', 100), ...more], 900);
    expect(spansOf(...others, byText, bare, over, event('alert-over', 500))).toEqual([
      { sign: SIGN, fromMs: 100, toMs: 400 },
    ]);
    expect(spansOf(...others, byText)).toEqual([{ sign: SIGN, fromMs: 100, toMs: 900 }]);
    expect(spansOf(event('playing', 200))[0]?.toMs).toBe(900);
  });

  it('was issued as it stands in the scenario, with each update, until the alert was ended', () => {
    const alert = { areas: ['lyon'], updates: [{ atMs: 5_000, text: 'Go' }] };
    const message = { alert: 'flood', number: 1, areas: ['lyon'], exercise: false, endMs: 8_000 };
    const all = [
      { ...message, revision: 1, textSum: sumText('Stay'), issuedMs: 2_000 },
      { ...message, revision: 2, textSum: sumText('Go'), issuedMs: 5_000 },
    ];
    const { records, ...rest } = played({ alert });
    expect(messagesIn({ ...rest, records })).toEqual(all);
    const open = records.filter((one) => one.type !== 'alert' || one.does !== 'end');
    expect(messagesIn({ ...rest, records: open })).toEqual(
      all.map((one) => ({ ...one, endMs: Infinity })),
    );
    const other = { ...rest.run.plan.scenario.alerts![0]!, id: 'fire' };
    const scenario = { ...rest.run.plan.scenario, alerts: [other] };
    const run = { ...rest.run, plan: { ...rest.run.plan, scenario } };
    expect(messagesIn({ ...rest, run, records })).toEqual([]);
  });

  it('is shown again where it begins more than half a minute after its end', () => {
    const history = played({});
    const rulesAt = (...begins: readonly number[]) => {
      const on = begins.map((fromMs) => shown(fromMs, fromMs + 500));
      const seen = [{ result: { id: 'v1' }, alertSpans: on } as unknown as SeenViewer];
      return alertFindings(history, seen).filter(({ verdict }) => verdict === 'fail');
    };
    expect(rulesAt(38_000)).toEqual([]);
    expect(rulesAt(50_000.4, 38_000.6)).toEqual([
      {
        rule: 'alert-again',
        verdict: 'fail',
        atMs: 38_001,
        text: 'v1: shown an alert again after it was over',
      },
    ]);
  });
});
