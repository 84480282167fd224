import { describe, expect, it } from 'vitest';
import { classify, type Screen } from '../../../harness/measure/classify.ts';
import { readSession } from '../../../harness/measure/session.ts';
import { collectTracks } from '../../support/collected.ts';
import {
  MARK,
  type FrameSample,
  type History,
  type HistoryRecord,
} from '../../../harness/model/history.ts';
import { historyOf, printSpans, strip, stripRecords, viewerOf } from '../../support/strip.ts';

const FRAME_MS = 40;

function screenOf(history: History): Screen {
  const endMs = Math.max(...history.records.map(({ atMs }) => atMs));
  const [track] = collectTracks(history);
  const screen = track && classify(track, { frameMs: FRAME_MS, endMs });
  if (!screen) throw new Error('the viewer never joined');
  return screen;
}

const seen = (letters: string, stepMs = 100): string =>
  printSpans(screenOf(strip(letters, stepMs)).spans, stepMs);

const spansOf = (letters: string, stepMs = 200) => screenOf(strip(letters, stepMs)).spans;

describe('what is on the screen', () => {
  it.each([
    ['plain programme', 'rrpppppppppppp'],
    ['black', 'rrppppppppbbbbbbbbpppp'],
    ['a freeze of the picture in the stream', 'rrppppppffffffffpppp'],
    ['a player that starves', 'rrppppppssssssssspppp'],
    ['a slate', 'rrpppppplllllllllpppp'],
    ['repeat, then black, then slate: what a transcoder fills with', 'pppppffffffbbbbbbllllllpppp'],
    ['a player that gives up and is started again', 'rrppppppdddddddddsssssspppp'],
    ['a player that gives up and is loaded again', 'rrppppppdddddddddrrrrrrpppp'],
    ['a viewer who leaves and comes back', 'rrpppppp-----rrrppppp'],
    ['a player that never comes back', 'rrppppppsssssssddddddddddddd'],
  ])('tells %s', (_, letters) => {
    expect(seen(letters)).toBe(letters);
  });

  it.each([
    [
      ...['rrppbbffppssddrrppll', 500],
      'starting 1000 programme 2000 black 3000 programme 3040 frozen 4000 programme 5000 stalled 6000 dead 7000 starting 8000 programme 9000 slate 10000',
    ],
    [
      ...['pp--rrppff..pp', 500],
      'programme 1000 left 2000 starting 3000 programme 4000 frozen 5000 unmeasured 6000 programme 7000',
    ],
    [
      ...['pprrpp..ssppb', 500],
      'programme 1000 starting 2000 programme 3000 unmeasured 4000 stalled 5000 programme 6000 black 6500',
    ],
    [
      ...['ppppppdd..rrpp', 500],
      'programme 3000 dead 3750 unmeasured 5000 starting 6000 programme 7000',
    ],
    [
      ...['ppss..sspp', 600],
      'programme 1200 stalled 2250 unmeasured 3750 stalled 4800 programme 6000',
    ],
    ['ppff.ffpp', 300, 'programme 600 frozen 1200 unmeasured 1520 frozen 2120 programme 2700'],
    ['ppbb..bbpp', 200, 'programme 400 black 800 unmeasured 1200 black 1600 programme 2000'],
    ['ppoopp', 200, 'programme 400 slate 800 programme 1200'],
    ['ppxxpppxpp', 40, 'programme 400'],
    ['pprpprpp', 40, 'programme 80 starting 280 programme 320'],
    ['rr', 500, 'starting 1000'],
  ] as const)('tells %s, of %i ms each, to the millisecond', (letters, stepMs, ends) => {
    const { spans } = screenOf(strip(letters, stepMs));
    expect(spans.map((span) => `${span.class} ${span.toMs}`).join(' ')).toBe(ends);
    expect(spans.map(({ fromMs }) => fromMs)).toEqual([
      0,
      ...spans.slice(0, -1).map(({ toMs }) => toMs),
    ]);
  });

  it('is watched from the first picture of each time that the viewer was there', () => {
    const watched = (letters: string) =>
      screenOf(strip(letters, 500)).watching.map(({ fromMs, toMs }) => [fromMs, toMs]);
    expect(watched('rrppss--rrff..pp')).toEqual([
      [1000, 3000],
      [5000, 8000],
    ]);
    expect(watched('rr--rr')).toEqual([]);
  });

  it('is asked for from the first join to the last leave, life by life', () => {
    const { events } = collectTracks(strip('ppddrrpp--rrpp', 100))[0]!;
    const life = (kind: 'load' | 'away', fromMs: number, toMs: number, reload = false) => ({
      kind,
      reload,
      fromMs,
      toMs,
    });
    const all = [life('load', 0, 400), life('load', 400, 800, true), life('away', 800, 1000)];
    const rest = { dead: [{ fromMs: 200, toMs: 400 }], pageLost: [] };
    expect(readSession(events, 9000)).toEqual({
      ...rest,
      fromMs: 0,
      toMs: 1400,
      stretches: [...all, life('load', 1000, 1400)],
    });
    expect(readSession(events.slice(0, -1), 9000)).toEqual({
      ...rest,
      fromMs: 0,
      toMs: 9000,
      stretches: [...all, life('load', 1000, 9000)],
    });
    expect(readSession(events.slice(1), 9000)?.fromMs).toBe(1000);
    expect(readSession([], 9000)).toBeUndefined();
  });

  it('counts black from the first black frame to the next programme frame', () => {
    expect(spansOf('pppppbbbbbpppp')).toEqual([
      { class: 'programme', fromMs: 0, toMs: 1000 },
      { class: 'black', fromMs: 1000, toMs: 2000 },
      { class: 'programme', fromMs: 2000, toMs: 2800 },
    ]);
  });

  it('counts a freeze from when the next new frame was due, not from the last one', () => {
    expect(spansOf('pppppfffffpppp')[1]).toEqual({ class: 'frozen', fromMs: 1000, toMs: 2000 });
  });

  it('counts a stall from when the next new frame was due', () => {
    expect(spansOf('pppppssssspppp')[1]).toEqual({ class: 'stalled', fromMs: 1000, toMs: 2000 });
  });

  it('calls a picture that stands still while the player can play frozen, frames or no frames', () => {
    const history = withoutFrames(strip('pppppppppppppppppppppppp', 100), 1000, 1800);
    expect(printSpans(screenOf(history).spans, 100)).toBe('ppppppppppffffffffpppppp');
  });

  it.each([
    ['black', 'ppppppppbbbbbbbbbbbbpppp'],
    ['slate', 'ppppppppllllllllllllpppp'],
    ['slate', 'ppppppppoooooooooooopppp'],
  ] as const)(
    'calls a picture that stands still %s, if that is what it shows: %s',
    (is, letters) => {
      const classes = (history: History) => screenOf(history).spans.map((span) => span.class);
      const still = withoutFrames(strip(letters, 100), 1000, 1800);
      expect(classes(still)).toEqual(['programme', is, 'programme']);
      // To the end of the record, and presented again and again: it is no programme that froze.
      const standing = withoutFrames(strip(letters.slice(0, 20), 100), 1000, 2000);
      expect(classes(standing)).toEqual(['programme', is]);
      const again = withoutFrames(withoutFrames(strip(letters, 100), 1000, 1300), 1360, 1800);
      expect(classes(again)).toEqual(['programme', is, 'programme']);
    },
  );

  it('shows another channel as slate: a picture, but not the programme', () => {
    expect(seen('pppppoooooopppp')).toBe('pppppllllllpppp');
  });

  it('says nothing about a bright picture it cannot read', () => {
    expect(seen('pppppxxxxxxpppp')).toBe('ppppp......pppp');
  });

  it('takes two unreadable frames between readable ones for a decoding glitch', () => {
    expect(spansOf('ppppppppppxxpppppppppp', 40)).toEqual([
      { class: 'programme', fromMs: 0, toMs: 880 },
    ]);
  });

  it('does not open a span for a hiccup of three frames', () => {
    const history = withoutFrames(strip('pppppppppppppppppppp', 100), 1000, 1119);
    expect(screenOf(history).spans).toEqual([{ class: 'programme', fromMs: 0, toMs: 2000 }]);
  });

  it('does not open a span when a transcoder repeats a frame now and then', () => {
    expect(spansOf('pppppfppppfppppfpppp', 40)).toHaveLength(1);
  });

  it('believes frames that still arrive after the player gave up: the buffer plays out', () => {
    const records = stripRecords('rpppppppppsssss', { stepMs: 200 });
    const fatal: HistoryRecord = { type: 'viewer', viewer: 'v1', event: 'fatal', atMs: 1000 };
    const history = historyOf({ viewers: [viewerOf()], records: [...records, fatal] });
    expect(printSpans(screenOf(history).spans, 200)).toBe('rpppppppppddddd');
  });

  it('takes no picture from before a reload for one after it', () => {
    const records = stripRecords('rpppppprrrrpppp', { stepMs: 200 });
    const late = records.map((record) =>
      record.type === 'frames' && record.atMs === 1500
        ? { ...record, frames: [...record.frames, [1430, 0, 7, 120] as const] }
        : record,
    );
    const history = historyOf({ viewers: [viewerOf()], records: late });
    expect(printSpans(screenOf(history).spans, 200)).toBe('rpppppprrrrpppp');
  });

  it('keeps a stall one stall when the player flickers between two reports', () => {
    const records = stripRecords('ppppppssssssssssssssspppp', { stepMs: 100 });
    const flicker: HistoryRecord[] = [
      { type: 'viewer', viewer: 'v1', event: 'playing', atMs: 1310 },
      { type: 'viewer', viewer: 'v1', event: 'waiting', atMs: 1420 },
    ];
    const history = historyOf({ viewers: [viewerOf()], records: [...records, ...flicker] });
    expect(printSpans(screenOf(history).spans, 100)).toBe('ppppppssssssssssssssspppp');
  });
});

describe('what nobody could see', () => {
  it('is unmeasured while the page was late and presented nothing', () => {
    expect(seen('pppppppp.....pppppp')).toBe('pppppppp.....pppppp');
  });

  it('is known again when frames were presented although the page was late', () => {
    const records = stripRecords('pppppppppppppppppppp', { stepMs: 100 }).map((record) =>
      record.type === 'frames' ? { ...record, player: { ...record.player, lateMs: 400 } } : record,
    );
    expect(screenOf(historyOf({ viewers: [viewerOf()], records })).spans).toHaveLength(1);
  });

  it('is frozen while the same picture is presented, whatever the player says of itself', () => {
    const records = stripRecords('ppppppffffffffffffpppp', { stepMs: 100 }).map((record) =>
      record.type === 'frames' && record.atMs > 600 && record.atMs < 1800
        ? { ...record, player: { ...record.player, canPlay: false } }
        : record,
    );
    const history = historyOf({ viewers: [viewerOf()], records });
    const everyOther = records.map((record) =>
      record.type === 'frames'
        ? { ...record, frames: record.frames.filter(([at]) => at < 600 || (at / FRAME_MS) % 2 < 1) }
        : record,
    );
    for (const seldom of [history, { ...history, records: everyOther }])
      expect(printSpans(screenOf(seldom).spans, 100)).toBe('ppppppffffffffffffpppp');
  });

  it('does not lose a long stall to a page that was late in the middle of it', () => {
    expect(seen('ppppppsssssssssss...sssssssssspppp')).toBe('ppppppsssssssssssssssssssssssspppp');
  });

  it('does not know when a stall began if the page was late then', () => {
    expect(seen('pppppppp....sssssssssspppp')).toMatch(/^p{8}\.{4,6}s{8,10}p{4}$/);
  });

  it('is unmeasured when the page says nothing for more than a second', () => {
    const records = stripRecords('ppppppppppssssssssssssssssssssssssspppp', {
      stepMs: 100,
    }).filter(({ type, atMs }) => type !== 'frames' || atMs <= 1500 || atMs >= 3000);
    const history = historyOf({ viewers: [viewerOf()], records });
    expect(printSpans(screenOf(history).spans, 100)).toBe(
      'ppppppppppsssss...............ssssspppp',
    );
  });

  it('is unmeasured when the page says nothing from the join on', () => {
    const records = stripRecords('rrrrrrrrrrrrrrrrrrrrrrrrrpppppppppp', { stepMs: 100 }).filter(
      ({ type, atMs }) => type !== 'frames' || atMs >= 2500,
    );
    const { spans } = screenOf(historyOf({ viewers: [viewerOf()], records }));
    expect(spans[0]).toEqual({ class: 'unmeasured', fromMs: 0, toMs: 2520 });
  });

  it('is unmeasured from the loss of the page to the first picture after its return', () => {
    const records = stripRecords('pppppppppprrrrrrpppp', { stepMs: 100 });
    const lost: HistoryRecord[] = [
      { type: 'viewer', viewer: 'v1', event: 'page-lost', atMs: 1000 },
      { type: 'viewer', viewer: 'v1', event: 'page-back', atMs: 1400 },
    ];
    const history = historyOf({ viewers: [viewerOf()], records: [...records, ...lost] });
    expect(printSpans(screenOf(history).spans, 100)).toBe('pppppppppp......pppp');
  });

  it('believes the last report for a second, not longer', () => {
    const records = stripRecords('pppppppppp', { stepMs: 100 }).filter(
      ({ type }) => type === 'frames' || type === 'viewer',
    );
    const open = records.filter((r) => r.type !== 'viewer' || r.event !== 'leave');
    const [track] = collectTracks(historyOf({ viewers: [viewerOf()], records: open }));
    const until = (endMs: number) => classify(track!, { frameMs: FRAME_MS, endMs })?.spans;
    expect(until(1900)).toEqual([{ class: 'programme', fromMs: 0, toMs: 1900 }]);
    expect(until(5000)).toEqual([
      { class: 'programme', fromMs: 0, toMs: 1000 },
      { class: 'unmeasured', fromMs: 1000, toMs: 5000 },
    ]);
  });
});

describe('what was shown while the page could not look', () => {
  const classes = (history: History) => screenOf(history).spans.map((span) => span.class);
  const moving = () => strip('pppppppppppppppppppp', 100);

  it('is programme between two frames of it that count on', () => {
    expect(classes(blocked(moving(), 1000, 1160))).toEqual(['programme']);
  });

  it('is programme each time, however often the page is busy', () => {
    let history = strip('p'.repeat(60), 100);
    for (let fromMs = 400; fromMs < 5500; fromMs += 240)
      history = blocked(history, fromMs, fromMs + 160);
    expect(classes(history)).toEqual(['programme']);
  });

  it('was called frozen by records that do not tell', () => {
    expect(classes(withoutFrames(moving(), 1000, 1160))).toEqual([
      'programme',
      'frozen',
      'programme',
    ]);
  });

  it('is unknown when it lasted as long as an interruption', () => {
    expect(classes(blocked(moving(), 1000, 1320))).toEqual([
      'programme',
      'unmeasured',
      'programme',
    ]);
  });

  it('is unknown between two classes', () => {
    const spans = screenOf(blocked(strip('ppppppppppbbbbbbbbbb', 100), 920, 1120)).spans;
    expect(spans.map((span) => span.class)).toEqual(['programme', 'unmeasured', 'black']);
    expect(spans[1]).toMatchObject({ fromMs: 920, toMs: 1120 });
  });

  it('is black between two black frames', () => {
    expect(classes(blocked(strip('pppppbbbbbbbbbbppppp', 100), 800, 960))).toEqual([
      'programme',
      'black',
      'programme',
    ]);
  });

  it('is black between two black frames for however long: black media goes on, too', () => {
    const dark = strip(`ppppp${'b'.repeat(20)}ppppp`, 100);
    const seen = classes(blocked(dark, 1000, 1600, { pictures: 1 }));
    expect(seen).toEqual(['programme', 'black', 'programme']);
  });

  it('is unknown when less of the programme went by than media was played', () => {
    const counted = blocked(moving(), 1000, 1160, { mediaMs: 1200 });
    expect(classes(counted)).toEqual(['programme', 'unmeasured', 'programme']);
  });

  it('does not hide that the picture stood still before the page was busy', () => {
    const still = withoutFrames(strip('p'.repeat(40), 100), 1000, 2000);
    const spans = screenOf(blocked(still, 2000, 2120, { mediaMs: 160 })).spans;
    expect(spans.map((span) => span.class)).toEqual([
      'programme',
      'frozen',
      'unmeasured',
      'programme',
    ]);
    expect(spans[1]).toMatchObject({ fromMs: 1000, toMs: 2000 });
  });

  it('is frozen through a freeze in the stream', () => {
    const frozen = strip('pppppppfffffffffffffpppppp', 100);
    expect(screenOf(blocked(frozen, 1000, 1160)).spans).toEqual(screenOf(frozen).spans);
  });

  it('is frozen where the same picture stood before and after it', () => {
    const still = withoutFrames(strip('pppppppfffffffffffffpppppp', 100), 720, 960);
    const { spans } = screenOf(blocked(still, 960, 1120));
    expect(spans.map((span) => span.class)).toEqual(['programme', 'frozen', 'programme']);
  });

  it('may have moved anywhere in a gap that media played through', () => {
    expect(classes(blocked(moving(), 1000, 1600, { pictures: 1 }))).toEqual([
      'programme',
      'unmeasured',
      'programme',
    ]);
  });

  it('stalled while the player had nothing to present, though it jumped on and one was not seen', () => {
    const stall = strip('ppppppppsssssssssssssssssssspppppp', 100);
    const jumped = blocked(stall, 800, 2800, { pictures: 1, mediaMs: 2100 });
    const { spans } = screenOf(jumped);
    expect(spans.map((span) => span.class)).toEqual([
      'programme',
      'stalled',
      'unmeasured',
      'programme',
    ]);
    expect(spans[1]).toMatchObject({ fromMs: 800, toMs: 2760 });
  });

  it.each([
    ['short and counted', 840, 1000, {}, []],
    ['as long as an interruption', 680, 1000, {}, [['unmeasured', 680]]],
    ['in the middle of it', 840, 1160, {}, [['unmeasured', 840]]],
    ['after a picture that stood still', 680, 1000, { pictures: 1, mediaMs: 40 }, STOOD_STILL],
  ] as const)(
    'is as well known when the viewer leaves or the record ends: %s',
    (_, fromMs, toMs, told, expected) => {
      const history = blocked(moving(), fromMs, toMs, told);
      const starts = [['programme', 0], ...expected];
      for (const ended of [screenOf(leavesAt(1000, history)), endsAt(1000, history)]) {
        expect(ended?.spans.map((span) => [span.class, span.fromMs])).toEqual(starts);
        expect(ended?.spans.at(-1)?.toMs).toBe(1000);
      }
    },
  );

  it('is unknown before an unreadable frame, after which the record ends', () => {
    const history = blocked(strip(`${'p'.repeat(30)}x`, 40), 1000, 1200);
    expect(screenOf(history).spans).toEqual([
      { class: 'programme', fromMs: 0, toMs: 1000 },
      { class: 'unmeasured', fromMs: 1000, toMs: 1240 },
    ]);
  });

  it('stood still where the browser presented nothing', () => {
    expect(classes(withoutFrames(moving(), 1000, 1600))).toEqual([
      'programme',
      'frozen',
      'programme',
    ]);
  });
});

describe('the start', () => {
  /** A first picture at 400 ms, maybe one at 440 ms, the next at 600 ms, playback from `playingMs`. */
  const startOf = (
    playingMs: number,
    { waitingMs, again }: { readonly waitingMs?: number; readonly again?: FrameSample[1] } = {},
  ) => {
    const history = withoutFrames(strip('rrrrpppppppp', 100), 440, 600);
    const records = history.records
      .filter((record) => record.type !== 'phase' && record.type !== 'end')
      .map((record) => (again === undefined ? record : withSecond(record, again)));
    const said = (event: 'waiting' | 'playing', atMs: number) =>
      ({ type: 'viewer', viewer: 'v1', event, atMs }) as const;
    const events = [
      ...(waitingMs === undefined ? [] : [said('waiting', waitingMs)]),
      said('playing', playingMs),
    ];
    return screenOf(historyOf({ viewers: [viewerOf()], records: [...records, ...events] })).spans;
  };

  /** The first picture again 40 ms later, with another mark. */
  const withSecond = (record: HistoryRecord, mark: FrameSample[1]): HistoryRecord =>
    record.type !== 'frames'
      ? record
      : {
          ...record,
          frames: record.frames.flatMap((frame): FrameSample[] => {
            const [atMs, , counter, luma] = frame;
            return atMs === 400 ? [frame, [440, mark, counter, luma]] : [frame];
          }),
        };

  it('lasts until playback begins: the first picture stands that long', () => {
    expect(startOf(570)).toEqual([
      { class: 'starting', fromMs: 0, toMs: 570 },
      { class: 'programme', fromMs: 570, toMs: 1200 },
    ]);
  });

  it('does not hide a picture that stands still after it', () => {
    expect(startOf(410).map((span) => span.class)).toEqual([
      'starting',
      'programme',
      'frozen',
      'programme',
    ]);
  });

  it('is over when the picture moves, whenever the player says so', () => {
    expect(startOf(900)[0]).toEqual({ class: 'starting', fromMs: 0, toMs: 600 });
  });

  it.each([
    ['before its first picture', 390, 570],
    ['with its first picture', 400, 400],
  ])('of a player that waits %s, at %i ms, lasts to %i ms', (_, waitingMs, toMs) => {
    expect(startOf(570, { waitingMs })[0]).toEqual({ class: 'starting', fromMs: 0, toMs });
  });

  it.each([
    ['lasts while the same picture is presented again', MARK.programme, 570],
    ['is over when a slate of the same moment takes its place', MARK.slate, 440],
  ])('%s', (_, again, toMs) => {
    expect(startOf(570, { again })[0]).toEqual({ class: 'starting', fromMs: 0, toMs });
  });
});

describe('the session', () => {
  it('lasts from join to leave', () => {
    const history = strip('rrppppp', { stepMs: 100, fromMs: 5000 });
    expect(screenOf(history)).toMatchObject({
      joinMs: 5000,
      leaveMs: 5700,
      watching: [{ fromMs: 5200 }],
    });
  });

  it('does not exist for a viewer who never joined', () => {
    const [track] = collectTracks(historyOf({ viewers: [viewerOf()], records: [] }));
    expect(classify(track!, { frameMs: FRAME_MS, endMs: 1000 })).toBeUndefined();
  });

  it('holds a viewer without a picture as starting to the end', () => {
    expect(screenOf(strip('rrrrrr', 100))).toMatchObject({
      watching: [],
      spans: [{ class: 'starting', fromMs: 0, toMs: 600 }],
    });
  });
});

/** A picture that stood from 640 ms on, and one that was not seen before the next. */
const STOOD_STILL = [
  ['frozen', 680],
  ['unmeasured', 960],
] as const;

const leavesAt = (atMs: number, history: History): History => ({
  ...history,
  records: history.records.map((record) =>
    record.type === 'viewer' && record.event === 'leave' ? { ...record, atMs } : record,
  ),
});

/** Nobody leaves, and the record ends then, but for what was told of pictures by then. */
function endsAt(endMs: number, history: History): Screen | undefined {
  const here = history.records.filter((one) => one.type !== 'viewer' || one.event !== 'leave');
  const [track] = collectTracks({ ...history, records: here });
  return classify(track!, { frameMs: FRAME_MS, endMs });
}

/** Frames presented in [fromMs, toMs) never were. */
function withoutFrames(history: History, fromMs: number, toMs: number): History {
  const records = history.records.map((record) =>
    record.type === 'frames'
      ? { ...record, frames: record.frames.filter(([at]) => at < fromMs || at >= toMs) }
      : record,
  );
  return { ...history, records };
}

/** The browser presented the frames of [fromMs, toMs) while no code of the page could run. */
function blocked(
  history: History,
  fromMs: number,
  toMs: number,
  told: { readonly pictures?: number; readonly mediaMs?: number } = {},
): History {
  const all = history.records.flatMap((record) => (record.type === 'frames' ? record.frames : []));
  const next = all.find(([at]) => at >= toMs);
  const before = all.findLast(([at]) => at < fromMs);
  const hidden = all.filter(([at]) => at >= fromMs && at < toMs);
  const { pictures = hidden.length, mediaMs = next![0] - before![0] } = told;
  const records = withoutFrames(history, fromMs, toMs).records.map((record) =>
    record.type !== 'frames'
      ? record
      : {
          ...record,
          frames: record.frames.map((frame): FrameSample => {
            const [atMs, mark, counter, luma] = frame;
            return frame[0] === next![0] ? [atMs, mark, counter, luma, pictures, mediaMs] : frame;
          }),
        },
  );
  return { ...history, records };
}
