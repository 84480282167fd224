// Holds requests until what they want is there. It waits for news of uploads, and looks for itself
// in case that news was lost.

import { dirname, posix } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { judgeWanted, partAt, readEnd, readWanted, type PlaylistEnd } from './blocking.ts';

export interface HoldOptions {
  readonly clock: Clock;
  readonly files: HeldFiles;
}

/** The files that an origin stores; paths begin with `/<channel>`. */
export interface HeldFiles {
  /** Undefined for a file that is not there. */
  readonly text: (path: string) => Promise<string | undefined>;
  readonly has: (path: string) => Promise<boolean>;
  /** Tells whether a playlist counts as old: nobody is to wait for it any more. */
  readonly isStale: (path: string) => Promise<boolean>;
}

/** The end of a wait: `go` leaves the answer to whoever would give it at once. */
export type Held = 'go' | 400 | 503;

export interface Holds {
  /** Settles when the request can be answered; rejects with the reason of an aborted signal. */
  readonly hold: (path: string, query: URLSearchParams, signal: AbortSignal) => Promise<Held>;
  /** A file was stored. */
  readonly stored: (path: string) => void;
}

const LOOK_EVERY_MS = 200;
/** A playlist that does not come within so many target durations is given up (RFC 8216bis 6.2.5.2). */
const HELD_TARGETS = 3;

export function createHolds({ clock, files }: HoldOptions): Holds {
  const uploads = new Map<string, PromiseWithResolvers<void>>();
  /** Settles with the next upload into a folder. */
  const nextUpload = (folder: string): Promise<void> => {
    const next = uploads.get(folder) ?? Promise.withResolvers<void>();
    uploads.set(folder, next);
    return next.promise;
  };
  return {
    stored: (path) => {
      uploads.get(dirname(path))?.resolve();
      uploads.delete(dirname(path));
    },
    hold: async (path, query, signal) => {
      const sinceEpochMs = clock.epochMs();
      for (;;) {
        // Asked for before looking, so that nothing comes between.
        const uploaded = nextUpload(dirname(path));
        const seen = await look(path, query, files);
        if (typeof seen !== 'object') return seen;
        const leftMs = sinceEpochMs + HELD_TARGETS * seen.targetMs - clock.epochMs();
        if (leftMs <= 0) return 503;
        await atMost(Math.min(LOOK_EVERY_MS, leftMs), uploaded, { clock, signal });
      }
    },
  };
}

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function atMost(ms: number, event: Promise<void>, { clock, signal }: Waiting): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([event, clock.sleep(ms, AbortSignal.any([signal, over.signal]))]);
  } finally {
    over.abort();
  }
}

/** Gives the playlist that is waited for, or the end of the wait. */
const look = (path: string, query: URLSearchParams, files: HeldFiles) =>
  partAt(path) ? lookForPart(path, files) : lookForPlaylist(path, query, files);

async function lookForPlaylist(
  path: string,
  query: URLSearchParams,
  files: HeldFiles,
): Promise<Held | PlaylistEnd> {
  const wanted = readWanted(query);
  if (wanted === 'wrong') return 400;
  const end = readEnd((await files.text(path)) ?? '');
  if (!wanted || !end || (await files.isStale(path))) return 'go';
  const judged = judgeWanted(wanted, end);
  if (judged === 'soon') return end;
  return judged === 'listed' ? 'go' : 400;
}

/** A part that is neither there nor near is left to be not found. */
async function lookForPart(path: string, files: HeldFiles): Promise<Held | PlaylistEnd> {
  const wanted = partAt(path);
  if (!wanted || (await files.has(path))) return 'go';
  const end = readEnd((await files.text(posix.join(dirname(path), 'index.m3u8'))) ?? '');
  return end && judgeWanted(wanted, end) === 'soon' ? end : 'go';
}
