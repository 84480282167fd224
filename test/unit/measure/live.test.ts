import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchGuardrails } from '../../../harness/measure/guardrail.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { emptyLedger } from '../../../harness/measure/ledger.ts';
import { liveClassifier } from '../../../harness/measure/live.ts';
import {
  MARK,
  type FrameSample,
  type History,
  type ViewerDescription,
  type ViewerRecord,
} from '../../../harness/model/history.ts';
import type { ScreenClass } from '../../../harness/model/report.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { historyOf, strip, stripRecords, viewerOf } from '../../support/strip.ts';

const live = (history: History) => liveClassifier({ viewers: history.run.viewers, fps: 25 });

/** Gives the class of the first viewer at the end of each step, from all records up to then. */
function shownAt(letters: string, stepMs = 500): ScreenClass[] {
  const history = strip(letters, stepMs);
  const classifier = live(history);
  const records = [...history.records];
  return [...letters].map((_, i) => {
    const atMs = (i + 1) * stepMs;
    while (records[0] && records[0].atMs < atMs) classifier.record(records.shift()!);
    return classifier.view(atMs)[0]!.shows;
  });
}

describe('what a screen shows now', () => {
  it.each([
    ['programme', 'rrpp', ['starting', 'starting', 'programme', 'programme']],
    ['black', 'rpbbp', ['starting', 'programme', 'black', 'black', 'programme']],
    ['a freeze', 'ppffp', ['programme', 'programme', 'frozen', 'frozen', 'programme']],
    [
      'a stall, then a dead player, then a reload',
      'ppssddrrp',
      [
        'programme',
        'programme',
        'stalled',
        'stalled',
        'dead',
        'dead',
        'starting',
        'starting',
        'programme',
      ],
    ],
    ['slate', 'pllp', ['programme', 'slate', 'slate', 'programme']],
  ] as const)('is told for %s', (_, letters, shown) => {
    expect(shownAt(letters)).toEqual(shown);
  });

  it.each([
    [
      'rrppbbffppssddrrppll',
      {
        shows: 'slate',
        sinceMs: 9000,
        interrupted: true,
        blackScreenMs: 5000,
        programmeLossMs: 5750,
        ledger: {
          programme: 2960,
          starting: 2080,
          black: 1000,
          frozen: 960,
          stalled: 1000,
          dead: 1000,
          slate: 750,
        },
      },
    ],
    [
      'ppbb--rrppff',
      {
        shows: 'frozen',
        sinceMs: 5000,
        interrupted: true,
        blackScreenMs: 1750,
        programmeLossMs: 1750,
        ledger: { programme: 1920, starting: 1080, black: 1000, frozen: 750 },
      },
    ],
    [
      'ppdd--ppss',
      {
        shows: 'stalled',
        sinceMs: 4000,
        interrupted: true,
        blackScreenMs: 1750,
        programmeLossMs: 1750,
        ledger: { programme: 1920, starting: 80, dead: 1000, stalled: 750 },
      },
    ],
    [
      'rrrr',
      {
        shows: 'starting',
        sinceMs: 0,
        interrupted: false,
        blackScreenMs: 0,
        programmeLossMs: 0,
        ledger: { starting: 1750 },
      },
    ],
  ])('of %s is all that was booked up to the last report', (letters, { ledger, ...told }) => {
    const { run, records } = strip(letters, 500);
    const classifier = live({ run, records, truncated: false });
    const endMs = letters.length * 500;
    for (const record of records) if (record.atMs < endMs) classifier.record(record);
    const [viewer] = run.viewers;
    expect(classifier.view(endMs)).toEqual([
      { viewer, ...told, ledger: { ...emptyLedger(), ...ledger } },
    ]);
  });

  it('is nothing before the viewer joined', () => {
    const [viewer] = live(strip('pp', 500)).view(5000);
    expect(viewer).toMatchObject({ shows: 'left', ledger: emptyLedger() });
  });

  it('does not take pictures that the page could not see for a freeze', () => {
    const history = strip('pppppppp', 500);
    const classifier = live(history);
    for (const record of history.records) {
      if (record.type !== 'frames') classifier.record(record);
      else {
        const seen = record.frames.filter(([at]) => at < 1000 || at >= 1200);
        const frames = seen.map((frame): FrameSample => {
          const [atMs, mark, counter, luma] = frame;
          return atMs === 1200 ? [atMs, mark, counter, luma, 5, 240] : frame;
        });
        classifier.record({ ...record, frames });
      }
    }
    expect(classifier.view(4000)[0]?.ledger.frozen).toBe(0);
  });

  it('takes a first picture that stands until playback begins for a start, not for a loss', () => {
    const viewer = viewerOf({ id: 'v1' });
    const classifier = liveClassifier({ viewers: [viewer], fps: 25 });
    const player = { canPlay: true, bufferedMs: 2000, lateMs: 0 };
    const moving = Array.from({ length: 20 }, (_, i): FrameSample => {
      return [1500 + i * 40, MARK.programme, 100 + i, 120];
    });
    const first: FrameSample = [500, MARK.programme, 99, 120];
    const says = (atMs: number, event: 'join' | 'playing') =>
      classifier.record({ type: 'viewer', atMs, viewer: 'v1', event });
    const shows = (atMs: number, frames: readonly FrameSample[]) =>
      classifier.record({ type: 'frames', atMs, viewer: 'v1', frames, player });
    says(0, 'join');
    shows(750, [first]);
    shows(1250, []);
    expect(classifier.view(1250)[0]).toMatchObject({ shows: 'starting', interrupted: false });
    says(1460, 'playing');
    shows(2300, moving);
    expect(classifier.view(2300)[0]).toMatchObject({
      shows: 'programme',
      blackScreenMs: 0,
      interrupted: false,
    });
  });

  it.each([
    ['stalled', ['waiting'], 'stalled'],
    ['stalled after an error, too', ['waiting', 'error'], 'stalled'],
    ['frozen once it plays again', ['waiting', 'playing'], 'frozen'],
    ['frozen from when a first picture was played', ['playing'], 'frozen'],
  ] as const)('tells a picture that stands: %s', (_, events, told) => {
    const viewer = viewerOf();
    const classifier = liveClassifier({ viewers: [viewer], fps: 25 });
    const says = (atMs: number, event: ViewerRecord['event']) =>
      classifier.record({ type: 'viewer', viewer: viewer.id, event, atMs });
    says(0, 'join');
    events.forEach((event, i) => says(1_020 + 10 * i, event));
    const frames: FrameSample[] = [[1_000, MARK.programme, 99, 120]];
    const player = { canPlay: true, bufferedMs: 0, lateMs: 0 };
    classifier.record({ type: 'frames', viewer: viewer.id, atMs: 3_000, frames, player });
    const { shows, ledger } = classifier.view(3_000)[0]!;
    expect([shows, ledger[told] > 1_900]).toEqual([told, true]);
  });

  it('is known of a stream without a clock, to whose sound nobody listens', () => {
    const { run, records } = strip('pppp', 500);
    const viewers = run.viewers.map((viewer) => ({ ...viewer, clockless: true as const }));
    const classifier = liveClassifier({ viewers, fps: 25 });
    for (const record of records.filter(({ atMs }) => atMs < 1900)) classifier.record(record);
    expect(classifier.view(1900)[0]?.shows).toBe('programme');
  });

  it('is unmeasured when the page has said nothing for a second', () => {
    const history = strip('pppp', 500);
    const classifier = live(history);
    for (const record of history.records.filter(({ atMs }) => atMs < 2000))
      classifier.record(record);
    expect(classifier.view(2500)[0]).toMatchObject({ shows: 'programme' });
    expect(classifier.view(3500)[0]).toMatchObject({ shows: 'unmeasured' });
  });

  it('adds up to what the judge will say, to a report a loss', () => {
    const run = fc
      .tuple(fc.constantFrom('p', 'b', 'f', 's', 'l', 'd', 'r'), fc.integer({ min: 3, max: 20 }))
      .map(([letter, length]) => letter.repeat(length));
    const strips = fc.array(run, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(strips, (runs) => {
        const history = strip(`ppppp${runs.join('')}`, 200);
        const classifier = live(history);
        for (const record of history.records) classifier.record(record);
        const [viewer] = judge(history).viewers;
        const [seen] = classifier.view(viewer!.leaveMs);
        const offMs = Math.abs(seen!.blackScreenMs - viewer!.blackScreenMs);
        expect(offMs).toBeLessThanOrEqual(250 * (runs.length + 1));
      }),
    );
  });
});

describe('a guardrail', () => {
  const viewers = ['v1', 'v2', 'v3'].map((id): ViewerDescription => viewerOf({ id }));
  const control = viewerOf({ id: 'control', channel: 'control', control: true });
  const history = (letters: readonly string[]): History =>
    historyOf({
      viewers: [...viewers, control],
      records: [
        ...letters.flatMap((one, i) => stripRecords(one, { stepMs: 500, viewer: viewers[i]! })),
        ...stripRecords('b'.repeat(20), { stepMs: 500, viewer: control }),
      ],
    });

  function brokenAt(text: string, letters: readonly string[]): [number, string] | undefined {
    const { expectation } = parseExpectation(text);
    const { run, records } = history(letters);
    const watch = watchGuardrails({
      guardrails: [expectation!],
      viewers: run.viewers,
      fps: 25,
      cutMs: 4000,
    });
    for (const record of records) {
      watch.record(record);
      const breach = watch.breach(record.atMs);
      if (breach) return [breach.atMs, breach.text];
    }
    return undefined;
  }

  const LOST = 'ppppbbbbbbbbbbbbbbbb';
  const WELL = 'p'.repeat(20);

  it('breaks when enough viewers have been black for long enough, and not before', () => {
    const [atMs, text] = brokenAt('p50(blackScreen) > 3s', [LOST, LOST, WELL])!;
    expect(atMs).toBeGreaterThan(5000);
    expect(atMs).toBeLessThanOrEqual(5750);
    expect(text).toMatch(/^p50\(blackScreen\) > 3s: 3\.\d+s$/);
  });

  it('counts a viewer as often as it weighs', () => {
    const { run, records } = history([LOST, WELL, WELL]);
    const breached = (weight: number) => {
      const watch = watchGuardrails({
        guardrails: [parseExpectation('p50(blackScreen) > 3s').expectation!],
        viewers: run.viewers.map((viewer) => (viewer.id === 'v1' ? { ...viewer, weight } : viewer)),
        fps: 25,
        cutMs: 4000,
      });
      for (const record of records) watch.record(record);
      return watch.breach(9000) !== undefined;
    };
    expect([1, 2, 3, 4].map(breached)).toEqual([false, true, true, true]);
  });

  it('does not break for one viewer of three, nor for the control', () => {
    expect(brokenAt('p50(blackScreen) > 3s', [LOST, WELL, WELL])).toBeUndefined();
    expect(brokenAt('max(blackScreen) > 1s', [WELL, WELL, WELL])).toBeUndefined();
  });

  it('watches the group that it names, and without a name the real screens', () => {
    const { run, records } = history([WELL, LOST, LOST]);
    const groups = [{ group: 'sofas' }, { group: 'beds' }, { group: 'beds', imitates: 'hls.js' }];
    const breached = (text: string) => {
      const watch = watchGuardrails({
        guardrails: [parseExpectation(text).expectation!],
        viewers: run.viewers.map((viewer, i) => ({ ...viewer, ...groups[i] })),
        fps: 25,
        cutMs: 4000,
      });
      for (const record of records) watch.record(record);
      return watch.breach(9000) !== undefined;
    };
    expect(breached('max(blackScreen) of sofas > 1s')).toBe(false);
    expect(breached('max(blackScreen) of beds > 1s')).toBe(true);
    expect(breached('min(blackScreen) of beds > 1s')).toBe(true);
    expect(breached('p50(blackScreen) > 5s')).toBe(false);
  });

  it('can watch how many see the programme, and shares of the planned cut', () => {
    expect(brokenAt('interrupted > 50%', [LOST, LOST, WELL])?.[0]).toBeLessThan(3000);
    expect(brokenAt('max(blackScreen) > 50% of cut', [LOST, WELL, WELL])?.[0]).toBeLessThan(5000);
  });

  it.each([
    ['recovered < 60%', [LOST, LOST, WELL], 2250],
    ['recovered < 60%', [LOST, WELL, WELL], undefined],
    ['channelsRestored < 100%', [LOST, LOST, LOST], 2250],
    ['channelsRestored < 100%', [LOST, LOST, WELL], undefined],
    ['interrupted >= 100%', [LOST, LOST, LOST], 2250],
    ['interrupted >= 100%', [LOST, LOST, WELL], undefined],
    ['max(black) > 1s', [WELL, LOST, WELL], 3250],
    ['min(black) > 1s', [WELL, LOST, WELL], undefined],
    ['max(frozen) > 1ms', [LOST, LOST, LOST], undefined],
    ['max(programmeLoss) >= 1s', [LOST, WELL, WELL], 3000],
  ] as const)('%s over %j breaks at %s', (text, letters, atMs) => {
    expect(brokenAt(text, letters)?.[0]).toBe(atMs);
  });

  it('on a measure only known at the end never breaks', () => {
    expect(brokenAt('max(timeToRecover) > 1s', [LOST, LOST, LOST])).toBeUndefined();
  });
});
