// Images that cannot be built, and what a build does with the images it replaces.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HarnessError } from '../../../harness/model/errors.ts';
import type { Engine, EngineApi } from '../../../harness/runtime/containers/engine.ts';
import {
  BASE_IMAGE,
  buildImages,
  TARGET_LABEL,
} from '../../../harness/runtime/containers/imageBuild.ts';
import { ensureImages, listImages } from '../../../harness/runtime/containers/images.ts';
import { nodeFor } from '../../../harness/runtime/containers/nodeBinary.ts';
import { followProgress } from '../../../harness/runtime/containers/progress.ts';
import { BUILD_MS, engine, title } from '../../support/engine.ts';

const { signal } = new AbortController();
/** Nobody's content. */
const HASH = '000000000000';

let folder: string;
beforeAll(async () => {
  if (engine) await ensureImages({ engine, targets: ['stage'], signal });
}, BUILD_MS);
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function buildWith(of: Engine): Promise<HarnessError> {
  const content = { node: await nodeFor(of.arch), hash: HASH };
  return buildImages({ engine: of, signal }, ['stage'], content).then(
    () => {
      throw new Error('it was built');
    },
    (error: unknown) => error as HarnessError,
  );
}

/** The same engine, and a step in the Dockerfile that cannot be done. */
function withStep(step: string): Engine {
  const buildImage = (...[file, options]: Parameters<EngineApi['buildImage']>) => {
    const { context } = file as { context: string };
    const path = join(context, 'Dockerfile');
    const from = 'FROM base AS stage\n';
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, `${from}RUN ${step}\n`));
    return engine!.api.buildImage(file, options as object);
  };
  const api = new Proxy(engine!.api, {
    get: (target, key) =>
      key === 'buildImage' ? buildImage : (Reflect.get(target, key) as unknown),
  });
  return { ...engine!, api };
}

describe.runIf(engine)(title('a build that fails'), () => {
  test('shows what its last step said', async () => {
    const error = await buildWith(withStep('echo these are my last words; exit 3'));
    expect(error).toMatchObject({ code: 'IMAGE_BUILD_FAILED', target: `ecran-noir-stage:${HASH}` });
    expect(error.message).toContain('these are my last words');
    expect(error.hint).toContain('ecran-noir images build');
  });

  test('for want of room in a container of the build is told apart', async () => {
    const step = 'dd if=/dev/zero of=/dev/shm/full bs=1M count=1024';
    const error = await buildWith(withStep(step));
    expect(error.message).toContain('No space left on device');
    expect(error).toMatchObject({ code: 'CANNOT_WRITE' });
    expect(error.hint).toContain("the engine's disk is full");
  });

  test('for want of room in the temporary folder says which, and leaves nothing there', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
    try {
      vi.stubEnv('TMPDIR', folder);
      const error = await buildWith(engine!);
      expect(error).toMatchObject({ code: 'CANNOT_WRITE', target: folder });
      expect(error.message).toContain('ENOSPC');
      expect(error.hint).toContain('TMPDIR');
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

describe.runIf(engine)(title('a build that succeeds'), () => {
  test('removes the images it replaces, but for those that a container is made of', async () => {
    const { api } = engine!;
    await older('unused');
    await older('used');
    const user = await api.createContainer({ Image: 'ecran-noir-stage:used', Cmd: ['true'] });
    const current = (await listImages(engine!)).find((it) => it.current && it.target === 'stage');
    const name = current?.name ?? '';
    try {
      // Its layers stay, so that it is built again in no time.
      await api.getImage(name).tag({ repo: 'ecran-noir-test', tag: 'kept' });
      await api.getImage(name).remove();
      const said: string[] = [];
      const onProgress = (_: string, text: string) => void said.push(text);
      await ensureImages({ engine: engine!, targets: ['stage'], onProgress, signal });
      expect(said).toContain('removed ecran-noir-stage:unused, outdated');
      expect(said.join('\n')).not.toContain('ecran-noir-stage:used');
      const names = (await listImages(engine!)).map((image) => image.name);
      expect(names).toContain('ecran-noir-stage:used');
      expect(names).not.toContain('ecran-noir-stage:unused');
    } finally {
      await user.remove({ force: true });
      for (const tag of ['ecran-noir-stage:used', 'ecran-noir-test:kept'])
        await api.getImage(tag).remove();
    }
  });
});

/** An image as another version of the harness would have built it. */
async function older(tag: string): Promise<void> {
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${BASE_IMAGE}\nRUN echo ${tag} >/${tag}\n`);
  const { api } = engine!;
  const stream = await api.buildImage(
    { context: folder, src: ['Dockerfile'] },
    { t: `ecran-noir-stage:${tag}`, labels: { [TARGET_LABEL]: 'stage' }, forcerm: true },
  );
  await followProgress(api, stream);
}
