// Harms of `watch`, which shows a stream of others.

import { execa } from 'execa';
import { EXIT } from '../../harness/model/errors.ts';
import { startMediaServer } from '../support/mediaServer.ts';
import type { Harm, Prepared } from './harms.ts';

const FILM = [
  ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=192x108:r=25:d=30', '-c:v', 'libx264'],
  ...['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-f', 'hls', '-hls_time', '2'],
  ...['-hls_playlist_type', 'vod', 'index.m3u8'],
];

/** Half a minute of pictures, and a server for them. */
async function watching({ folder }: { readonly folder: string }): Promise<Prepared> {
  await execa('ffmpeg', FILM, { cwd: folder, timeout: 60_000 });
  const server = await startMediaServer(folder);
  return {
    env: {},
    instead: {
      command: ['watch', `${server.url}/index.m3u8`, '--for', '25s'],
      name: 'watch-127-0-0-1',
    },
    shut: async () => server[Symbol.asyncDispose](),
  };
}

const asked = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL'): Harm => ({
  kind: 'watch',
  name: `${signal} for watch`,
  runtimes: ['processes'],
  moments: ['provision', 'steady', 'disrupt'],
  codes: [signal === 'SIGKILL' ? null : EXIT.interrupted],
  ...(signal !== 'SIGKILL' && { says: /^interrupted: /gm }),
  prepare: watching,
  befall: ({ child }) => void child.kill(signal),
});

export const WATCH_HARMS: readonly Harm[] = (
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const
).map(asked);
