// Marks playlists that were not uploaded for too long, so that nginx can tell by a file. The age
// of a playlist is the time since the origin last received it.

import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';

export interface StalenessOptions {
  readonly root: string;
  readonly staleRoot: string;
  readonly staleAfterMs: number;
  readonly note: (detail: string) => void;
}

const LOOK_EVERY_MS = 200;

/** Looks until the signal is aborted. */
export async function watchStaleness(
  options: StalenessOptions,
  signal: AbortSignal,
): Promise<void> {
  const marked = new Set<string>();
  while (!signal.aborted) {
    for (const path of await mediaPlaylists(options.root)) {
      // A file may be replaced or deleted while we look.
      await look(path, marked, options).catch(() => undefined);
    }
    await systemClock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}

async function look(path: string, marked: Set<string>, options: StalenessOptions): Promise<void> {
  const { mtimeMs } = await stat(join(options.root, path));
  const stale = systemClock.epochMs() - mtimeMs > options.staleAfterMs;
  if (stale === marked.has(path)) return;
  const mark = join(options.staleRoot, path);
  if (stale) {
    await mkdir(dirname(mark), { recursive: true });
    await writeFile(mark, '');
    marked.add(path);
  } else {
    await unlink(mark);
    marked.delete(path);
  }
  options.note(`playlist ${path} is ${stale ? 'stale' : 'fresh again'}`);
}

/** `<channel>/<rung>/index.m3u8`; the multivariant playlist above them does not age. */
async function mediaPlaylists(root: string): Promise<string[]> {
  const found = await readdir(root, { recursive: true }).catch(() => []);
  return found.filter((path) => path.endsWith('.m3u8') && path.split('/').length > 2);
}
