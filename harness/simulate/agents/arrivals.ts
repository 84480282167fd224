// When pictures of a channel's contribution arrive at its transcoder, in closed form: the production
// sender on a link whose condition changes in steps (harness/simulate/contribution.ts plays it).

import type { PlayoutStage } from '../../model/scenario.ts';
import { PEER_IDLE_MS } from '../../pipeline/playout/sender.ts';
import { TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import type { Conditions } from './forces.ts';
import { changeAfter, valueAt, type Interval, type Steps } from './steps.ts';

export interface ContributionWay {
  readonly playout: Pick<PlayoutStage, 'reconnectMs' | 'gopMs'>;
  readonly flow: Steps<Conditions>;
  readonly life: Steps<LifeState>;
  /** The epoch at the start of the disrupt phase: pictures that a decoder can begin with go by it. */
  readonly epochMs: number;
}

type State = 'passes' | 'hold' | 'drop' | 'refuse' | 'reset' | 'quiet' | 'down';

/** The sender looks as often whether its peer is idle. */
const LOOK_MS = 200;

/** Gives the intervals in which pictures arrive, at the mixer's side of the decoder. */
export function findArrivals(way: ContributionWay): Interval[] {
  const intervals: Interval[] = [];
  let fromMs = -Infinity;
  for (const { states, fromMs: lostMs, toMs } of badSpans(way)) {
    const delayMs = valueAt(way.flow, lostMs - 1).forward.delayMs;
    intervals.push({ fromMs, toMs: Math.max(fromMs, lostMs + delayMs + TIMES.decodeMs) });
    fromMs = backMs(states, lostMs, toMs, way);
  }
  if (fromMs < Infinity) intervals.push({ fromMs, toMs: Infinity });
  return intervals;
}

interface BadSpan extends Interval {
  readonly states: readonly { readonly state: State; readonly fromMs: number }[];
}

function badSpans({ flow, life }: ContributionWay): BadSpan[] {
  const spans: { fromMs: number; toMs: number; states: BadSpan['states'][number][] }[] = [];
  for (let atMs = -Infinity; atMs < Infinity;) {
    const toMs = Math.min(changeAfter(flow, atMs), changeAfter(life, atMs));
    const state = stateAt(valueAt(flow, atMs), valueAt(life, atMs));
    const last = spans.at(-1);
    if (state !== 'passes' && last?.toMs === atMs) {
      last.toMs = toMs;
      last.states.push({ state, fromMs: atMs });
    } else if (state !== 'passes')
      spans.push({ fromMs: atMs, toMs, states: [{ state, fromMs: atMs }] });
    atMs = toMs;
  }
  return spans;
}

function stateAt({ forward }: Conditions, life: LifeState): State {
  if (life === 'down' || life === 'absent') return 'down';
  if (life === 'paused') return 'quiet';
  return forward.cut ?? 'passes';
}

/** The first picture after a span without: of the same connection, or of a new one. */
function backMs(
  states: BadSpan['states'],
  fromMs: number,
  toMs: number,
  way: ContributionWay,
): number {
  if (toMs === Infinity) return Infinity;
  const delayMs = valueAt(way.flow, toMs).forward.delayMs;
  const last = states.at(-1)!;
  const idleMs = PEER_IDLE_MS + LOOK_MS / 2;
  const isQuiet = ({ state }: BadSpan['states'][number]) => state === 'hold' || state === 'quiet';
  if (states.every(isQuiet) && toMs - fromMs < idleMs)
    return (
      toMs + TIMES.decodeMs + delayMs + (last.state === 'quiet' ? TIMES.encodeContributionMs : 0)
    );
  const connectedMs = connectedAgainMs(last, toMs, way.playout.reconnectMs, idleMs);
  // The answers that a held connection kept are there at once, and a picture to begin with is in it.
  if (last.state === 'hold' && connectedMs <= toMs) return toMs + TIMES.decoderStartMs + delayMs;
  return firstWholeMs(connectedMs, way) + TIMES.decoderStartMs + delayMs;
}

/** When the sender has a connection that carries again. */
function connectedAgainMs(
  { state, fromMs }: BadSpan['states'][number],
  toMs: number,
  reconnectMs: number,
  idleMs: number,
): number {
  const redialMs = reconnectMs + TIMES.connectMs;
  switch (state) {
    case 'drop':
      return toMs + redialMs;
    case 'refuse':
    case 'reset':
      return fromMs + Math.ceil((toMs - fromMs) / redialMs) * redialMs;
    case 'hold':
    case 'quiet': {
      const intoMs = (toMs - fromMs - idleMs) % (idleMs + redialMs);
      return intoMs < redialMs ? toMs + redialMs - intoMs : toMs;
    }
    case 'down':
    case 'passes':
      return toMs + TIMES.connectMs;
  }
}

/** When the first picture is sent that a decoder can begin with. */
function firstWholeMs(atMs: number, { playout, epochMs }: ContributionWay): number {
  const madeMs = epochMs + atMs - TIMES.encodeContributionMs;
  const wholeMs = Math.ceil(madeMs / playout.gopMs) * playout.gopMs;
  return wholeMs - epochMs + TIMES.encodeContributionMs;
}
