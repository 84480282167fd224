// Asks edges for a playlist, as a player would, to know which of them fail.

import type { Clock } from '../../kernel/clock.ts';
import { rungFolder } from '../transcoder/tracks.ts';

export interface EdgeWatch<E extends { readonly stage: string }> {
  readonly clock: Clock;
  /** Tells whether an edge answers well for a path, within so long. */
  readonly serves: (edge: E, path: string, withinMs: number) => Promise<boolean>;
  readonly edges: readonly E[];
  /** Those that fail now. */
  readonly failing: Set<E>;
  readonly channels: ReadonlySet<string>;
  readonly checkEveryMs: number;
  readonly note: (detail: string) => void;
}

/** An edge that takes longer to answer for a playlist is no better than one that does not. */
const ANSWER_WITHIN_MS = 1_000;

/** Looks until the signal is aborted. */
export async function watchEdges<E extends { readonly stage: string }>(
  { clock, serves, edges, failing, channels, checkEveryMs, note }: EdgeWatch<E>,
  signal: AbortSignal,
): Promise<void> {
  const answers = (edge: E) =>
    [...channels].map((channel) =>
      serves(edge, `/${channel}/${rungFolder(0)}/index.m3u8`, ANSWER_WITHIN_MS),
    );
  while (!signal.aborted) {
    await Promise.all(
      edges.map(async (edge) => {
        const served = await Promise.all(answers(edge));
        const fails = served.length > 0 && !served.includes(true);
        if (signal.aborted || fails === failing.has(edge)) return;
        if (fails) failing.add(edge);
        else failing.delete(edge);
        note(`${edge.stage} ${fails ? 'fails: preferred last' : 'serves again'}`);
      }),
    );
    await clock.sleep(checkEveryMs, signal).catch(() => undefined);
  }
}
