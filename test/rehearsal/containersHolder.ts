// A harness for tests to kill: runs an origin in a container, says what happens to it as lines of
// JSON, and disposes of the runtime when its standard input says so.

import { mkdtemp } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { HarnessError } from '../../harness/model/errors.ts';
import { startContainersRuntime } from '../../harness/runtime/containers.ts';
import { launchOf, ORIGIN } from '../integration/pipeline/chain.ts';

const [runId = '', folder = ''] = process.argv.slice(2);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const signal = AbortSignal.timeout(600_000);
const runtime = await startContainersRuntime({
  runId,
  runDir: await mkdtemp(`${folder}/`),
  emit: (record) => record.type === 'log' && say({ log: record.text }),
  signal,
});
const origin = await runtime.start(launchOf(ORIGIN), signal);
void origin.exited.then((exited) => say({ exited }));
say({ ready: origin.hostAddress });

for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'dispose') continue;
  const disposed = await Promise.resolve(runtime[Symbol.asyncDispose]()).then(
    () => 'clean',
    ({ code, message }: HarnessError) => `${code}: ${message}`,
  );
  say({ disposed });
  break;
}
process.exit();
