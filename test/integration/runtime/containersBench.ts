// A containers runtime for tests, with what it emitted. Without an engine these tests cannot run:
// a machine for CI has one (`.ci/engine start`), elsewhere the title of the group says it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Unstamped } from '../../../harness/model/history.ts';
import { connectEngine, type Engine } from '../../../harness/runtime/containers/engine.ts';
import type { ImageTarget } from '../../../harness/runtime/containers/imageBuild.ts';
import {
  startContainersRuntime,
  type ContainersRuntime,
} from '../../../harness/runtime/containers.ts';

export interface ContainersBench extends AsyncDisposable {
  readonly dir: string;
  readonly runId: string;
  readonly runtime: ContainersRuntime;
  readonly records: Unstamped[];
  readonly signal: AbortSignal;
}

/** The first build fetches packages. */
export const BUILD_MS = 600_000;

export const engine: Engine | undefined = await connectEngine().catch((error: unknown) => {
  if (process.env['CI']) throw error;
  return undefined;
});

export const title = (text: string): string =>
  engine ? text : `${text} (not run: no container engine answers)`;

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
    ...{ dir, runId, runtime, records, signal },
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
