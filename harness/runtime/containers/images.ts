// Our images on the engine: built when what they are made of has changed, listed, removed.

import { rm } from 'node:fs/promises';
import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import { createOwnedFolder } from '../owner.ts';
import { contentHash, writeBuildContext } from './buildContext.ts';
import { asEngineError, type Engine } from './engine.ts';
import { nodeFor, type NodeBinary } from './nodeBinary.ts';

/** Targets of the Dockerfile. */
export const IMAGE_TARGETS = ['stage', 'browser'] as const;
export type ImageTarget = (typeof IMAGE_TARGETS)[number];

export interface EnsureImagesOptions {
  readonly engine: Engine;
  readonly targets: readonly ImageTarget[];
  /** Build again even when nothing changed, with newer packages. */
  readonly fresh?: boolean;
  /** One line of what is being done. */
  readonly onProgress?: (target: ImageTarget, text: string) => void;
  readonly signal: AbortSignal;
}

export interface ImageInfo {
  readonly id: string;
  /** `ecran-noir-stage:1f2e3d4c5b6a` */
  readonly name: string;
  readonly target: ImageTarget;
  readonly sizeMb: number;
  /** Made of the files as they are now. */
  readonly current: boolean;
}

const TARGET_LABEL = 'ecran-noir.image';
const HASH_LABEL = 'ecran-noir.content';
/** Packages come over the network; a build measured here takes half a minute. */
const BUILD_MS = 15 * 60_000;
const LIST_MS = 10_000;
const LAST_LINES = 15;

const nameOf = (target: ImageTarget, hash: string): string => `ecran-noir-${target}:${hash}`;

/** Names of the images to start, built first where needed. Throws IMAGE_BUILD_FAILED, CANNOT_WRITE. */
export async function ensureImages(
  options: EnsureImagesOptions,
): Promise<Readonly<Partial<Record<ImageTarget, string>>>> {
  const { engine, targets, fresh = false } = options;
  const node = await nodeFor(engine.arch);
  const hash = await contentHash(node);
  const there = new Set(fresh ? [] : (await ourImages(engine)).flatMap(({ names }) => names));
  const missing = targets.filter((target) => !there.has(nameOf(target, hash)));
  if (missing.length > 0) await build(options, missing, node, hash);
  return Object.fromEntries(targets.map((target) => [target, nameOf(target, hash)]));
}

export async function listImages(engine: Engine): Promise<readonly ImageInfo[]> {
  const hash = await contentHash(await nodeFor(engine.arch));
  const images = await ourImages(engine);
  return images.map(({ id, names, target, sizeMb }) => ({
    id,
    name: names[0] ?? id.slice(7, 19),
    target,
    sizeMb,
    current: names.includes(nameOf(target, hash)),
  }));
}

/** Removes our images that no container uses; answers the names of those that are gone. */
export async function removeImages(
  engine: Engine,
  which: 'all' | 'outdated' = 'all',
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { id, name, current } of await listImages(engine)) {
    if (which === 'outdated' && current) continue;
    const gone = await withDeadline({ ms: LIST_MS * 3, what: `removing ${name}` }, () =>
      engine.api.getImage(id).remove({ force: true }),
    ).then(
      () => true,
      (error: { statusCode?: number }) => {
        if (error.statusCode === 409) return false; // a container uses it
        throw asEngineError(error, name, 'ENGINE_UNAVAILABLE');
      },
    );
    if (gone) removed.push(name);
  }
  return removed;
}

/** Where a machine without a registry got the base image from; see docs/containers.md. */
export const BASE_IMAGE = 'debian:bookworm-slim';

export const hasImage = (engine: Engine, name: string): Promise<boolean> =>
  withDeadline({ ms: LIST_MS, what: `the engine to look for ${name}` }, () =>
    engine.api.getImage(name).inspect(),
  ).then(
    () => true,
    (error: { statusCode?: number }) => {
      if (error.statusCode === 404) return false;
      throw asEngineError(error, name, 'ENGINE_UNAVAILABLE');
    },
  );

/** Names of all images that the engine has, ours or not. */
export const imageNames = (engine: Engine): Promise<readonly string[]> =>
  withDeadline({ ms: LIST_MS, what: 'the list of images' }, async () =>
    (await engine.api.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []),
  ).catch((error: unknown) => {
    throw asEngineError(error, 'images', 'ENGINE_UNAVAILABLE');
  });

interface OurImage {
  readonly id: string;
  readonly names: readonly string[];
  readonly target: ImageTarget;
  readonly sizeMb: number;
}

async function ourImages(engine: Engine): Promise<readonly OurImage[]> {
  const images = await withDeadline({ ms: LIST_MS, what: 'the list of images' }, () =>
    engine.api.listImages({ filters: JSON.stringify({ label: [TARGET_LABEL] }) }),
  ).catch((error: unknown) => {
    throw asEngineError(error, 'images', 'ENGINE_UNAVAILABLE');
  });
  return images.map((image) => ({
    id: image.Id,
    names: (image.RepoTags ?? []).map((name) => name.replace(/^localhost\//, '')),
    target: image.Labels[TARGET_LABEL] === 'browser' ? 'browser' : 'stage',
    sizeMb: Math.round(image.Size / 1e6),
  }));
}

async function build(
  options: EnsureImagesOptions,
  targets: readonly ImageTarget[],
  node: NodeBinary,
  hash: string,
): Promise<void> {
  const folder = await createOwnedFolder('image');
  try {
    const src = await writeBuildContext(folder, node, options.signal);
    for (const target of targets) await buildTarget(options, { folder, src, target, hash });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface TargetBuild {
  readonly folder: string;
  readonly src: readonly string[];
  readonly target: ImageTarget;
  readonly hash: string;
}

async function buildTarget(options: EnsureImagesOptions, job: TargetBuild): Promise<void> {
  const { engine, onProgress, signal } = options;
  const { folder, src, target, hash } = job;
  const name = nameOf(target, hash);
  const lines: string[] = [];
  const say = (text: string) => {
    lines.push(text);
    if (lines.length > LAST_LINES) lines.shift();
    onProgress?.(target, text);
  };
  say(`building ${name}`);
  try {
    await withDeadline({ ms: BUILD_MS, what: `the build of ${name}`, signal }, async (ending) => {
      const stream = await engine.api.buildImage(
        { context: folder, src: [...src] },
        {
          t: name,
          target,
          labels: { [TARGET_LABEL]: target, [HASH_LABEL]: hash },
          nocache: options.fresh ?? false,
          rm: true,
          forcerm: true,
          abortSignal: ending,
        },
      );
      await follow(engine, stream, say);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw buildError(name, error, lines);
  }
}

interface BuildEvent {
  readonly stream?: string;
  readonly status?: string;
  readonly progress?: string;
}

/** Settles with the build. Progress bars of a pull are left out: they are many and say little. */
function follow(
  engine: Engine,
  stream: NodeJS.ReadableStream,
  say: (text: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.api.modem.followProgress(
      stream,
      (error: Error | null) => (error ? reject(error) : resolve()),
      ({ stream: text, status, progress }: BuildEvent) => {
        if (progress) return;
        for (const line of (text ?? status ?? '').split('\n')) if (line.trim()) say(line.trimEnd());
      },
    );
  });
}

/** Public for its test. */
export function buildError(name: string, error: unknown, lines: readonly string[]): HarnessError {
  const known = asEngineError(error, name, 'IMAGE_BUILD_FAILED');
  const said = lines.join('\n');
  const { hint } = HINTS.find(({ when }) => when.test(`${said}\n${known.message}`)) ?? {};
  const say =
    known.hint ?? hint ?? 'mend what its last lines say, then run `ecran-noir images build`';
  return new HarnessError(known.code, `${known.message}\n  ${lines.join('\n  ')}`, {
    target: name,
    hint: say,
    cause: error,
  });
}

const HINTS: readonly { readonly when: RegExp; readonly hint: string }[] = [
  {
    when: /no space left on device|you don't have enough free space/i,
    hint: "the engine's disk is full: `docker system prune` frees what nobody uses",
  },
  {
    when: /registry|manifest|pull access denied/i,
    hint: `the engine cannot pull ${BASE_IMAGE}: give it the image (docker load, docker import), see "Without a registry" in docs/containers.md`,
  },
  {
    when: /could not resolve|temporary failure|unable to connect|failed to fetch|unable to locate package/i,
    hint: 'containers of this engine cannot reach the package mirrors: see whether its network has a way out and a working DNS',
  },
];
