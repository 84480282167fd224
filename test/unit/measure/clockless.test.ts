// Judging a stream without a frame clock: brightness and repetition decide, and nothing else is claimed.

import { expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { MARK, type History, type HistoryRecord } from '../../../harness/model/history.ts';
import { historyOf, printSpans, stripRecords, viewerOf } from '../../support/strip.ts';

const STEP_MS = 400;

/** The frames of a strip as a page sends them that reads no clock: counters count pictures. */
function withoutClock(letters: string): History {
  let counter = 0;
  let before: number | undefined;
  const records = stripRecords(letters, { stepMs: STEP_MS }).map((record): HistoryRecord => {
    if (record.type !== 'frames') return record;
    const frames = record.frames.map(([atMs, mark, shown, luma]) => {
      if (shown !== before || mark === MARK.none) counter += 1;
      before = shown;
      return [atMs, MARK.plain, counter, mark === MARK.none ? luma : 100] as const;
    });
    return { ...record, frames };
  });
  return historyOf({ viewers: [viewerOf({ clockless: true })], records, engine: 'run' });
}

const spansOf = (history: History) => {
  const { lanes } = judge(history);
  const lane = lanes.find(({ kind }) => kind === 'viewer');
  return lane?.kind === 'viewer' ? printSpans(lane.spans, STEP_MS) : '';
};

it.each([
  ['rppbbpp', 'rppbbpp'],
  ['rppfffpp', 'rppfffpp'],
  ['rppsssppdd', 'rppsssppdd'],
  // A slate is a picture like any other.
  ['rppllpp', 'rpppppp'],
])('%s is judged as %s', (letters, judged) => {
  expect(spansOf(withoutClock(letters))).toBe(judged);
});

it('says what it cannot tell, and neither where a loss came from nor how old a picture is', () => {
  const report = judge(withoutClock('rppbbpp'));
  expect(report.findings.map(({ rule, verdict }) => `${rule} ${verdict}`)).toEqual([
    'watched-alone pass',
    'without-clock pass',
  ]);
  const [viewer] = report.viewers;
  expect(viewer).toMatchObject({ blackScreenMs: 2 * STEP_MS, latencyMs: undefined });
  expect(viewer?.presentedFps).toBe(25);
  expect(report.verdict).toBe('pass');
});

it('lacks a control where anything of ours plays beside it', () => {
  const history = withoutClock('rppppp');
  const viewers = [...history.run.viewers, viewerOf({ id: 'v2' })];
  const { findings } = judge({ ...history, run: { ...history.run, viewers } });
  expect(findings.map(({ rule }) => rule)).toContain('no-control');
});

it('silence is no loss: its programme may make no sound', () => {
  const heard = (silent: readonly (readonly [number, number])[]) => ({
    player: { canPlay: true, bufferedMs: 0, lateMs: 0, sound: { fromMs: -250, toMs: 0, silent } },
  });
  const history = withoutClock('rppppp');
  const records = history.records.map((record, n) =>
    record.type === 'frames' ? { ...record, ...heard(n % 40 < 20 ? [] : [[-250, 0]]) } : record,
  );
  const report = judge({ ...history, records });
  expect(report.viewers[0]?.ledger.silent).toBe(0);
  expect(report.viewers[0]?.sound).toBeDefined();
});
