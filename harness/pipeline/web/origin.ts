// The origin: nginx that takes uploads and serves them.

import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import type { OriginStage } from '../../model/scenario.ts';
import { PROBE } from '../../model/world.ts';
import { listenOn } from '../listen.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { accessCounters } from './accessLog.ts';
import { diskFault } from './disk.ts';
import { startFaultServer } from './faultServer.ts';
import { startHoldServer } from './holdServer.ts';
import { startNginx } from './nginx.ts';
import { originHttp } from './originConfig.ts';
import { watchStaleness } from './staleness.ts';
import { storedPlaylists } from './storedPlaylists.ts';

export async function startOrigin(context: StageContext): Promise<RunningStage> {
  const { config, signal, log, note, fail } = context;
  const { workDir, tools, uploadToken } = config;
  const { whenStale, staleAfterMs } = config.stage as OriginStage;
  const [root, staleRoot] = [join(workDir, 'root'), join(workDir, 'stale')];
  await mkdir(join(root, dirname(PROBE.path)), { recursive: true });
  await writeFile(join(root, PROBE.path), Buffer.alloc(PROBE.downBytes, '.'));
  const hang = createServer((socket) => void socket.on('error', () => undefined).resume());
  const hangPort = await listenOn(hang, { host: '127.0.0.1', port: 0 });
  const faults = await startFaultServer({ workDir, note, log });
  const disk = diskFault({ workDir, note, log });
  const faultLines = `${disk.nginxLines}\n${faults.nginxLines}`;
  const holds =
    config.media.latency === 'low' ? await startHoldServer({ root, staleRoot, log }) : undefined;
  const holdLines = holds?.lines;
  const accesses = accessCounters();
  const nginx = await startNginx({
    command: tools.nginx,
    workDir,
    listen: config.listen,
    log,
    fail,
    http: (listen) =>
      originHttp({
        listen,
        whenStale,
        root,
        staleRoot,
        hangPort,
        faultLines,
        holdLines,
        uploadToken,
      }),
    onAccess: (access) => {
      accesses.add(access);
      if (access.method === 'PUT') holds?.stored(access.path);
    },
  });
  faults.truthAt = nginx.localUrl;
  if (whenStale !== 'serve') {
    const playlists = storedPlaylists(root, staleRoot);
    watchStaleness({ clock: systemClock, playlists, staleAfterMs, note }, signal).catch(fail);
  }
  const { port, stop } = nginx;
  return {
    port,
    stop,
    stats: accesses.stats,
    command: (command) => ('disk' in command ? disk : faults).command(command),
  };
}
