// Media playlists in the folder of an origin, and the files that tell nginx which of them are old.

import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Playlists } from './staleness.ts';

/** `staleRoot` mirrors `root`: a file there marks the playlist of that path as old. */
export const storedPlaylists = (root: string, staleRoot: string): Playlists => ({
  stored: async () => {
    const found = await readdir(root, { recursive: true }).catch(() => []);
    const times = found.filter(isMediaPlaylist).map(async (path) => {
      const file = await stat(join(root, path)).catch(() => undefined);
      return file ? [{ path, atEpochMs: file.mtimeMs }] : [];
    });
    return (await Promise.all(times)).flat();
  },
  mark: async (path, stale) => {
    const mark = join(staleRoot, path);
    if (!stale) return unlink(mark);
    await mkdir(dirname(mark), { recursive: true });
    await writeFile(mark, '');
  },
});

/** `<channel>/<rung>/index.m3u8` or an MPD; the multivariant playlist above them does not age. */
const isMediaPlaylist = (path: string): boolean =>
  path.endsWith('.mpd') || (path.endsWith('.m3u8') && path.split('/').length > 2);
