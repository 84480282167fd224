// Events of one viewer -> the session, cut into loads: from join or reload to the next one.
//
//   join ....... reload ........ leave      join ........ end of the record
//   [-- load --)[---- load ----)[-- away --)[---- load ----)

import type { ViewerRecord } from '../model/history.ts';
import type { Interval } from './spans.ts';

export interface PlayerLife extends Interval {
  readonly kind: 'load' | 'away';
  /** A load that replaces a picture: its first frames may still be of the old one. */
  readonly reload: boolean;
}

export interface Session extends Interval {
  readonly stretches: readonly PlayerLife[];
  /** The time from a fatal error to the application's answer. */
  readonly dead: readonly Interval[];
  /** The page that measures was gone. */
  readonly pageLost: readonly Interval[];
}

/**
 * Gives the time from the first join to the last leave, or to `endMs` for who never left; undefined
 * for who never joined.
 */
export function readSession(events: readonly ViewerRecord[], endMs: number): Session | undefined {
  const stretches = splitByReload(events, endMs);
  const last = stretches.at(-1);
  if (!last) return undefined;
  return {
    fromMs: stretches[0]!.fromMs,
    toMs: last.toMs,
    stretches,
    dead: between(events, { opens: ['fatal'], closes: ANSWERS, endMs: last.toMs }),
    pageLost: between(events, { opens: ['page-lost'], closes: ['page-back'], endMs: last.toMs }),
  };
}

type Event = ViewerRecord['event'];

const ANSWERS: readonly Event[] = ['startLoad', 'reload', 'join', 'leave'];

function splitByReload(events: readonly ViewerRecord[], endMs: number): PlayerLife[] {
  const stretches: PlayerLife[] = [];
  let open: Omit<PlayerLife, 'toMs'> | undefined;
  const turn = (next: Omit<PlayerLife, 'toMs'>) => {
    if (open) stretches.push({ ...open, toMs: next.fromMs });
    open = next;
  };
  for (const { event, atMs } of events) {
    if (event === 'join') turn({ kind: 'load', reload: open?.kind === 'load', fromMs: atMs });
    else if (event === 'reload' && open) turn({ kind: 'load', reload: true, fromMs: atMs });
    else if (event === 'leave' && open) turn({ kind: 'away', reload: false, fromMs: atMs });
  }
  if (open?.kind === 'load') stretches.push({ ...open, toMs: Math.max(endMs, open.fromMs) });
  return stretches;
}

interface Bracket {
  readonly opens: readonly Event[];
  readonly closes: readonly Event[];
  readonly endMs: number;
}

/** Gives the time from each opening event to the next closing one, or to the end. */
function between(events: readonly ViewerRecord[], { opens, closes, endMs }: Bracket): Interval[] {
  const intervals: Interval[] = [];
  let fromMs: number | undefined;
  for (const { event, atMs } of events) {
    if (opens.includes(event)) fromMs ??= atMs;
    else if (fromMs !== undefined && closes.includes(event)) {
      intervals.push({ fromMs, toMs: atMs });
      fromMs = undefined;
    }
  }
  if (fromMs !== undefined) intervals.push({ fromMs, toMs: Math.max(endMs, fromMs) });
  return intervals;
}
