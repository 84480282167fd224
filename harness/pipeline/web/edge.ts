// The edge: nginx that caches what the origin serves.

import { join } from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import type { EdgeStage } from '../../model/scenario.ts';
import type { RunningStage, StageContext } from '../stage.ts';
import { accessCounters } from './accessLog.ts';
import { edgeHttp } from './edgeConfig.ts';
import { startNginx } from './nginx.ts';

export async function startEdge({ config, log, fail }: StageContext): Promise<RunningStage> {
  const { workDir, tools, sendsTo: origin } = config;
  if (!origin) throw new HarnessError('STAGE_FAILED', 'an edge needs the address of its origin');
  const accesses = accessCounters();
  const nginx = await startNginx({
    ...{ command: tools.nginx, workDir, listen: config.listen, log, fail },
    http: (listen) =>
      edgeHttp({
        ...{ listen, origin, stage: config.stage as EdgeStage, cacheDir: join(workDir, 'cache') },
      }),
    onAccess: accesses.add,
  });
  return { port: nginx.port, stats: accesses.stats, stop: nginx.stop };
}
