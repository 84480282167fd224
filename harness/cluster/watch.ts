// Watches shards that play elsewhere until the result of each is here, or it is known to be lost.

import { systemClock, type Clock } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { listIndexes, type ShardState, type Submitted } from './cluster.ts';

export interface Watching {
  readonly submitted: Pick<Submitted, 'look' | 'lastWords'>;
  readonly shards: number;
  readonly isHere: (index: number) => boolean;
  /** Is called for each change of a shard. */
  readonly onChange: (state: ShardState) => void;
  /** The time after which what has not ended is given up. */
  readonly limitMs: number | undefined;
  readonly clock?: Clock;
}

const EVERY_MS = 1_000;
/** Shared file systems show a new file up to a minute late. */
const ARRIVES_WITHIN_MS = 60_000;
/** A controller that is started again is away for less. */
const SILENT_MS_MAX = 120_000;

/**
 * Answers the shards that did not end well, each with its reason as a clause; of some the result may
 * be here all the same. Rejects when the cluster stays silent.
 */
export async function watchShards(
  watching: Watching,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const { submitted, limitMs = Infinity, clock = systemClock } = watching;
  const lost = new Map<number, string>();
  const open = new Set(listIndexes(watching));
  const follow = followShard(watching, clock);
  const startedMs = clock.epochMs();
  let answeredMs = startedMs;
  while (open.size > 0) {
    const states = await submitted.look().catch((error: unknown) => {
      if (!signal.aborted && clock.epochMs() - answeredMs > SILENT_MS_MAX) throw error;
      return undefined;
    });
    if (states) answeredMs = clock.epochMs();
    for (const index of states ? open : []) {
      // A shard that the cluster does not know any more has ended.
      const state = states?.find((one) => one.index === index) ?? { index, phase: 'ended' };
      const end = await follow(state);
      if (end) open.delete(index);
      if (end?.reason !== undefined) lost.set(index, end.reason);
    }
    const late = clock.epochMs() - startedMs > limitMs;
    if (signal.aborted || late) {
      const end = late ? overLimit(limitMs) : INTERRUPTED;
      for (const index of open) {
        const why = states?.find((state) => state.index === index)?.reason;
        lost.set(index, why === undefined ? end : `${end} (${why})`);
      }
      return lost;
    }
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
  return lost;
}

const INTERRUPTED = 'the suite was interrupted';
const overLimit = (ms: number): string =>
  `it had not ended within the ${formatDuration(ms)} of --time-limit`;

/** Tells changes; answers the end of a shard, with the reason where it is lost. */
function followShard({ submitted, isHere, onChange }: Watching, clock: Clock) {
  const said = new Map<number, string>();
  const sinceMs = new Map<number, number>();
  return async (state: ShardState): Promise<{ readonly reason?: string } | undefined> => {
    const { index, phase, reason } = state;
    const text = JSON.stringify(state);
    if (said.get(index) !== text) onChange(state);
    said.set(index, text);
    const [hasEnded, here] = [phase === 'ended', isHere(index)];
    if (hasEnded && here && reason === undefined) return {};
    if (hasEnded && reason !== undefined) return { reason: await explain(index, reason) };
    // One of the two comes late: the file, or the word that it has ended.
    if (!hasEnded && !here) sinceMs.delete(index);
    else if (!sinceMs.has(index)) sinceMs.set(index, clock.epochMs());
    if (clock.epochMs() - (sinceMs.get(index) ?? clock.epochMs()) <= ARRIVES_WITHIN_MS)
      return undefined;
    return here ? {} : { reason: await explain(index, 'it ended without a result') };
  };

  async function explain(index: number, reason: string): Promise<string> {
    const words = lastLines(await submitted.lastWords(index).catch(() => ''));
    return words === '' ? reason : `${reason} (${words})`;
  }
}

const LINES = 3;

const lastLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-LINES)
    .join(' ');
