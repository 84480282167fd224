// A containers runtime for tests, with what it emitted.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Unstamped } from '../../../harness/model/history.ts';
import type { ImageTarget } from '../../../harness/runtime/containers/imageBuild.ts';
import {
  startContainersRuntime,
  type ContainersRuntime,
} from '../../../harness/runtime/containers.ts';
import { BUILD_MS } from '../../support/engine.ts';

export interface ContainersBench extends AsyncDisposable {
  readonly dir: string;
  readonly runId: string;
  readonly runtime: ContainersRuntime;
  readonly records: Unstamped[];
  readonly signal: AbortSignal;
}

let runs = 0;

export async function startContainersBench(
  images: readonly ImageTarget[] = [],
): Promise<ContainersBench> {
  const dir = await mkdtemp(join(tmpdir(), 'ecran-noir-test-'));
  const records: Unstamped[] = [];
  const runId = `test-${process.pid}-${runs++}`;
  const signal = AbortSignal.timeout(BUILD_MS);
  const emit = (record: Unstamped) => void records.push(record);
  const runtime = await startContainersRuntime({ runId, runDir: dir, emit, images, signal });
  return {
    dir,
    runId,
    runtime,
    records,
    signal,
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
