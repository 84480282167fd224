// The edge: nginx that caches what the origin serves.

import { join } from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import type { EdgeStage } from '../../model/scenario.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { accessCounters } from './accessLog.ts';
import { edgeHttp } from './edgeConfig.ts';
import { startFaultServer } from './faultServer.ts';
import { startNginx } from './nginx.ts';

export async function startEdge(context: StageContext): Promise<RunningStage> {
  const { config, log, note, fail, cmcd } = context;
  const { workDir, tools, media, sendsTo: origins } = config;
  if (origins.length === 0)
    throw new HarnessError('STAGE_FAILED', 'an edge needs the address of its origin');
  const stage = config.stage as EdgeStage;
  const faults = await startFaultServer({ workDir, note, log });
  const faultLines = faults.nginxLines;
  const cacheDir = join(workDir, 'cache');
  const accesses = accessCounters();
  const nginx = await startNginx({
    command: tools.nginx,
    workDir,
    listen: config.listen,
    log,
    fail,
    http: (listen) => edgeHttp({ listen, origins, stage, media, cacheDir, faultLines }),
    onAccess: (access) => {
      accesses.add(access);
      if (access.cmcd) cmcd(access.cmcd);
    },
  });
  faults.truthAt = nginx.localUrl;
  const { port, stop } = nginx;
  return { port, stats: accesses.stats, command: faults.command, stop };
}
