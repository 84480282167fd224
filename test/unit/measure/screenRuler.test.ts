// The two rulers held against each other on screens made of letters and a recording made of numbers.

import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { readScreenRuler } from '../../../harness/measure/screenRuler.ts';
import type { Report } from '../../../harness/model/report.ts';
import type { SeenSpan, Sighting } from '../../../harness/model/screenRuler.ts';
import { strip } from '../../support/strip.ts';

const PERIOD_MS = 16;
const FRAME_MS = 40;

/** One viewer whose screen the letters tell, a tenth of a second each, in the disrupt phase. */
function reportOf(letters: string): Report {
  const report = judge(strip(letters, 100));
  const endMs = letters.length * 100;
  return { ...report, findings: [], phases: [{ phase: 'disrupt', fromMs: 0, toMs: endMs }] };
}

function sightingOf(spans: readonly SeenSpan[], changes: Partial<Sighting> = {}): Sighting {
  return {
    fromMs: 0,
    toMs: 20_000,
    periodMs: PERIOD_MS,
    gaps: [],
    clockLagsMs: [20, 24, 28],
    tiles: [{ viewer: 'v1', spans }],
    ...changes,
  };
}

const read = (letters: string, spans: readonly SeenSpan[], changes: Partial<Sighting> = {}) =>
  readScreenRuler({
    report: reportOf(letters),
    sighting: sightingOf(spans, changes),
    frameMs: FRAME_MS,
  });

/** Black from 1.0 s to 2.0 s, as the judge tells it. */
const BLACK = `${'p'.repeat(10)}${'b'.repeat(10)}${'p'.repeat(30)}`;
const blackFrom = (fromMs: number, toMs: number): SeenSpan => ({ look: 'black', fromMs, toMs });
const errorOf = (reading: ReturnType<typeof read>, edge: string) =>
  reading.errors.find((error) => error.as === 'all' && error.edge === edge)?.biasMs;

describe('the ruler against the screen', () => {
  it('compares onset and end, each half a sample before it was recorded', () => {
    const reading = read(BLACK, [blackFrom(1_020, 1_990)]);
    expect(reading.samples).toHaveLength(1);
    expect(errorOf(reading, 'onset')).toBe(-12);
    expect(errorOf(reading, 'end')).toBe(18);
    expect(errorOf(reading, 'length')).toBe(30);
    expect(reading).toMatchObject({ verdict: 'pass', seen: 1, detectionRate: 1, marginMs: 30 });
  });

  it('says all of this of two losses that both saw, and one that the recording saw alone', () => {
    const letters = `${BLACK.slice(0, 30)}${'f'.repeat(10)}${'p'.repeat(30)}`;
    const { samples, errors, ...reading } = read(letters, [
      blackFrom(1_020, 1_990),
      { look: 'still', fromMs: 2_990, toMs: 4_002 },
      blackFrom(5_000, 5_300),
    ]);
    const edges = (fromMs: number, toMs: number) => ({ fromMs, toMs });
    expect(samples).toEqual([
      {
        viewer: 'v1',
        as: 'black',
        outcome: 'seen',
        measured: edges(1_000, 2_000),
        recorded: edges(1_012, 1_982),
      },
      {
        viewer: 'v1',
        as: 'frozen',
        outcome: 'seen',
        measured: edges(3_000, 4_000),
        recorded: edges(3_022, 3_994),
      },
      { viewer: 'v1', as: 'black', outcome: 'missed', recorded: edges(4_992, 5_292) },
    ]);
    const one = (as: string, edge: string, ms: number) => {
      const size = Math.abs(ms);
      return { as, edge, count: 1, biasMs: ms, p50Ms: size, p95Ms: size, worstMs: ms };
    };
    expect(errors).toEqual([
      ...[one('black', 'onset', -12), one('black', 'end', 18), one('black', 'length', 30)],
      ...[one('frozen', 'onset', -22), one('frozen', 'end', 6), one('frozen', 'length', 28)],
      { as: 'all', edge: 'onset', count: 2, biasMs: -17, p50Ms: 17, p95Ms: 21.5, worstMs: -22 },
      { as: 'all', edge: 'end', count: 2, biasMs: 12, p50Ms: 12, p95Ms: 17.4, worstMs: 18 },
      { as: 'all', edge: 'length', count: 2, biasMs: 29, p50Ms: 29, p95Ms: 29.9, worstMs: 30 },
    ]);
    expect(reading).toEqual({
      verdict: 'fail',
      reasons: ['1 losses of 200 ms or more were not reported'],
      viewers: 1,
      seen: 2,
      missed: 1,
      unmeasured: 0,
      blindRecording: 0,
      marginMs: 30,
      detectionRate: 0.667,
      falseInterruptions: 0,
      falsePerHour: 0,
      watchedMs: 7_000,
      recording: { samplesPerSecond: 62.5, blindMs: 0, clockLagMs: { p50: 24, p95: 27.6 } },
      controlLostMs: 0,
    });
  });

  it('does not let two edges that are off alike hide behind a length that is right', () => {
    const reading = read(BLACK, [blackFrom(1_108, 2_108)]);
    expect(errorOf(reading, 'length')).toBe(0);
    expect(reading.verdict).toBe('fail');
    expect(reading.reasons).toEqual([
      'onset: p95 is 100 ms, 40 ms are allowed',
      'end: p95 is 100 ms, 40 ms are allowed',
    ]);
  });

  it('calls a loss of the screen that is not reported missed', () => {
    const reading = read('p'.repeat(50), [blackFrom(1_000, 1_300)]);
    expect(reading).toMatchObject({ verdict: 'fail', seen: 0, missed: 1, detectionRate: 0 });
    expect(read('p'.repeat(50), [blackFrom(1_000, 1_150)]).missed).toBe(0);
    const both = read(BLACK, [blackFrom(1_008, 2_008), blackFrom(3_000, 3_300)]);
    expect(both).toMatchObject({ seen: 1, missed: 1, detectionRate: 0.5 });
  });

  it('makes nothing of what either of them alone saw for less than an interruption', () => {
    const glitch = `${'p'.repeat(10)}b${'p'.repeat(30)}`;
    expect(read(glitch, []).samples).toEqual([]);
    expect(read('p'.repeat(50), [blackFrom(1_000, 1_199)]).samples).toEqual([]);
    expect(read('p'.repeat(50), [blackFrom(1_000, 1_200)]).samples).toMatchObject([
      { outcome: 'missed', as: 'black' },
    ]);
  });

  it('counts no error of what only one of them saw', () => {
    const reading = read(BLACK, [blackFrom(1_008, 2_008), blackFrom(3_000, 3_300)]);
    expect(reading.errors.map(({ count }) => count)).toEqual(Array(6).fill(1));
  });

  it('calls a reported loss that no screen showed false, and counts it by the hour', () => {
    const reading = read(BLACK, []);
    expect(reading).toMatchObject({ verdict: 'fail', falseInterruptions: 1, watchedMs: 5_000 });
    expect(reading.falsePerHour).toBe(720);
  });

  it('counts a picture that stands from when the next one was due', () => {
    const frozen = `${'p'.repeat(10)}${'f'.repeat(10)}${'p'.repeat(30)}`;
    const reportedMs = reportOf(frozen).viewers[0]?.interruptions[0]?.fromMs ?? 0;
    const still: SeenSpan = { look: 'still', fromMs: reportedMs - FRAME_MS + 8, toMs: 2_008 };
    expect(errorOf(read(frozen, [still]), 'onset')).toBe(0);
  });

  it('takes a standing picture that turns black for one loss', () => {
    const reading = read(BLACK, [
      { look: 'still', fromMs: 960, toMs: 1_500 },
      blackFrom(1_500, 2_008),
    ]);
    expect(reading.seen).toBe(1);
    expect(errorOf(reading, 'end')).toBe(0);
  });

  it('does not take a short standing picture that only one saw for the beginning of a black', () => {
    const beside = `${'p'.repeat(8)}${'f'.repeat(1)}${'p'.repeat(1)}${'b'.repeat(10)}${'p'.repeat(30)}`;
    const reading = read(beside, [blackFrom(1_008, 2_008)]);
    expect(reading.seen).toBe(1);
    expect(errorOf(reading, 'onset')).toBe(0);
  });

  it('takes a picture that hardly stood for no loss, and a black as short for one', () => {
    // Its successor was due at 888 ms and came 120 ms later.
    const hardly: SeenSpan = { look: 'still', fromMs: 848, toMs: 1_008 };
    const reading = read(BLACK, [hardly, blackFrom(1_008, 2_008)]);
    expect(errorOf(reading, 'onset')).toBe(0);
    const short = `${'p'.repeat(10)}b${'p'.repeat(30)}`;
    expect(read(short, [blackFrom(1_008, 1_108)]).seen).toBe(1);
  });

  it('says nothing of an edge beside a moment in which no sample was taken', () => {
    const gaps = [{ fromMs: 1_960, toMs: 2_060 }];
    const reading = read(BLACK, [blackFrom(1_000, 2_060)], { gaps });
    expect(reading).toMatchObject({ unmeasured: 1, seen: 0, missed: 0, falseInterruptions: 0 });
    expect(reading.verdict).toBe('inconclusive');
  });

  it.each([
    ['seen', 900, 949],
    ['unmeasured', 900, 950],
    ['unmeasured', 2_050, 2_100],
    ['seen', 2_051, 2_100],
  ])('calls a loss %s where no sample was taken from %i to %i ms', (outcome, fromMs, toMs) => {
    const reading = read(BLACK, [blackFrom(1_008, 2_008)], { gaps: [{ fromMs, toMs }] });
    expect(reading.samples.map((sample) => sample.outcome)).toEqual([outcome]);
  });

  it('may have been blind for a fiftieth of the time', () => {
    const blindFor = (ms: number) =>
      read(BLACK, [blackFrom(1_008, 2_008)], { gaps: [{ fromMs: 3_000, toMs: 3_000 + ms }] });
    expect([100, 101].map((ms) => blindFor(ms).verdict)).toEqual(['pass', 'inconclusive']);
  });

  it('names a loss by what took most of its time, by the screen where nobody reported it', () => {
    const names = (letters: string, spans: readonly SeenSpan[]) =>
      read(letters, spans).samples.map(({ as }) => as);
    const mixed = `${'p'.repeat(10)}${'f'.repeat(3)}${'b'.repeat(7)}${'p'.repeat(30)}`;
    const flash: SeenSpan = { look: 'still', fromMs: 200, toMs: 260 };
    const before: SeenSpan = { look: 'still', fromMs: 900, toMs: 992 };
    expect(names(mixed, [{ look: 'still', fromMs: 960, toMs: 2_008 }])).toEqual(['black']);
    for (const other of [flash, before])
      expect(names('p'.repeat(50), [other, blackFrom(1_000, 1_300)])).toEqual(['black']);
    const still: SeenSpan = { look: 'still', fromMs: 1_000, toMs: 1_400 };
    expect(names('p'.repeat(50), [blackFrom(200, 210), still])).toEqual(['still']);
  });

  it('describes its recording', () => {
    const describe = (changes: Partial<Sighting>) => read(BLACK, [], changes).recording;
    expect(describe({ clockLagsMs: [20, 24, 28] })).toMatchObject({
      samplesPerSecond: 62.5,
      clockLagMs: { p50: 24, p95: 27.6 },
    });
    expect(describe({ periodMs: 0 }).samplesPerSecond).toBe(0);
    expect(describe({ clockLagsMs: [] }).clockLagMs).toBeUndefined();
  });

  it('takes its margin from all losses together', () => {
    const letters = `${BLACK}${'f'.repeat(5)}${'p'.repeat(20)}`;
    const frozenMs = reportOf(letters).viewers[0]!.interruptions[1]!.fromMs;
    const spans: SeenSpan[] = [
      blackFrom(1_008, 2_008),
      { look: 'still', fromMs: frozenMs - FRAME_MS + 8, toMs: 5_508 - 30 },
    ];
    const reading = read(letters, spans);
    const worst = (as: string) =>
      Math.max(...reading.errors.filter((one) => one.as === as).map(({ p95Ms }) => p95Ms));
    expect(worst('frozen')).toBeGreaterThan(worst('all'));
    expect(reading.marginMs).toBeCloseTo(worst('all'), -1);
    expect(reading.marginMs).toBeLessThan(worst('frozen'));
  });

  it('counts nothing by the hour where nothing was watched', () => {
    const report = { ...reportOf(BLACK), phases: [] };
    const reading = readScreenRuler({ report, sighting: sightingOf([]), frameMs: FRAME_MS });
    expect(reading).toMatchObject({ falsePerHour: 0, watchedMs: 0, samples: [] });
    expect(reading.detectionRate).toBeUndefined();
  });

  it.each([
    ['no clock', []],
    ['a clock before it was drawn', [-5, -4, -3]],
    ['a clock that comes late', [150, 160, 170]],
    ['a clock that comes just too late', [101]],
    ['a clock that is hardly too early', [-1]],
  ])('proves nothing by a recording with %s', (_, clockLagsMs) => {
    const reading = read(BLACK, [blackFrom(1_008, 2_008)], { clockLagsMs });
    expect(reading.verdict).toBe('inconclusive');
  });

  it.each([0, 100])('believes a recording whose clock comes after %i ms', (lagMs) => {
    const reading = read(BLACK, [blackFrom(1_008, 2_008)], { clockLagsMs: [lagMs] });
    expect(reading.verdict).toBe('pass');
  });

  it('proves nothing in a run that proves nothing', () => {
    const text = 'the control suffered';
    const report: Report = {
      ...reportOf(BLACK),
      findings: [{ rule: 'control-suffered', verdict: 'inconclusive', text }],
    };
    const sighting = sightingOf([blackFrom(1_008, 2_008)]);
    const reading = readScreenRuler({ report, sighting, frameMs: FRAME_MS });
    expect(reading).toMatchObject({ verdict: 'inconclusive', reasons: [text] });
  });
});
