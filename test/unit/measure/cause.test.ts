// Tests which fault a loss is laid to, by when its first missing picture was made, and what is laid to none
// because the machine put out filler by itself. Every screen is six seconds behind the source.

import { findTraits } from '../../../harness/faults/kinds.ts';
import { describe, expect, it } from 'vitest';
import { findCause, type Way } from '../../../harness/measure/cause.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { findStrayFillers } from '../../../harness/measure/strayFillers.ts';
import type { HistoryRecord, StatsRecord } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { FaultResult } from '../../../harness/model/report.ts';
import type { Fault } from '../../../harness/model/scenario.ts';
import { historyOf, printSpans, stripRecords, viewerOf } from '../../support/strip.ts';
import { collectStageReports } from '../../support/collected.ts';
import { readDesign } from '../../support/designs.ts';
import { counted } from '../../support/counted.ts';

const onLinks = { channels: ['one', 'two'], links: ['connect-up'] };
const onStages = { channels: ['one', 'two'], links: [] };
const FEED_CUT: Fault = { kind: 'cut', effect: 'drop', ...onLinks };
const LATE: Fault = {
  kind: 'latency',
  delayMs: 50,
  jitterMs: 0,
  ...onLinks,
  links: ['connect-down'],
};
const DOWN_CUT: Fault = { kind: 'cut', effect: 'drop', ...onLinks, links: ['connect-down'] };
const BLACK: Fault = { kind: 'content', shows: 'black', stages: ['playout'], ...onStages };
const EDGE_KILL: Fault = { kind: 'stage', does: 'kill', stages: ['edge'], ...onStages };

const WRONG: Fault = {
  kind: 'http',
  match: { of: 'segment', rung: undefined, every: undefined, ratio: 1 },
  answer: { kind: 'truncated', share: 0.5 },
  stages: ['edge'],
  ...onStages,
};

interface Played {
  readonly of: string;
  readonly fault: Fault;
  readonly fromS: number;
  readonly toS: number;
}

const actionsOf = ({ of, fault, fromS, toS }: Played): PlannedAction[] =>
  (['inject', 'heal'] as const).map((does) => ({
    id: `${of}:${does}`,
    does,
    of,
    window: undefined,
    fault,
    prove: false as const,
    atMs: (does === 'inject' ? fromS : toS) * 1000,
    scenarioAtMs: 0,
    expect: '',
    ...findTraits(fault),
  }));

const doneOf = (action: PlannedAction): HistoryRecord => ({
  type: 'action',
  action: action.id,
  does: action.does,
  atMs: action.atMs,
  plannedAtMs: action.atMs,
  doneAtMs: action.atMs,
});

/** Four reports a second over half a minute; filling from … to, in seconds. */
function reports(...filling: readonly (readonly [fromS: number, toS: number])[]): StatsRecord[] {
  let framesFilled = 0;
  return Array.from({ length: 120 }, (_, i): StatsRecord => {
    const atS = i / 4;
    if (filling.some(([fromS, toS]) => atS > fromS && atS <= toS)) framesFilled += 6;
    const told = { framesFilled, ageInMs: 300, fill: 'none' as const };
    return counted({ stage: 'transcoder.one', atMs: i * 250, ...told });
  });
}

/** Half a minute of screen; a letter is 250 ms. */
const screen = (...losses: readonly (readonly [fromS: number, toS: number, letter: string])[]) =>
  Array.from({ length: 120 }, (_, i) => {
    const loss = losses.find(([fromS, toS]) => i / 4 >= fromS && i / 4 < toS);
    return loss?.[2] ?? 'p';
  }).join('');

function play(letters: string, faults: readonly Played[], stats: readonly StatsRecord[] = []) {
  const actions = faults.flatMap(actionsOf);
  return playDone(letters, actions, [...actions.map(doneOf), ...stats]);
}

function playDone(letters: string, actions: PlannedAction[], done: readonly HistoryRecord[]) {
  const records = [...stripRecords(letters, { stepMs: 250 }), ...done];
  const report = judge(historyOf({ viewers: [viewerOf()], actions, records }));
  const lane = report.lanes.find(({ kind }) => kind === 'viewer');
  return {
    report,
    causes: report.viewers[0]?.interruptions.map(({ cause }) => cause),
    seen: lane?.kind === 'viewer' ? printSpans(lane.spans, 250) : '',
  };
}

const feed = { of: 'feed', fault: FEED_CUT, fromS: 10, toS: 12 };

describe('a fault before the transcoder', () => {
  it('explains the loss of pictures made while it was in force, or on their way when it began', () => {
    expect(play(screen([16.25, 18.25, 'b']), [feed]).causes).toEqual(['feed']);
    expect(play(screen([15.75, 18.25, 'b']), [feed], reports()).causes).toEqual(['feed']);
    expect(play(screen([18.5, 19, 'b']), [feed]).causes).toEqual(['feed']);
  });

  it('does not explain the loss of pictures that were made before, though seen while it was in force', () => {
    const { causes, report } = play(screen([12, 14, 'b']), [feed], reports());
    expect(causes).toEqual([undefined]);
    expect(report.findings.map(({ rule }) => rule)).toContain('unexplained');
    expect(report.viewers[0]).toMatchObject({ blackScreenMs: 2000, timeToRecoverMs: undefined });
  });

  it('explains what was lost while it was being done, link by link', () => {
    const actions = actionsOf(feed);
    const slow = actions.map((action) => ({ ...doneOf(action), doneAtMs: action.atMs + 500 }));
    const done = [...slow, ...reports()];
    expect(playDone(screen([15.75, 18.5, 'b']), actions, done).causes).toEqual(['feed']);
    expect(playDone(screen([15.5, 18.5, 'b']), actions, done).causes).toEqual([undefined]);
  });

  it('takes no picture away that was on its way, when it only changes pictures', () => {
    const black = { of: 'black', fault: BLACK, fromS: 10, toS: 12 };
    expect(play(screen([16, 18, 'b']), [black]).causes).toEqual(['black']);
    expect(play(screen([15.75, 18, 'b']), [black], reports()).causes).toEqual([undefined]);
    // A few frames stand before anybody calls it a loss.
    const later = { ...black, fromS: 10.1 };
    expect(play(screen([16, 18, 'b']), [later], reports()).causes).toEqual(['black']);
  });

  it('is the cause though another began nearer to when it was seen', () => {
    const black = { of: 'black', fault: BLACK, fromS: 10, toS: 12 };
    const late = { of: 'late', fault: LATE, fromS: 15, toS: 20 };
    expect(play(screen([16, 18, 'b']), [black, late]).causes).toEqual(['black']);
  });
});

describe('a fault behind the transcoder', () => {
  const down = { of: 'down', fault: DOWN_CUT, fromS: 10, toS: 20 };

  it('explains the loss of pictures made before it, which had not been delivered', () => {
    expect(play(screen([13, 24, 's']), [down]).causes).toEqual(['down']);
  });

  it('does not explain what was seen before it began', () => {
    expect(play(screen([8, 9, 's']), [down]).causes).toEqual([undefined]);
  });

  it('does not explain filler: somebody put that out before it', () => {
    expect(play(screen([13, 15, 'b']), [down]).causes).toEqual([undefined]);
    expect(play(screen([13, 15, 'l']), [down]).causes).toEqual([undefined]);
    const edge = { of: 'edge', fault: EDGE_KILL, fromS: 16, toS: 19 };
    const wrong = { of: 'wrong', fault: WRONG, fromS: 10, toS: 20 };
    expect(play(screen([13, 15, 'b']), [wrong]).causes).toEqual(['wrong']);
    const repeats = play(screen([16.5, 18.5, 'f']), [feed, edge], reports([10.5, 12.5]));
    expect(repeats.causes).toEqual(['feed']);
    // Filler of another time is none that this picture could have come from.
    const others = reports([1, 1.5], [26, 26.5]);
    expect(play(screen([16.5, 18.5, 'f']), [edge], others).causes).toEqual(['edge']);
  });
});

describe('filler that no fault asked for', () => {
  const stray = reports([5, 5.5]);

  it('is unmeasured where it was on the screen, seconds after it was put out', () => {
    const { seen, report } = play(screen([10.75, 11.25, 'b']), [], stray);
    expect(seen).toBe(screen([10.75, 11.25, '.']));
    expect(report.viewers[0]).toMatchObject({ blackScreenMs: 0, interruptions: [] });
    expect(report.viewers[0]?.ledger.unmeasured).toBe(520);
    expect(report.findings.find(({ rule }) => rule === 'stray-filler')).toMatchObject({
      verdict: 'pass',
      text: 'transcoder.one put out filler that no fault asked for: 520ms of what viewers of one were shown is unmeasured',
      atMs: 10_760,
    });
  });

  it('says nothing of what was on the screen when it was put out, nor of other channels', () => {
    const { seen } = play(screen([5, 5.5, 'b']), [], stray);
    expect(seen).toBe(screen([5, 5.5, 'b']));
    const other = stray.map((record) => ({ ...record, stage: 'transcoder.two' }));
    expect(play(screen([10.75, 11.25, 'b']), [], other).seen).toBe(screen([10.75, 11.25, 'b']));
  });

  it('leaves the programme, and stalls, what they are', () => {
    expect(play(screen(), [], stray).seen).toBe(screen());
    expect(play(screen([10.75, 11.25, 's']), [], stray).seen).toBe(screen([10.75, 11.25, 's']));
  });

  it('is told from filler that a fault asked for, until that ends after the heal', () => {
    const asked = play(screen([16.5, 21, 'b']), [feed], reports([10.5, 15]));
    expect(asked.seen).toBe(screen([16.5, 21, 'b']));
    expect(asked.causes).toEqual(['feed']);
    expect(asked.report.findings).toEqual([]);
    const later = play(
      screen([16.5, 18.5, 'b'], [26, 26.5, 'b']),
      [feed],
      reports([10.5, 12.5], [20, 20.5]),
    );
    expect(later.seen).toBe(screen([16.5, 18.5, 'b'], [26, 26.5, '.']));
  });

  it('is asked for where it began in the report in which the fault did, however long it goes on', () => {
    const early = { ...feed, fromS: 10.2 };
    const asked = play(screen([16.25, 18.5, 'b']), [early], reports([10, 12.5]));
    expect(asked.seen).toBe(screen([16.25, 18.5, 'b']));
    const long = play(screen([16.5, 23.5, 'b']), [feed], reports([10.5, 17.5]));
    expect(long.seen).toBe(screen([16.5, 23.5, 'b']));
  });

  it('is asked for by a fault on the transcoder itself', () => {
    const kill = { ...EDGE_KILL, stages: ['transcoder'] } as Fault;
    const own = play(
      screen([16.5, 18.5, 'b']),
      [{ of: 'kill', fault: kill, fromS: 10, toS: 12 }],
      reports([10.5, 12.5]),
    );
    expect(own.seen).toBe(screen([16.5, 18.5, 'b']));
  });

  it('is not asked for by a fault that comes later, or behind the transcoder', () => {
    const before = play(
      screen([12.75, 13.25, 'b'], [16.5, 18.5, 'b']),
      [feed],
      reports([7, 7.5], [10.5, 12.5]),
    );
    expect(before.seen).toBe(screen([12.75, 13.25, '.'], [16.5, 18.5, 'b']));
    const down = { of: 'down', fault: DOWN_CUT, fromS: 4, toS: 8 };
    expect(play(screen([10.75, 11.25, 'b']), [down], stray).seen).toBe(screen([10.75, 11.25, '.']));
  });

  it('is not what a calibration was told to put in', () => {
    const note: HistoryRecord = {
      type: 'stage',
      stage: 'transcoder.one',
      event: 'note',
      atMs: 5500,
      detail: 'filled with black: 12 frames, first at 1757708105001.0, last at 1757708105441.0',
    };
    const records = [...stripRecords(screen([10.75, 11.25, 'b']), { stepMs: 250 }), ...stray, note];
    const report = judge(historyOf({ viewers: [viewerOf()], records }));
    expect(report.viewers[0]?.blackScreenMs).toBe(520);
  });
});

it('filler of one of two transcoders is not asked for by a fault before the other', () => {
  const design = readDesign('two-pipelines');
  const filling = ['transcoder-a.one', 'transcoder-b.one'].flatMap((stage) =>
    reports([10.5, 12.5]).map((record) => ({ ...record, stage })),
  );
  const cut = { at: 'links', channels: ['one'], fromMs: 10_000, toMs: 12_000 } as const;
  const straysOf = (links: readonly string[]) =>
    findStrayFillers({
      history: historyOf({ viewers: [], records: filling, scenario: { design } }),
      faults: [{ ...cut, links } as unknown as FaultResult],
      reports: collectStageReports(filling),
    }).map(({ stage }) => stage);
  expect(straysOf(['connect-up-a'])).toEqual(['transcoder-b.one']);
  expect(straysOf(['connect-up-a', 'connect-up-b'])).toEqual([]);
  expect(straysOf(['publish-a'])).toEqual(['transcoder-a.one', 'transcoder-b.one']);
});

it('filler is asked for until the first of two inputs is shown again, which is seconds after the heal', () => {
  const cut = { at: 'links', links: ['connect-up-a'], channels: ['one'] } as const;
  const straysOf = (fromS: number) => {
    const filling = reports([fromS, fromS + 1]);
    return findStrayFillers({
      history: historyOf({
        viewers: [],
        records: filling,
        scenario: { design: readDesign('two-playouts') },
      }),
      faults: [{ ...cut, fromMs: 10_000, toMs: 12_000 } as unknown as FaultResult],
      reports: collectStageReports(filling),
    }).map(({ stage }) => stage);
  };
  // Back within three seconds, and good for five more.
  expect([19, 21].map(straysOf)).toEqual([[], ['transcoder.one']]);
});

describe('the bounds of an explanation', () => {
  const [fromMs, toMs, feedMs] = [20_000, 30_000, 500];
  const [hiccupMs, afterMs] = [120, 10_000];
  const fault = { name: 'it', nature: 'cut', fromMs, toMs } as unknown as FaultResult;
  const explains = (
    place: ReturnType<Way['placesOf']>[number],
    madeAtMs: number,
    seenAtMs = madeAtMs,
  ) => {
    const way: Way = { placesOf: () => [place], feedMs: () => feedMs, filled: [] };
    return findCause({ madeAtMs, seenAtMs, class: 'black' }, [fault], way) === fault;
  };

  it.each([
    ['source', fromMs - hiccupMs, toMs + afterMs],
    ['feed', fromMs - feedMs - hiccupMs, toMs + afterMs],
    ['transcoder', fromMs - hiccupMs, toMs + afterMs],
  ] as const)(
    'of a fault at the %s are %i and %i, by when the picture was made',
    (place, first, last) => {
      expect([first - 1, first, last, last + 1].map((atMs) => explains(place, atMs))).toEqual([
        ...[false, true, true, false],
      ]);
    },
  );

  it('of a fault behind are when it was seen, and to the end when it was made', () => {
    const seen = (madeMs: number, seenMs: number) => explains('transcoder', madeMs, seenMs);
    expect(seen(fromMs - 6000, fromMs - hiccupMs)).toBe(true);
    expect(seen(fromMs - 6000, fromMs - hiccupMs - 1)).toBe(false);
    expect(seen(toMs + afterMs, toMs + afterMs + 6000)).toBe(true);
  });

  it('begin when the fault was begun, where it took a while to be in force', () => {
    const slow = { ...fault, begunMs: fromMs - 300 };
    const way: Way = { placesOf: () => ['source'], feedMs: () => feedMs, filled: [] };
    const madeAtMs = fromMs - 300 - hiccupMs;
    expect(findCause({ madeAtMs, seenAtMs: madeAtMs, class: 'black' }, [slow], way)).toBe(slow);
  });

  it('are none for a fault that was never in force, nor at a place that it does not touch', () => {
    const loss = { madeAtMs: fromMs, seenAtMs: fromMs, class: 'black' } as const;
    const way: Way = { placesOf: () => ['source'], feedMs: () => feedMs, filled: [] };
    expect(findCause(loss, [{ ...fault, fromMs: undefined }], way)).toBeUndefined();
    expect(findCause(loss, [fault], { ...way, placesOf: () => [] })).toBeUndefined();
  });

  it.each([
    [fromMs - 2000, true],
    [fromMs - 2001, false],
  ])(
    'of a standing picture made at %i have filler put out up to two seconds later',
    (madeAtMs, filled) => {
      const filler = { fromMs, toMs: fromMs + 500 };
      const way: Way = { placesOf: () => ['delivery'], feedMs: () => feedMs, filled: [filler] };
      const loss = { madeAtMs, seenAtMs: fromMs, class: 'frozen' } as const;
      expect(findCause(loss, [fault], way)).toBe(filled ? undefined : fault);
      const since = { madeAtMs: filler.toMs, seenAtMs: filler.toMs, class: 'frozen' } as const;
      expect(findCause(since, [fault], way)).toBeUndefined();
      const later = { ...since, madeAtMs: filler.toMs + 1 };
      expect(findCause(later, [fault], way)).toBe(fault);
    },
  );
});
