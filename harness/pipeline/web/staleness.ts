// Marks playlists that were not uploaded for too long. The age of a playlist is the time since the
// origin last received it.

import type { Clock } from '../../kernel/clock.ts';

export interface StalenessOptions {
  readonly clock: Clock;
  readonly playlists: Playlists;
  readonly staleAfterMs: number;
  readonly note: (detail: string) => void;
}

/** The media playlists that an origin stores. */
export interface Playlists {
  readonly stored: () => Promise<readonly StoredPlaylist[]>;
  /** Says of a playlist that it is old, or is no more. */
  readonly mark: (path: string, stale: boolean) => Promise<void>;
}

export interface StoredPlaylist {
  readonly path: string;
  /** When it was last uploaded. */
  readonly atEpochMs: number;
}

const LOOK_EVERY_MS = 200;

/** Looks until the signal is aborted. */
export async function watchStaleness(
  { clock, playlists, staleAfterMs, note }: StalenessOptions,
  signal: AbortSignal,
): Promise<void> {
  const marked = new Set<string>();
  const look = async ({ path, atEpochMs }: StoredPlaylist): Promise<void> => {
    const stale = clock.epochMs() - atEpochMs > staleAfterMs;
    if (stale === marked.has(path)) return;
    await playlists.mark(path, stale);
    if (stale) marked.add(path);
    else marked.delete(path);
    note(`playlist ${path} is ${stale ? 'stale' : 'fresh again'}`);
  };
  while (!signal.aborted) {
    // A file may be replaced or deleted while we look.
    for (const playlist of await playlists.stored()) await look(playlist).catch(() => undefined);
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}
