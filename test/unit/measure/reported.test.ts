// Says of whom a figure of a report is, and what is said where it is known of some alone.

import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { findKnownLosses } from '../../../harness/measure/knownLosses.ts';
import { alertDelay } from '../../../harness/measure/metrics/alerts.ts';
import { LOSSES, timeToRecover } from '../../../harness/measure/metrics/viewer.ts';
import { binned, storeBins } from '../../../harness/model/bins.ts';
import type { HistoryRecord, PopulationRecord } from '../../../harness/model/history.ts';
import type { ViewerResult } from '../../../harness/model/report.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { readDesign } from '../../support/designs.ts';
import { historyOf, strip, stripRecords, viewerOf } from '../../support/strip.ts';

const bins = (...values: readonly (readonly [value: number, weight: number])[]) =>
  storeBins(binned(values.map(([value, weight]) => ({ value, weight }))));

const cohort = (changes: Partial<PopulationRecord> = {}): PopulationRecord => ({
  type: 'population',
  atMs: 3000,
  cohort: 'boxes',
  channel: 'one',
  player: 'box',
  weight: 1000,
  bins: { blackScreen: bins([0, 700], [4200, 300]), programmeLoss: bins([0, 700], [4300, 300]) },
  curve: [0, 300],
  ...changes,
});

/** A report of one viewer who lost nothing, and these cohorts. */
function withCohorts(cohorts: readonly PopulationRecord[], ...texts: readonly string[]) {
  const expectations = texts.map((text) => parseExpectation(text).expectation!);
  const screen = stripRecords('p'.repeat(20), { stepMs: 200 });
  return judge(
    historyOf({ viewers: [viewerOf()], records: [...screen, ...cohorts], expectations }),
  );
}

const verdicts = (...args: Parameters<typeof withCohorts>) =>
  withCohorts(...args).expectations.map(({ verdict, observed, reason }) => [
    verdict,
    reason ?? observed,
  ]);

describe('a cohort beside a viewer', () => {
  const [back, gone] = [bins([900, 1000]), bins([Infinity, 1000])];
  const returning = (timeToRecoverBins: ReturnType<typeof bins>) =>
    cohort({ bins: { ...cohort().bins, timeToRecover: timeToRecoverBins } });

  it('counts in what was black, what was lost, and the most of each', () => {
    const { audience, cohorts } = withCohorts([cohort()]);
    expect(audience.blackScreenMs).toMatchObject({ count: 1001, max: 4200 });
    expect(audience.programmeLossMs).toMatchObject({ count: 1001, max: 4300 });
    expect(audience.atMost).toMatchObject({
      blackScreenMs: { max: 4200 },
      programmeLossMs: { max: 4300 },
      amplification: undefined,
      viewerMinutesBlack: 21,
    });
    expect(audience.viewerMinutesBlack).toBe(21);
    expect(cohorts).toMatchObject([{ cohort: 'boxes', blackScreenMs: { max: 4200 } }]);
  });

  it('is not known to be back where its bins do not tell', () => {
    const unseen = (population: PopulationRecord) =>
      withCohorts([population]).audience.recoveryUnseen;
    expect([unseen(cohort()), unseen(returning(back)), unseen(returning(gone))]).toEqual([
      1000, 0, 0,
    ]);
  });

  it('makes a figure unknown that it does not tell, whatever the viewer had', () => {
    expect(verdicts([cohort()], 'max(latency) <= 9s')).toEqual([
      ['inconclusive', 'the latency of boxes is not known'],
    ]);
  });

  it('brings its channel back unless all of it is gone, and perhaps where nobody knows', () => {
    const share = (population: PopulationRecord) =>
      verdicts([{ ...population, channel: 'two' }], 'channelsRestored == 100%')[0]?.[0];
    expect([share(returning(back)), share(returning(gone)), share(cohort())]).toEqual([
      'pass',
      'fail',
      'inconclusive',
    ]);
  });

  it('is asked by the name of its group', () => {
    const others = cohort({ cohort: 'sets/one', bins: { blackScreen: bins([9000, 1000]) } });
    const cohorts = [cohort({ cohort: 'boxes/one' }), others];
    expect(
      verdicts(cohorts, 'max(blackScreen) of boxes <= 5s', 'max(blackScreen) of sets <= 5s'),
    ).toEqual([
      ['pass', '4.200s'],
      ['fail', '9s'],
    ]);
  });
});

describe('a metric of one viewer', () => {
  const viewer = (changes: object) =>
    judge(strip('ppbbpp', 500)).viewers.map((one) => ({ ...one, ...changes }))[0]!;

  it('lies between what was seen and all that nobody saw', () => {
    const black = LOSSES.find(({ name }) => name === 'black')!;
    const { ledger } = viewer({});
    const some = viewer({ ledger: { ...ledger, black: 1000, unmeasured: 300 } });
    expect(black.bounds(some, 0)).toEqual({ low: 1000, high: 1300 });
  });

  it('asks nothing of who left, and has no end for who is not back', () => {
    const recovery = (is: ViewerResult['recovery'], recovered = false) =>
      timeToRecover.bounds(viewer({ recovery: is, recovered }), 0);
    expect(recovery('left')).toBeUndefined();
    expect(recovery('not-recovered')).toEqual({ low: Infinity, high: Infinity });
    expect(recovery('unseen')).toEqual({ low: 0, high: Infinity });
  });

  it('is no share of a cut where there was none', () => {
    const { amplification, atMost } = viewer({});
    expect([amplification, atMost.amplification]).toEqual([undefined, undefined]);
  });

  it('waits for the last of its alerts, and for ever for one that did not come', () => {
    const delays = (...alerts: readonly (readonly [reached: 'yes' | 'no', delayMs: number])[]) =>
      alertDelay.bounds(
        viewer({ alerts: alerts.map(([reached, delayMs]) => ({ reached, delayMs })) }),
        0,
      );
    expect(delays(['yes', 300], ['yes', 100])).toEqual({ low: 300, high: 300 });
    expect(delays(['no', 50], ['yes', 100])).toEqual({ low: 100, high: Infinity });
    expect(delays()).toBeUndefined();
  });
});

it('phases follow each other to the end of the run', () => {
  const phase = (name: 'steady' | 'recover', atMs: number): HistoryRecord => ({
    type: 'phase',
    phase: name,
    atMs,
  });
  const records = [...stripRecords('p'.repeat(10), { stepMs: 500 }), phase('recover', 2999.6)];
  expect(judge(historyOf({ viewers: [viewerOf()], records })).phases).toEqual([
    { phase: 'disrupt', fromMs: 0, toMs: 3000 },
    { phase: 'recover', fromMs: 3000, toMs: 5000 },
  ]);
});

it('a report has no part about what the run did not have', () => {
  const names = Object.keys(judge(strip('pppp', 500)));
  for (const part of ['beside', 'groups', 'cohorts', 'tail', 'loads', 'borders', 'interfaces'])
    expect(names).not.toContain(part);
  const [viewer] = judge(strip('pppp', 500)).viewers;
  for (const part of ['box', 'cmcd', 'sound', 'alerts', 'playerErrors', 'worker', 'weight'])
    expect(Object.keys(viewer!)).not.toContain(part);
});

it('a report has what stages were asked for', () => {
  const load = { stage: 'origin', requests: 9, peakPerS: 4, peakAtMs: 500, perMinute: [9] };
  const records = [...stripRecords('pppp', { stepMs: 500 }), { type: 'load', atMs: 1000, ...load }];
  const { loads } = judge(
    historyOf({ viewers: [viewerOf()], records: records as readonly HistoryRecord[] }),
  );
  expect(loads).toEqual([{ ...load, capacityPerS: undefined, refused: undefined }]);
});

it('a report names the players that a run was asked for instead of those of its scenario', () => {
  const scenario = { otherPlayer: 'shaka' } as const;
  const run = (given: object) =>
    judge(
      historyOf({
        viewers: [viewerOf()],
        records: stripRecords('pppp', { stepMs: 500 }),
        scenario: given,
      }),
    ).run;
  expect(run(scenario)).toMatchObject(scenario);
  expect(run({})).not.toHaveProperty('otherPlayer');
});

it('imitated viewers stand beside the audience of a report', () => {
  const viewers = [viewerOf(), viewerOf({ id: 'v2', imitates: 'hls.js' })];
  const records = viewers.flatMap((viewer) => stripRecords('pppp', { stepMs: 500, viewer }));
  const error = { type: 'viewer', viewer: 'v2', event: 'error', atMs: 900 } as const;
  const report = judge(historyOf({ viewers, records: [...records, error] }));
  const { beside, viewers: own } = report;
  expect(report).not.toHaveProperty('playerErrors');
  expect([own, beside].map((all) => all?.map(({ id }) => id))).toEqual([['v1'], ['v2']]);
});

it('unmeasured time is said as a share of all', () => {
  const letters = `${'p'.repeat(30)}${'.'.repeat(10)}${'p'.repeat(10)}`;
  const { findings, viewers } = judge(strip(letters, 100));
  const share = viewers[0]!.ledger.unmeasured / viewers[0]!.sessionMs;
  expect(share).toBeGreaterThan(0.1);
  expect(findings.find(({ rule }) => rule === 'unmeasured')?.text).toMatch(
    new RegExp(`^${(share * 100).toFixed(1).replace('.', '\\.')}% of`),
  );
});

it('known losses are those that a transcoder of a channel noted', () => {
  const design = readDesign('single-access');
  const startedAtEpochMs = historyOf({ viewers: [], records: [] }).run.startedAtEpochMs;
  const [first, last] = [startedAtEpochMs + 4000, startedAtEpochMs + 4960];
  const note = (changes: object): HistoryRecord => ({
    type: 'stage',
    stage: 'transcoder.one',
    event: 'note',
    detail: `filled with black: 25 frames, first at ${first}, last at ${last}`,
    atMs: 5000,
    ...changes,
  });
  const records = [
    note({}),
    note({ stage: 'origin' }),
    note({ detail: 'filled with slate: 25 frames, first at 1, last at 2' }),
    note({ event: 'error' }),
    { ...note({}), type: 'stats', counters: [] } as unknown as HistoryRecord,
  ];
  const { run } = historyOf({ viewers: [], records: [], scenario: { design } });
  expect(findKnownLosses({ run, records })).toEqual([
    { kind: 'black', channel: 'one', frames: 25, lengthMs: 1000, putOutAtMs: 4000 },
  ]);
});

it('windows of a report are at the times of the run, from the disrupt phase on', () => {
  const work = { atMs: 4000, forMs: 2000 };
  const window = { name: 'night', owner: 'us', announcedFromMs: 2000, announcedForMs: 6000, work };
  const { run } = historyOf({ viewers: [], records: [], scenario: { windows: [window] as never } });
  const records: readonly HistoryRecord[] = [
    { type: 'phase', phase: 'disrupt', atMs: 1000 },
    { type: 'screenshot', moment: 'during', atMs: 1500.4, file: 'worst.png' },
  ];
  const compressed = { ...run, plan: { ...run.plan, compress: 2 } };
  const report = judge({ run: compressed, records, truncated: false });
  expect(report.windows).toEqual([
    {
      name: 'night',
      owner: 'us',
      announcedFromMs: 2000,
      announcedToMs: 5000,
      workFromMs: 3000,
      workToMs: 4000,
    },
  ]);
  expect(report.screenshots).toEqual([{ moment: 'during', atMs: 1500, file: 'worst.png' }]);
  expect(judge({ run, records: [], truncated: false }).windows).toEqual([]);
});
