// Picture strips: what a screen shows, one letter a step, as a history that judge reads; and spans
// back in the same letters, so that a failing test shows two pictures that differ.
//
//   p programme   b black     f frozen (the same frame again)   l slate   o another channel
//   s stalled     d dead      r starting (join, else reload)    x bright and unreadable
//   - left        . no sample: the page was late for as long as it lasts

import { counterAt } from '../../harness/model/frameClock.ts';
import {
  HISTORY_VERSION,
  MARK,
  type FrameSample,
  type FramesRecord,
  type History,
  type HistoryRecord,
  type RunRecord,
  type ViewerDescription,
  type ViewerRecord,
} from '../../harness/model/history.ts';
import type { Plan, PlannedAction } from '../../harness/model/plan.ts';
import type { ScreenClass, Span } from '../../harness/model/report.ts';
import type { Design, Expectation, Scenario } from '../../harness/model/scenario.ts';
import { sealing } from '../../harness/model/seal.ts';
import { INPUT_FAILOVER } from './inputFailover.ts';

const FPS = 25;
const FRAME_MS = 1000 / FPS;
const REPORT_MS = 250;
/** A multiple of the frame time, so that counters begin with the strip. */
const STARTED_AT_EPOCH_MS = 1_757_708_100_000;
/** Glass-to-glass of every strip. */
export const STRIP_LATENCY_MS = 6000;

export interface StripOptions {
  readonly stepMs: number;
  readonly viewer?: Partial<ViewerDescription>;
  /** When the first letter begins. */
  readonly fromMs?: number;
  /** Moves the presentation of the n-th frame. */
  readonly jitterMs?: (n: number) => number;
}

/** The records of one viewer. */
export function stripRecords(letters: string, options: StripOptions): HistoryRecord[] {
  const cells = cellsOf(letters, options);
  const { id } = viewerOf(options.viewer);
  const frames = framesOf(cells, options.jitterMs ?? (() => 0));
  const records = [...eventsOf(cells, id), ...reportsOf(cells, frames, id)];
  return records.toSorted((a, b) => a.atMs - b.atMs);
}

/** A whole run with one viewer (and none that controls it), complete or not. */
export function strip(letters: string, options: StripOptions | number): History {
  const given = typeof options === 'number' ? { stepMs: options } : options;
  return historyOf({
    viewers: [viewerOf(given.viewer)],
    records: stripRecords(letters, given),
  });
}

/** Spans in letters: the class in the middle of each step. */
export function printSpans(spans: readonly Span[], stepMs: number): string {
  const fromMs = spans[0]?.fromMs ?? 0;
  const toMs = spans.at(-1)?.toMs ?? 0;
  let text = '';
  for (let at = fromMs + stepMs / 2; at < toMs; at += stepMs) {
    const span = spans.find((s) => s.fromMs <= at && at < s.toMs);
    text += span ? LETTERS[span.class] : '?';
  }
  return text;
}

const LETTERS: Readonly<Record<ScreenClass, string>> = {
  programme: 'p',
  frozen: 'f',
  silent: 'm',
  black: 'b',
  slate: 'l',
  stalled: 's',
  starting: 'r',
  dead: 'd',
  left: '-',
  unmeasured: '.',
};

export interface HistoryParts {
  readonly viewers: readonly ViewerDescription[];
  readonly records: readonly HistoryRecord[];
  readonly engine?: RunRecord['engine'];
  readonly actions?: readonly PlannedAction[];
  readonly expectations?: readonly Expectation[];
  readonly scenario?: Partial<Scenario>;
  /** False for a record without its last line. */
  readonly ended?: boolean;
}

/** Sorted, with the phases and the end around the records. */
export function historyOf(parts: HistoryParts): History {
  const latestMs = parts.records.reduce((max, { atMs }) => Math.max(max, atMs), 0);
  const frame: HistoryRecord[] = [{ type: 'phase', atMs: 0, phase: 'disrupt' }];
  const end: HistoryRecord[] = [{ type: 'end', atMs: latestMs, reason: 'complete' }];
  const ended = parts.ended ?? true;
  return {
    run: runRecord(parts),
    records: [...frame, ...parts.records, ...(ended ? end : [])].toSorted(
      (a, b) => a.atMs - b.atMs,
    ),
    truncated: !ended,
  };
}

export const viewerOf = (viewer: Partial<ViewerDescription> = {}): ViewerDescription => ({
  id: 'v1',
  channel: 'one',
  channelNumber: 1,
  player: 'hls.js',
  control: false,
  ...viewer,
});

/** The journal as it stands on disk. */
export const ndjson = ({ run, records }: Pick<History, 'run' | 'records'>): string =>
  sealed([run, ...records]);

/** Lines of a journal with their seals. */
export function sealed(records: readonly object[], seal = sealing()): string {
  return records.map((record) => `${seal(record)}\n`).join('');
}

/** The line of a journal as JSON without its seal. */
export const withoutSeal = (line: string): string =>
  line.replace(/,"line":\d+,"sum":"\w{8}"\}$/, '}');

/** The same journal after a change to its records, as if it had been written so. */
export const resealed = (text: string): string =>
  sealed(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(withoutSeal(line)) as object),
  );

interface Cell {
  readonly letter: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Equal letters in a row are one cell. */
function cellsOf(letters: string, { stepMs, fromMs = 0 }: StripOptions): Cell[] {
  const cells: Cell[] = [];
  for (const [i, letter] of [...letters].entries()) {
    const last = cells.at(-1);
    const toMs = fromMs + (i + 1) * stepMs;
    if (last?.letter === letter) cells[cells.length - 1] = { ...last, toMs };
    else cells.push({ letter, fromMs: fromMs + i * stepMs, toMs });
  }
  return cells;
}

function eventsOf(cells: readonly Cell[], viewer: string): ViewerRecord[] {
  const events: ViewerRecord[] = [];
  const put = (event: ViewerRecord['event'], atMs: number) =>
    events.push({ type: 'viewer', viewer, event, atMs });
  for (const [i, { letter, fromMs, toMs }] of cells.entries()) {
    const before = cells[i - 1]?.letter;
    if (before === undefined) put('join', fromMs);
    else if (before === '-' && letter !== '-') put('join', fromMs);
    else if (before === 'd' && letter !== 'r') put('startLoad', fromMs);
    if (letter === 'r' && before !== undefined && before !== '-') put('reload', fromMs);
    if (letter === 's') put('waiting', fromMs);
    if (before === 's') put('playing', fromMs);
    if (letter === 'd') put('fatal', fromMs);
    if (letter === '-') put('leave', fromMs);
    if (i === cells.length - 1 && letter !== '-') put('leave', toMs);
  }
  return events;
}

function framesOf(cells: readonly Cell[], jitterMs: (n: number) => number): FrameSample[] {
  const frames: FrameSample[] = [];
  let shown = -1;
  let n = 0;
  for (const { letter, fromMs, toMs } of cells) {
    const first = Math.ceil(fromMs / FRAME_MS - 1e-9) * FRAME_MS;
    for (let atMs = first; atMs < toMs; atMs += FRAME_MS) {
      const due = counterAt(STARTED_AT_EPOCH_MS + atMs - STRIP_LATENCY_MS, FPS);
      if (letter === 'p') shown = due;
      const frame = sampleOf(letter, { shown, due });
      if (frame) frames.push([atMs + jitterMs(n), ...frame]);
      n += 1;
    }
  }
  return frames;
}

function sampleOf(
  letter: string,
  { shown, due }: { shown: number; due: number },
): [FrameSample[1], number, number] | undefined {
  switch (letter) {
    case 'p':
    case 'f':
      return [MARK.programme, shown, 120];
    case 'b':
      return [MARK.none, -1, 0];
    case 'l':
      return [MARK.slate, due, 90];
    case 'o':
      return [MARK.other, due, 120];
    case 'x':
      return [MARK.none, -1, 130];
    default:
      return undefined;
  }
}

/** Four reports a second, except while the page is late; the report after that says how late. */
function reportsOf(
  cells: readonly Cell[],
  frames: readonly FrameSample[],
  viewer: string,
): FramesRecord[] {
  const records: FramesRecord[] = [];
  const startMs = cells[0]?.fromMs ?? 0;
  const endMs = cells.at(-1)?.toMs ?? 0;
  let sent = 0;
  let spokenMs = startMs;
  for (let atMs = startMs + REPORT_MS; atMs < endMs + REPORT_MS; atMs += REPORT_MS) {
    const at = Math.min(atMs, endMs);
    const since = cells.filter(({ fromMs, toMs }) => toMs > spokenMs && fromMs <= at);
    const letter = since.findLast(({ fromMs, toMs }) => fromMs <= at && at < toMs)?.letter;
    if (letter === '.' || letter === '-') continue;
    let next = sent;
    while (next < frames.length && frames[next]![0] <= at) next += 1;
    const late = since.filter((cell) => cell.letter === '.');
    records.push({
      type: 'frames',
      atMs: at,
      viewer,
      frames: frames.slice(sent, next),
      player: {
        canPlay: !'srd'.includes(letter ?? cells.at(-1)!.letter),
        bufferedMs: 0,
        lateMs: Math.max(0, ...late.map(({ fromMs, toMs }) => toMs - fromMs)),
      },
    });
    sent = next;
    spokenMs = at;
  }
  return records;
}

function runRecord({ viewers, engine = 'simulate', ...parts }: HistoryParts): RunRecord {
  return {
    type: 'run',
    atMs: 0,
    version: HISTORY_VERSION,
    id: 'strip',
    engine,
    startedAtEpochMs: STARTED_AT_EPOCH_MS,
    harness: '0.0.0',
    plan: planOf(parts),
    environment: {
      runtime: 'none',
      runtimeReason: 'a strip of letters',
      toxiproxy: 'none',
      node: 'none',
      platform: 'none',
      cores: 0,
      memoryMb: 0,
      tools: {},
    },
    viewers,
  };
}

function planOf({
  actions = [],
  expectations = [],
  scenario = {},
}: Pick<HistoryParts, 'actions' | 'expectations' | 'scenario'>): Plan {
  return {
    scenario: {
      name: 'strip',
      title: 'A strip',
      description: '',
      kind: 'drill',
      sources: [],
      assumptions: [],
      design: DESIGN,
      clock: undefined,
      seed: 1,
      viewers: { count: 1, player: 'hls.js', policy: { onFatal: 'none' }, config: {} },
      steady: { holdMs: 1000, withinMs: 10_000 },
      windows: [],
      faults: [],
      recover: { withinMs: 60_000 },
      expectations,
      guardrails: [],
      file: '',
      ...scenario,
    },
    compress: 1,
    seed: 1,
    actions,
    disruptMs: actions.at(-1)?.atMs ?? 0,
    recoverWithinMs: 60_000,
    cutMs: 0,
  };
}

const PLACE = { zone: 'lab', operator: 'nobody', country: 'FR' };

const DESIGN: Design = {
  name: 'strip',
  title: 'A strip',
  description: '',
  sources: [],
  channels: ['one', 'two'],
  media: {
    width: 320,
    height: 180,
    fps: FPS,
    contributionKbps: 2000,
    segmentMs: 1000,
    playlistSegments: 6,
    ladder: [{ width: 320, height: 180, videoKbps: 400 }],
  },
  stages: [
    {
      ...PLACE,
      role: 'playout',
      name: 'playout',
      source: { kind: 'synthetic' },
      sendBufferMs: 500,
      reconnectMs: 500,
      gopMs: 1_000,
    },
    {
      ...PLACE,
      role: 'transcoder',
      name: 'transcoder',
      inputLoss: { repeatMs: 1000, blackMs: 1000, then: 'slate' },
      failBackMs: 500,
      inputLossAction: 'emit',
      upload: { timeoutMs: 2000, retries: 2, retryDelayMs: 200, maxAgeMs: 8000 },
      inputFailover: INPUT_FAILOVER,
    },
    { ...PLACE, role: 'origin', name: 'origin', whenStale: 'serve', staleAfterMs: 6000 },
    {
      ...PLACE,
      role: 'edge',
      name: 'edge',
      playlistTtlMs: 500,
      segmentTtlMs: 60_000,
      errorTtlMs: 0,
      staleIfError: false,
      collapse: true,
      originTimeoutMs: 2000,
    },
  ],
  links: [
    { name: 'connect-up', from: 'playout', to: 'transcoder' },
    { name: 'connect-down', from: 'transcoder', to: 'origin' },
  ],
};
