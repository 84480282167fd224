// Follows what each viewer's screen shows now, and how long it has been black so far, from records
// as they stream in. For guardrails and for people who watch a run; the report is judged from the
// whole record later, with what the control and late pages say, which this leaves out.

import type {
  FrameSample,
  FramesRecord,
  HistoryRecord,
  ShownRecord,
  ViewerDescription,
  ViewerRecord,
} from '../model/history.ts';
import type { ScreenClass } from '../model/report.ts';
import { followSilence, type LiveSilence } from './liveSilence.ts';
import { classifyLook, type Look } from './look.ts';
import { emptyLedger, type Ledger } from './ledger.ts';
import type { Interval } from './spans.ts';
import { GLITCH_MS, HICCUP_MS, RECORD_GAP_MS } from './thresholds.ts';

export interface LiveViewer {
  readonly viewer: ViewerDescription;
  /** The class in the page's last report; `unmeasured` when that is too long ago. */
  readonly shows: ScreenClass;
  /** Since when it has shown that. */
  readonly sinceMs: number;
  /** So far; a loss that goes on is counted up to the last report. */
  readonly ledger: Ledger;
  readonly blackScreenMs: number;
  readonly programmeLossMs: number;
  /** Lost the programme for longer than a glitch at least once. */
  readonly interrupted: boolean;
}

export interface LiveClassifier {
  readonly record: (record: HistoryRecord) => void;
  /** Gives viewers in the order of the wall; those who have not joined yet are `left`. */
  readonly view: (atMs: number) => readonly LiveViewer[];
}

export interface LiveOptions {
  readonly viewers: readonly ViewerDescription[];
  readonly fps: number;
}

export function liveClassifier({ viewers, fps }: LiveOptions): LiveClassifier {
  const screens = new Map(viewers.map((viewer) => [viewer.id, newScreen(viewer, 1000 / fps)]));
  return {
    record: (record) => {
      if (record.type === 'viewer') screens.get(record.viewer)?.pending.push(record);
      else if (record.type === 'frames') hear(screens.get(record.viewer), record);
      else if (record.type === 'shown') hearShown(screens.get(record.viewer), record);
    },
    view: (atMs) => [...screens.values()].map((screen) => viewLiveScreen(screen, atMs)),
  };
}

interface LiveScreen {
  readonly viewer: ViewerDescription;
  readonly frameMs: number;
  /** Events whose frames have not been reported yet. */
  pending: ViewerRecord[];
  readonly ledger: Record<ScreenClass, number>;
  blackMs: number;
  /** Everything before is in the ledger. */
  settledMs: number;
  heardMs: number;
  shows: ScreenClass;
  sinceMs: number;
  /** Length of the present loss. */
  lossMs: number;
  interrupted: boolean;
  here: boolean;
  dead: boolean;
  starved: boolean;
  everSeen: boolean;
  /** Playback has begun since the last join or reload: until then a first picture only stands. */
  begun: boolean;
  /** The picture on the screen, when it was new, and which it was. */
  picture: { look: Look; freshMs: number; counter: number } | undefined;
  /** Absent where a programme may make no sound. */
  readonly silence: LiveSilence | undefined;
  /** The last seconds in which it showed the programme. */
  programme: Interval[];
}

const newScreen = (viewer: ViewerDescription, frameMs: number): LiveScreen => ({
  viewer,
  frameMs,
  pending: [],
  ledger: emptyLedger(),
  blackMs: 0,
  settledMs: 0,
  heardMs: 0,
  shows: 'left',
  sinceMs: 0,
  lossMs: 0,
  interrupted: false,
  here: false,
  dead: false,
  starved: false,
  everSeen: false,
  begun: false,
  picture: undefined,
  silence: viewer.clockless ? undefined : followSilence(),
  programme: [],
});

/** A report holds the frames since the last one: only now is it known what happened between events. */
function hear(screen: LiveScreen | undefined, record: FramesRecord): void {
  if (!screen) return;
  const { atMs, frames, player } = record;
  const moments = [
    ...screen.pending.map((event) => ({ atMs: event.atMs, event, frame: undefined })),
    ...frames.map((frame) => ({ atMs: frame[0], event: undefined, frame })),
  ].toSorted((a, b) => a.atMs - b.atMs);
  screen.pending = [];
  for (const { event, frame } of moments) {
    if (event) happen(screen, event);
    else present(screen, frame);
  }
  settle(screen, atMs);
  screen.starved = !player.canPlay;
  screen.heardMs = atMs;
  listen(screen, record);
}

/** Sound is told of later than pictures, and may have been silent for a while before it counts. */
const KEPT_MS = 3_000;

function listen(screen: LiveScreen, record: FramesRecord): void {
  const { silence, programme, ledger } = screen;
  const silentMs = silence?.hear(record, programme) ?? 0;
  screen.programme = programme.filter(({ toMs }) => toMs > record.atMs - KEPT_MS);
  ledger.silent += silentMs;
  ledger.programme -= silentMs;
  screen.interrupted ||= silentMs > 0;
}

/** The record says itself what was shown; media that was played counts as the programme. */
function hearShown(screen: LiveScreen | undefined, { look, fromMs, toMs }: ShownRecord): void {
  if (!screen) return;
  const left = screen.pending.findLast(({ event }) => event === 'join' || event === 'leave');
  screen.pending = [];
  if (left) screen.here = left.event === 'join';
  spend(screen, 'left', fromMs);
  screen.everSeen ||= look === 'programme';
  spend(screen, look, toMs);
  screen.heardMs = toMs;
}

function happen(screen: LiveScreen, { event, atMs }: ViewerRecord): void {
  settle(screen, atMs);
  if (event === 'waiting') screen.starved = true;
  else if (event === 'playing') screen.starved = false;
  if (screen.picture && (event === 'waiting' || event === 'playing')) begin(screen, atMs);
  else if (event === 'fatal') screen.dead = true;
  if (event === 'startLoad' || event === 'reload' || event === 'join') screen.dead = false;
  if (event === 'reload' || event === 'join') {
    screen.picture = undefined;
    screen.begun = false;
  }
  if (event === 'join') {
    if (!screen.here) screen.everSeen = false;
    screen.here = true;
  }
  if (event === 'leave') screen.here = false;
}

function present(screen: LiveScreen, sample: FrameSample): void {
  const [atMs, mark, counter, luma, unseen = 0] = sample;
  const look = classifyLook(mark, luma);
  const { picture } = screen;
  if (!screen.here || (picture && atMs < picture.freshMs)) return;
  if (picture && look === 'programme' && picture.look === look && picture.counter === counter) {
    return;
  }
  // A picture shown and not seen moved, as far as anybody knows: the judge looks closer.
  const standing = picture && isStanding(screen, atMs - unseen * screen.frameMs);
  if (screen.begun && picture && !standing) spend(screen, picture.look, atMs);
  else settle(screen, atMs);
  if (picture) begin(screen, atMs);
  screen.picture = { look, freshMs: atMs, counter };
}

/** A first picture that stood until now is new to who watches the playback. */
function begin(screen: LiveScreen, atMs: number): void {
  if (!screen.begun && screen.picture) screen.picture.freshMs = atMs;
  screen.begun = true;
  screen.everSeen = true;
}

/** Light viewers tell every two seconds what they show. */
const SPAN_GAP_MS = 2_000 + RECORD_GAP_MS;

const dueMs = ({ picture, frameMs }: LiveScreen): number => (picture?.freshMs ?? 0) + frameMs;

const isStanding = (screen: LiveScreen, atMs: number): boolean => atMs - dueMs(screen) > HICCUP_MS;

/** Books the time up to a moment, as far as it is already known what it was. */
function settle(screen: LiveScreen, atMs: number): void {
  const { picture } = screen;
  if (!screen.here) spend(screen, 'left', atMs);
  else if (!picture || !screen.begun) spend(screen, screen.dead ? 'dead' : 'starting', atMs);
  else {
    spend(screen, picture.look, Math.min(atMs, dueMs(screen)));
    if (isStanding(screen, atMs)) spend(screen, standingClass(screen, picture.look), atMs);
  }
}

function standingClass({ dead, starved }: LiveScreen, look: Look): ScreenClass {
  if (dead) return 'dead';
  if (starved) return 'stalled';
  return look === 'programme' ? 'frozen' : look;
}

function spend(screen: LiveScreen, name: ScreenClass, untilMs: number): void {
  const ms = untilMs - screen.settledMs;
  if (ms <= 0) return;
  if (screen.shows !== name) {
    screen.shows = name;
    screen.sinceMs = screen.settledMs;
  }
  const isBlack = BLACK.has(name) || (name === 'starting' && screen.everSeen);
  screen.lossMs = isBlack || name === 'slate' ? screen.lossMs + ms : 0;
  screen.interrupted ||= screen.lossMs >= GLITCH_MS;
  if (isBlack) screen.blackMs += ms;
  if (name !== 'left') screen.ledger[name] += ms;
  if (name === 'programme' && screen.silence)
    screen.programme.push({ fromMs: screen.settledMs, toMs: untilMs });
  screen.settledMs = untilMs;
}

const BLACK: ReadonlySet<ScreenClass> = new Set(['black', 'frozen', 'stalled', 'dead']);

const showsNow = ({ shows, silence }: LiveScreen): ScreenClass =>
  shows === 'programme' && silence?.goesOn() ? 'silent' : shows;

function viewLiveScreen(screen: LiveScreen, atMs: number): LiveViewer {
  const { viewer, ledger, blackMs, interrupted } = screen;
  const gapMs = viewer.imitates === undefined ? RECORD_GAP_MS : SPAN_GAP_MS;
  const silent = screen.here && atMs - screen.heardMs > gapMs;
  return {
    viewer,
    shows: silent ? 'unmeasured' : showsNow(screen),
    sinceMs: Math.round(silent ? screen.heardMs : screen.sinceMs),
    ledger: { ...ledger },
    blackScreenMs: Math.round(blackMs),
    programmeLossMs: Math.round(blackMs + ledger.slate + ledger.silent),
    interrupted,
  };
}
