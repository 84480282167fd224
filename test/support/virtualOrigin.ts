// An origin in memory, in virtual time: it stores what is put, and can be out of reach.

import type { Clock } from '../../harness/kernel/clock.ts';
import type { Send } from '../../harness/pipeline/transcoder/uploader.ts';
import type { Playlists } from '../../harness/pipeline/web/staleness.ts';

const ANSWER_MS = 20;

export function virtualOrigin(clock: Clock) {
  const files = new Map<string, { readonly body: string; readonly atEpochMs: number }>();
  const stale = new Set<string>();
  const state: { reach: 'answers' | 'silent' | 'refuses'; status: number } = {
    reach: 'answers',
    status: 201,
  };
  const requests: string[] = [];
  const send: Send = async ({ method, path, body = '' }, signal) => {
    requests.push(`${method} ${path}`);
    if (state.reach === 'refuses') throw new Error('connect ECONNREFUSED');
    if (state.reach === 'silent') await clock.sleep(Infinity, signal);
    await clock.sleep(ANSWER_MS, signal);
    if (state.status >= 300) return state.status;
    if (method === 'PUT') files.set(path, { body: String(body), atEpochMs: clock.epochMs() });
    else files.delete(path);
    return method === 'PUT' ? 201 : 204;
  };
  const playlists: Playlists = {
    stored: async () =>
      [...files]
        .filter(([path]) => path.endsWith('/index.m3u8') && path.split('/').length > 3)
        .map(([path, { atEpochMs }]) => ({ path, atEpochMs })),
    mark: async (path, old) => void (old ? stale.add(path) : stale.delete(path)),
  };
  const textOf = (path: string): string => files.get(path)?.body ?? '';
  return { send, playlists, state, requests, files, stale, textOf };
}
