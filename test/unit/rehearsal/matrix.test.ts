// The fate matrix: one edge an answer, one viewer of each player behind it, and what is said of them.

import { describe, expect, it } from 'vitest';
import { turnsAtEntries, findEntries } from '../../../harness/design/hops.ts';
import type { Matrix } from '../../../harness/model/matrix.ts';
import { ANSWER_NAMES, planMatrix, readMatrix } from '../../../harness/rehearsal/matrix.ts';
import type { Report } from '../../../harness/model/report.ts';
import { describeViewers } from '../../../harness/scenario/audience.ts';
import { renderMatrix } from '../../../reports/matrix.ts';

const WISHES = {
  players: ['hls.js', 'video.js'],
  answers: ['stale', '404', 'refuse'],
  moments: ['running', 'joining'],
  lengthMs: 40_000,
  onFatal: 'none',
} as const;

describe('the scenario of a matrix', () => {
  const { scenario, actions } = planMatrix(WISHES);

  it('has an edge and a fault for each answer', () => {
    const edges = findEntries(scenario.design).map(({ name }) => name);
    expect(edges).toEqual(['edge-stale', 'edge-404', 'edge-refuse']);
    expect(actions.map(({ atMs }) => atMs)).toEqual([5e3, 5e3, 5e3, 45e3, 45e3, 45e3]);
  });

  it('puts one viewer of each group at each edge', () => {
    const viewers = describeViewers(scenario).filter(({ control }) => !control);
    expect(viewers).toHaveLength(2 * 2 * 3);
    const turns = turnsAtEntries(viewers);
    for (const group of new Set(viewers.map((viewer) => viewer.group))) {
      const own = turns.filter((_, i) => viewers[i]?.group === group).map((turn) => turn % 3);
      expect(own, group).toEqual([0, 1, 2]);
    }
  });

  it.each(ANSWER_NAMES)('can be made with %s alone', (one) => {
    expect(planMatrix({ ...WISHES, answers: [one] }).actions).toHaveLength(2);
  });

  it('is played on fragmented MP4 where a player takes DASH', () => {
    const containerOf = (players: readonly string[]) =>
      planMatrix({ ...WISHES, players }).scenario.design.media.container;
    expect(containerOf(['hls.js'])).toBe(undefined);
    expect(containerOf(['hls.js', 'dash.js'])).toBe('cmaf');
  });
});

describe('the fate of viewers', () => {
  const ledger = { programme: 0, black: 0, frozen: 0, stalled: 0, dead: 0, starting: 0 };
  const healed = 50_000;
  const action = (verb: string, doneAtMs: number) => ({
    type: 'action',
    action: `answer-stale:${verb}`,
    doneAtMs,
  });
  const read = (moment: 'running' | 'joining', viewer: object, more: readonly object[] = []) => {
    const group = `hls-js-${moment}`;
    const lines = [
      { type: 'run', viewers: [{ id: 'v1', group }] },
      action('inject', 10_000),
      ...more,
      action('heal', healed),
    ].map((record) => JSON.stringify(record));
    const result = {
      id: 'v1',
      interruptions: [],
      joinMs: 0,
      ledger,
      blackScreenMs: 0,
      atMost: { blackScreenMs: 0 },
      ...viewer,
    };
    const run = { startedAt: '', harness: '', environment: { tools: {} } };
    const report = { run, viewers: [result], verdict: 'fail' } as unknown as Report;
    const wishes = {
      ...WISHES,
      players: ['hls.js'],
      answers: ['stale'],
      moments: [moment],
    } as const;
    return readMatrix({ lines, report }, wishes).cells[0];
  };

  it('counts the way back from the heal of its own edge', () => {
    const interruptions = [{ fromMs: 20_000, toMs: 52_500, recovered: true }];
    const back = read('running', { recovered: true, recovery: 'recovered', interruptions });
    expect(back).toMatchObject({ recovery: 'recovered', backMs: 2_500 });
    const lost = [{ fromMs: 20_000, toMs: 99_000, recovered: false }];
    const gone = read('running', {
      recovered: false,
      recovery: 'not-recovered',
      interruptions: lost,
    });
    expect(gone).toBeDefined();
    expect(gone?.backMs).toBeUndefined();
  });

  it('counts the wait for a first picture of who was switched on in the outage', () => {
    const waited = { joinMs: 15_000, ledger: { ...ledger, starting: 39_000 } };
    const cell = read('joining', { recovered: true, recovery: 'recovered', ...waited });
    expect(cell).toMatchObject({ backMs: 4_000, blackMs: 39_000 });
  });

  it('tells when a player gave up first, from the start of the outage', () => {
    const fatal = (atMs: number, detail: string) => ({
      type: 'viewer',
      viewer: 'v1',
      event: 'fatal',
      atMs,
      detail,
    });
    const cell = read('running', { recovery: 'not-recovered' }, [
      fatal(11_700, 'a'),
      fatal(12e3, 'b'),
    ]);
    expect(cell).toMatchObject({ gaveUpMs: 1_700, error: 'a' });
  });
});

describe('the table', () => {
  const cell = {
    player: 'hls.js',
    moment: 'running',
    errors: 0,
    blackMs: 39_000,
    blackMsMax: 39_000,
  } as const;
  const matrix: Matrix = {
    madeAt: '2026-01-01T00:00:00.000Z',
    harness: '0.1.0',
    players: { 'hls.js': '1.7.4' },
    lengthMs: 40_000,
    onFatal: 'none',
    verdict: 'pass',
    cells: [
      { ...cell, answer: 'stale', recovery: 'recovered', backMs: 2_000 },
      { ...cell, answer: '404', recovery: 'not-recovered', gaveUpMs: 1_100, error: 'a|b' },
      { ...cell, answer: 'hang', recovery: 'unseen' },
      { ...cell, answer: 'slow', recovery: 'recovered', blackMs: 0, blackMsMax: 0 },
      { ...cell, answer: 'dark', recovery: 'recovered', blackMs: 0 },
    ],
  };

  it('says who came back, when, and who gave up, and never turns unknown into a figure', () => {
    const text = renderMatrix(matrix);
    expect(text).toContain('| stale | back 2.00s after the heal; black 39.0s |');
    expect(text).toContain('**not back**; black 39.0s, gave up at 1.10s (a\\|b)');
    expect(text).toContain('| hang | unknown; black 39.0s |');
    expect(text).toContain('| slow | had it at the heal; black 0ms |');
    expect(text).toContain('| dark | back, unknown when; black 0ms to 39.0s |');
    expect(text).toContain('hls.js 1.7.4');
  });
});
