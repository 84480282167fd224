import { findTraits } from '../../../harness/faults/kinds.ts';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import { renderLive, renderLiveLine } from '../../../reports/live.ts';
import { createLiveModel } from '../../../reports/liveModel.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';

const STEP_MS = 1000;
const viewers = ['v1', 'v2'].map((id) => viewerOf({ id }));
const fault = { kind: 'cut', effect: 'drop', links: ['connect-up'], channels: ['one'] } as const;
const work = { of: 'work', window: 'work', fault, expect: 'no bytes arrive', ...findTraits(fault) };
const actions: readonly PlannedAction[] = [
  { ...work, id: 'work:inject', does: 'inject', atMs: 10_000, scenarioAtMs: 10_000 },
  { ...work, id: 'work:heal', does: 'heal', atMs: 30_000, scenarioAtMs: 30_000 },
];

const carriedOut = (does: 'inject' | 'heal', atMs: number, error?: string): HistoryRecord => ({
  type: 'action',
  action: `work:${does}`,
  does,
  atMs,
  plannedAtMs: atMs - 3,
  doneAtMs: atMs,
  ...(error === undefined ? {} : { error }),
});

/** A model that has seen everything up to an instant. */
function modelAt(atMs: number, letters: string, more: readonly HistoryRecord[] = []) {
  const history = historyOf({
    viewers,
    actions,
    records: [
      ...viewers.flatMap((viewer) => stripRecords(letters, { stepMs: STEP_MS, viewer })),
      ...more,
    ],
  });
  const model = createLiveModel(history.run.plan);
  for (const record of [history.run, ...history.records]) {
    if (record.atMs <= atMs) model.record(record);
  }
  return model;
}

const laneOf = (view: ReturnType<ReturnType<typeof modelAt>['view']>, id: string) =>
  view.lanes.find((lane) => lane.id === id);

describe('the live model', () => {
  it.each([
    ['rppppp', 'programme'],
    ['rppppb', 'black'],
    ['rppppf', 'frozen'],
    ['rpppps', 'stalled'],
    ['rppppl', 'slate'],
    ['rpppdd', 'dead'],
    ['rppppr', 'starting'],
    ['rppppx', 'unmeasured'],
    ['rppp....', 'unmeasured'],
    ['rpppp-', 'left'],
  ])('calls the last moment of %s %s', (letters, name) => {
    const atMs = letters.length * STEP_MS - 10;
    expect(laneOf(modelAt(atMs, letters).view(atMs), 'v1')?.class).toBe(name);
  });

  it('adds up black screen from the first picture on, slate left out', () => {
    const atMs = 20_000;
    const black = laneOf(modelAt(atMs, 'rrrpppbbbbllllssssppp').view(atMs), 'v1')?.blackScreenMs;
    expect(black).toBeGreaterThan(7_000);
    expect(black).toBeLessThan(9_000);
  });

  it('does not count a page that says nothing as black', () => {
    const atMs = 19_000;
    const view = modelAt(atMs, 'rpppss............pp').view(atMs);
    expect(laneOf(view, 'v1')?.blackScreenMs).toBeLessThan(3_000);
  });

  it('counts down to the next action, then to the deadline', () => {
    const steps = 'p'.repeat(40);
    expect(modelAt(4_000, steps).view(4_000).next).toEqual({
      text: 'inject work, no bytes arrive',
      inMs: 6_000,
    });
    const recover: HistoryRecord = { type: 'phase', phase: 'recover', atMs: 30_000 };
    const view = modelAt(31_000, steps, [recover]).view(31_000);
    expect(view.next).toEqual({ text: 'deadline to recover', inMs: 59_000 });
  });

  it('shows a link faulted from the inject to the heal, on its channel only', () => {
    const more = [carriedOut('inject', 10_003), carriedOut('heal', 30_003)];
    const during = modelAt(20_000, 'p'.repeat(40), more).view(20_000);
    expect(laneOf(during, 'connect-up.one')?.class).toBe('faulted');
    expect(laneOf(during, 'connect-up.two')?.class).toBe('up');
    const after = modelAt(31_000, 'p'.repeat(40), more).view(31_000);
    expect(laneOf(after, 'connect-up.one')?.class).toBe('up');
    expect(laneOf(after, 'connect-up.one')?.spans.map((span) => span.class)).toEqual([
      'up',
      'faulted',
      'up',
    ]);
  });

  it('does not show as faulted what could not be injected', () => {
    const more = [carriedOut('inject', 10_003, 'the proxy did not answer')];
    const view = modelAt(20_000, 'p'.repeat(40), more).view(20_000);
    expect(laneOf(view, 'connect-up.one')?.class).toBe('up');
    expect(view.events.at(-1)).toMatchObject({ grave: true });
  });

  it('shows what stages do', () => {
    const stats = (atMs: number, bytesIn: number, fill: 'none' | 'black'): HistoryRecord => ({
      type: 'stats',
      stage: 'transcoder.one',
      atMs,
      counters: [{ name: 'bytesIn', value: bytesIn }],
      fill,
    });
    const more: HistoryRecord[] = [
      { type: 'stage', stage: 'transcoder.one', event: 'ready', atMs: 100 },
      stats(1_000, 10, 'none'),
      stats(2_000, 20, 'none'),
      stats(3_000, 20, 'black'),
      { type: 'stage', stage: 'transcoder.one', event: 'exited', atMs: 9_000 },
    ];
    const at = (ms: number) => laneOf(modelAt(ms, 'ppppppppppp', more).view(ms), 'transcoder.one');
    expect([500, 2_500, 3_500, 9_500].map((ms) => at(ms)?.class)).toEqual([
      'idle',
      'programme',
      'filling',
      'down',
    ]);
  });

  it('stays bounded, however long the run and however often a lane changes', () => {
    const model = modelAt(0, 'p');
    for (let atMs = 0; atMs < 7_200_000; atMs += 1_000) {
      const event = atMs % 2_000 === 0 ? 'join' : 'leave';
      model.record({ type: 'viewer', viewer: 'v1', event, atMs });
    }
    expect(laneOf(model.view(7_200_000), 'v1')?.spans.length).toBeLessThanOrEqual(4_000);
  });
});

describe('the live view', () => {
  const view = modelAt(25_000, 'rppppppppppffbbbbssssllll', [carriedOut('inject', 10_003)]).view(
    25_000,
  );

  it('shows phase, next action, lanes with strips, and events', () => {
    const text = renderLive(view, { columns: 100, rows: 40, colours: false }).join('\n');
    expect(text).toMatch(/^00:25 {2}disrupt 25\.0s {2}next in 5\.00s: heal work/m);
    expect(text).toMatch(/^ {2}v1 slate +[\d.]+s .*░▁+.*█+.*▓+$/m);
    expect(text).toMatch(/^ {2}connect-up\.one +faulted +▁+▂?█+$/m);
    expect(text).toContain('inject work, 3ms late');
    expect(text).toContain('approximate');
  });

  it('shows the whole run, how much of it is over and when it ends at the latest', () => {
    const { plan } = historyOf({ viewers, actions, records: [] }).run;
    const endMs = plan.disruptMs + plan.recoverWithinMs;
    expect(view.end?.atMs).toBe(endMs);
    const text = renderLive(view, { columns: 100, rows: 40, colours: false }).join('\n');
    const share = Math.floor((100 * 25_000) / endMs);
    expect(text).toMatch(
      new RegExp(`╌ ${share}% {2}ends by \\d\\d:\\d\\d:\\d\\d, in .* at the latest`),
    );
    const strip = /^ {2}v1 slate +[\d.]+s (.*)$/m.exec(text)?.[1] ?? '';
    expect(strip[0]).toBe('░');
    expect(strip.length).toBeLessThan(((100 - 20) * 25_000) / endMs);
  });

  it('fits any terminal', () => {
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 250 }),
      rows: fc.integer({ min: 2, max: 60 }),
      colours: fc.boolean(),
    });
    fc.assert(
      fc.property(size, (terminal) => {
        const lines = renderLive(view, terminal);
        expect(lines.length).toBeLessThan(terminal.rows);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(terminal.columns);
      }),
    );
  });

  it('keeps the viewers when there is little room', () => {
    const text = renderLive(view, { columns: 80, rows: 8, colours: false }).join('\n');
    expect(text).toContain('v1 slate');
    expect(text).not.toContain('connect-up');
  });
});

describe('progress without a terminal', () => {
  it('is a line for what matters and nothing for routine', () => {
    const records = historyOf({
      viewers,
      actions,
      records: [
        ...stripRecords('rpppsssddp', { stepMs: STEP_MS, viewer: viewers[0]! }),
        carriedOut('inject', 2_003),
        carriedOut('heal', 4_000, 'no answer'),
      ],
    }).records;
    const lines = records.map(renderLiveLine).filter((line) => line !== undefined);
    expect(lines).toEqual([
      ' 00:00.0  phase disrupt',
      ' 00:02.0  inject work, 3ms late',
      ' 00:04.0  heal work failed: no answer',
      " 00:07.0  v1's player gave up",
      " 00:09.0  v1's application acts: startLoad",
      ' 00:10.0  ended: complete',
    ]);
  });

  it('lets no control character of a detail through', () => {
    const line = renderLiveLine({ type: 'log', level: 'error', atMs: 0, text: 'a\u001b[2Jb\nc' });
    expect(line).toBe(' 00:00.0  error: a [2Jb c');
  });
});
