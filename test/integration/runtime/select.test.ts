// `--runtime auto` where the engine is not what it should be.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuntimeChoice } from '../../../harness/runtime/select.ts';

const ASKER = fileURLToPath(new URL('engineAsker.ts', import.meta.url));

async function choiceWith(dockerHost: string): Promise<RuntimeChoice> {
  const env = { DOCKER_HOST: dockerHost };
  const { stdout } = await execa(process.execPath, [ASKER], { env, timeout: 30_000 });
  return JSON.parse(stdout) as RuntimeChoice;
}

let folder = '';
let silent: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecran-noir-test-'));
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(join(folder, 'silent.sock'), resolve));
});
afterAll(async () => {
  silent.close();
  await rm(folder, { recursive: true, force: true });
});

describe('auto takes processes', () => {
  test('when no engine is running', async () => {
    const { kind, reason } = await choiceWith(`unix://${folder}/none.sock`);
    expect(kind).toBe('processes');
    expect(reason).toMatch('does not exist');
  });

  test('when the engine does not answer, without waiting for it', async () => {
    const { kind, reason } = await choiceWith(`unix://${folder}/silent.sock`);
    expect(kind).toBe('processes');
    expect(reason).toMatch('does not answer');
  });

  test('when the engine that was named is gone, though another is here', async () => {
    const { kind, reason } = await choiceWith('tcp://127.0.0.1:1');
    expect(kind).toBe('processes');
    expect(reason).toMatch('tcp://127.0.0.1:1');
  });
});
