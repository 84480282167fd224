// Turns what virtual videos show, and what players and applications do, into spans: from when to when
// a viewer saw what. The words are those of the ledger (docs/measure.md).

import type { ShownRecord, ViewerRecord } from '../../harness/model/history.ts';
import type { Shown } from './shown.ts';

export type Span = Pick<ShownRecord, 'viewer' | 'look' | 'counter'> & {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
};

export interface Screen {
  readonly shows: (shown: Shown, atEpochMs: number) => void;
  /** The picture moves no more. */
  readonly stands: (atEpochMs: number) => void;
  /** Takes an event; what is told late is put where it belongs. */
  readonly event: (event: ViewerRecord['event'], atEpochMs: number) => void;
  /** Gives the spans that ended, up to an instant until which everything has been told. */
  readonly take: (untilEpochMs: number) => readonly Span[];
  /** Ends the span that lasts. */
  readonly close: (atEpochMs: number) => readonly Span[];
}

interface State {
  watching: boolean;
  moving: Shown | undefined;
  /** A picture was seen since the player was made. */
  started: boolean;
  dead: boolean;
}

interface Change {
  readonly atEpochMs: number;
  readonly apply: (state: State) => void;
}

export function createScreen(viewer: {
  readonly id: string;
  readonly channelNumber: number;
}): Screen {
  const state: State = { watching: false, moving: undefined, started: false, dead: false };
  let changes: Change[] = [];
  let open: Omit<Span, 'toEpochMs'> | undefined;
  const change = (atEpochMs: number, apply: Change['apply']) =>
    void changes.push({ atEpochMs, apply });
  const end = (toEpochMs: number): readonly Span[] => {
    const ended = open && toEpochMs > open.fromEpochMs ? [{ ...open, toEpochMs }] : [];
    open = undefined;
    return ended;
  };
  const carryOut = ({ atEpochMs, apply }: Change): readonly Span[] => {
    const before = state.moving;
    apply(state);
    const look = state.watching ? chooseLook(state, viewer.channelNumber) : undefined;
    if (look === open?.look && state.moving === before) return [];
    const ended = end(atEpochMs);
    if (look === undefined) return ended;
    const counter = look === 'programme' && state.moving ? state.moving.counter : undefined;
    open = {
      viewer: viewer.id,
      look,
      fromEpochMs: atEpochMs,
      ...(counter !== undefined && { counter }),
    };
    return ended;
  };
  const take = (untilEpochMs: number): readonly Span[] => {
    if (changes.length === 0) return NO_SPANS;
    const due = changes.filter(({ atEpochMs }) => atEpochMs <= untilEpochMs);
    changes = changes.filter(({ atEpochMs }) => atEpochMs > untilEpochMs);
    return due.toSorted((a, b) => a.atEpochMs - b.atEpochMs).flatMap(carryOut);
  };
  return {
    shows: (shown, atEpochMs) =>
      change(atEpochMs, (now) => {
        now.moving = shown;
        now.started = true;
      }),
    stands: (atEpochMs) => change(atEpochMs, (now) => (now.moving = undefined)),
    event: (event, atEpochMs) => change(atEpochMs, EFFECTS[event] ?? (() => undefined)),
    take,
    close: (atEpochMs) => [...take(atEpochMs), ...end(atEpochMs)],
  };
}

const NO_SPANS: readonly Span[] = [];

const anew = (state: State): void => {
  state.moving = undefined;
  state.started = false;
  state.dead = false;
};

/** Changes the screen by events; the others change nothing. */
const EFFECTS: Partial<Record<ViewerRecord['event'], Change['apply']>> = {
  join: (state) => {
    anew(state);
    state.watching = true;
  },
  reload: anew,
  startLoad: (state) => (state.dead = false),
  fatal: (state) => (state.dead = true),
  leave: (state) => (state.watching = false),
};

const MOVING = { programme: 'programme', still: 'frozen', black: 'black', slate: 'slate' } as const;

/** A player that gave up shows what it has; the picture of another channel is no programme. */
function chooseLook({ moving, started, dead }: State, channelNumber: number): ShownRecord['look'] {
  if (!moving) return dead ? 'dead' : started ? 'stalled' : 'starting';
  const { kind, channel } = moving.run;
  return kind === 'programme' && channel !== channelNumber ? 'slate' : MOVING[kind];
}
