// Tests the figures of an agreement, and what simulated reports say of it.

import { describe, expect, test } from 'vitest';
import {
  AGREEMENT_VERSION,
  type AgreementCase,
  type Measured,
  type SeenCase,
} from '../../../harness/model/agreement.ts';
import { MEASURED_FILE, readMeasured } from '../../../harness/rehearsal/measured.ts';
import {
  agreementSentence,
  judgeAgreements,
  makeAgreementReport,
} from '../../../harness/simulate/agreement.ts';
import {
  renderAgreementConsole,
  renderAgreementMarkdown,
  renderAgreementMetrics,
} from '../../../reports/agreement.ts';

const seen = (stalled: number, more: Partial<SeenCase> = {}): SeenCase => ({
  outcome: 'came back',
  lost: { stalled, filler: 0, dead: 0, starting: 0 },
  unmeasuredMs: 0,
  requests: 20,
  ...more,
});

const caseOf = (name: string, real: SeenCase, virtual: SeenCase): AgreementCase => ({
  name,
  player: 'hls.js',
  real,
  virtual,
});

const measuredOf = (cases: readonly AgreementCase[], scenario = 'mine'): Measured => ({
  version: AGREEMENT_VERSION,
  madeAt: '2026-11-28T12:00:00Z',
  harness: '0.1.0',
  players: { 'hls.js': '1.7.4' },
  runs: [
    {
      scenario,
      file: 'mine.yaml',
      seed: 1,
      playedAt: '2026-11-28T11:00:00Z',
      browser: 'Chromium 156',
      times: { joinPhaseMs: 0, startUpMs: 0, steadyMs: 4000, watchedMs: 40_000 },
      cases,
    },
  ],
});

const TEN = Array.from({ length: 10 }, (_, i) =>
  caseOf(`case ${i}`, seen(5000), seen(5000 + (i % 2 === 0 ? 100 : -100))),
);

describe('the figures of a comparison', () => {
  test('are bias, mean size and the worst by name', () => {
    const cases = [
      caseOf('a', seen(1000), seen(1300)),
      caseOf('b', seen(1000), seen(500, { outcome: 'reloaded', requests: 30 })),
      caseOf('c', seen(1000), seen(1200)),
    ];
    const [table] = judgeAgreements(measuredOf(cases));
    expect(table).toMatchObject({ player: 'hls.js', cases: 3, equalOutcomes: 2 / 3 });
    expect(table!.losses.stalled).toEqual({
      bias: 0,
      meanAbsolute: 333,
      worst: -500,
      worstCase: 'b',
    });
    expect(table!.matrix['came back']).toMatchObject({ 'came back': 2, reloaded: 1 });
    expect(table!.requests).toEqual({ inAll: 70 / 60, median: 1 });
  });

  test('leave out what the real run did not see, and what constants were taken from', () => {
    const blind = caseOf('blind', seen(0, { unmeasuredMs: 5000 }), seen(9000));
    expect(judgeAgreements(measuredOf([...TEN, blind]))[0]).toMatchObject({
      cases: 10,
      leftOut: 1,
    });
    expect(judgeAgreements(measuredOf(TEN, 'agreement-links-1'))).toEqual([]);
  });

  test('call equivalent only what is within the margin with confidence', () => {
    expect(judgeAgreements(measuredOf(TEN))[0]!.equivalence).toMatchObject({ holds: true });
    const off = TEN.map((one) => ({ ...one, virtual: seen(5600) }));
    expect(judgeAgreements(measuredOf(off))[0]!.equivalence).toMatchObject({ holds: false });
    const wide = TEN.map((one, i) => ({ ...one, virtual: seen(i % 2 === 0 ? 9000 : 1000) }));
    expect(judgeAgreements(measuredOf(wide))[0]!.equivalence).toMatchObject({ holds: false });
    expect(judgeAgreements(measuredOf(TEN.slice(0, 2)))[0]!.equivalence.holds).toBe(false);
  });
});

describe('a simulated report says', () => {
  const played = (version: string, harness = '0.1.0') => ({
    harness,
    players: { 'hls.js': version },
  });

  test('how far off it is', () => {
    expect(agreementSentence(played('1.7.4'), measuredOf(TEN))).toMatch(
      /^Held against hls.js 1.7.4 in a real browser on 2026-11-28, in 10 cases: 100 % of .*; shown to be equivalent within 0.5 s.$/,
    );
  });

  test('that nobody compared this player, or this version of it', () => {
    expect(agreementSentence(played('1.7.4'))).toContain('hls.js 1.7.4 was not compared.');
    expect(agreementSentence(played('1.8.0'), measuredOf(TEN))).toContain(
      'hls.js 1.8.0 was not compared, 1.7.4 was.',
    );
  });

  test('that the comparison is of another version of this product', () => {
    expect(agreementSentence(played('1.7.4', '0.2.0'), measuredOf(TEN))).toContain(
      'The comparison is stale: it was made with version 0.1.0',
    );
  });
});

test('every output of a comparison names the player, the error and the worst case', () => {
  const cases = [...TEN, caseOf('odd one', seen(1000), seen(4000))];
  const report = makeAgreementReport(measuredOf(cases));
  const terminal = { columns: 100, colours: false };
  for (const text of [renderAgreementConsole(report, terminal), renderAgreementMarkdown(report)])
    expect(text).toMatch(/hls\.js 1\.7\.4[^]*\+3\.00s[^]*odd one/);
  const metrics = renderAgreementMetrics(report);
  expect(metrics).toContain(
    'ecran_noir_agreement_worst_seconds{harness="0.1.0",player="hls.js",version="1.7.4",loss="stalled"} 3\n',
  );
  expect(metrics.trimEnd()).toMatch(/# EOF$/);
});

test('the package carries forty cases or more, measured with the player that it plays', () => {
  const measured = readMeasured(MEASURED_FILE);
  const cases = measured!.runs.flatMap(({ cases: of }) => of);
  expect(cases.length).toBeGreaterThanOrEqual(40);
  const { equalOutcomes, requests, equivalence } = judgeAgreements(measured!)[0]!;
  expect(equalOutcomes).toBeGreaterThanOrEqual(0.9);
  expect(Math.abs(requests!.inAll - 1)).toBeLessThanOrEqual(0.05);
  expect(equivalence.holds).toBe(true);
});
