// Our images on the engine: built when what they are made of has changed, listed, removed.

import { withDeadline } from '../../kernel/deadline.ts';
import type { HarnessError } from '../../model/errors.ts';
import { contentHash } from './buildContext.ts';
import { asEngineError, callEngine, type Engine } from './engine.ts';
import {
  buildImages,
  imageName,
  TARGET_LABEL,
  type BuildOptions,
  type ImageTarget,
} from './imageBuild.ts';
import { nodeFor } from './nodeBinary.ts';

export interface EnsureImagesOptions extends BuildOptions {
  readonly targets: readonly ImageTarget[];
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

const LIST_MS = 10_000;
const REMOVE_MS = 30_000;

/** Names of the images to start, built first where needed. Throws IMAGE_BUILD_FAILED, CANNOT_WRITE. */
export async function ensureImages(
  options: EnsureImagesOptions,
): Promise<Readonly<Partial<Record<ImageTarget, string>>>> {
  const { engine, targets, fresh = false } = options;
  const node = await nodeFor(engine.arch);
  const hash = await contentHash(node);
  const there = new Set(fresh ? [] : (await ourImages(engine)).flatMap(({ names }) => names));
  const missing = targets.filter((target) => !there.has(imageName(target, hash)));
  if (missing.length > 0) {
    await buildImages(options, missing, { node, hash });
    await removeReplaced(options, missing);
  }
  return Object.fromEntries(targets.map((target) => [target, imageName(target, hash)]));
}

export async function listImages(engine: Engine): Promise<readonly ImageInfo[]> {
  const hash = await contentHash(await nodeFor(engine.arch));
  const images = await ourImages(engine);
  return images.map(({ id, names, target, sizeMb }) => ({
    id,
    name: names[0] ?? id.slice(7, 19),
    target,
    sizeMb,
    current: names.includes(imageName(target, hash)),
  }));
}

/** Removes our images that no container runs from; answers the names of those that are gone. */
export async function removeImages(engine: Engine): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const image of await listImages(engine))
    if (await removeImage(engine, image, true)) removed.push(image.name);
  return removed;
}

/**
 * The older images of what was just built, unless a container is made of them. Only of those
 * targets: the layers of an image go with it, and without them its successor takes minutes.
 */
async function removeReplaced(
  { engine, onProgress }: EnsureImagesOptions,
  targets: readonly ImageTarget[],
): Promise<void> {
  for (const image of await listImages(engine)) {
    if (image.current || !targets.includes(image.target)) continue;
    const said = await removeImage(engine, image, false).then(
      (gone) => (gone ? `removed ${image.name}, outdated` : undefined),
      (error: HarnessError) => `could not remove ${image.name}, outdated: ${error.message}`,
    );
    if (said !== undefined) onProgress?.(image.target, said);
  }
}

/** False when a container uses it; `force` = a container that runs. */
async function removeImage(
  engine: Engine,
  { id, name }: ImageInfo,
  force: boolean,
): Promise<boolean> {
  const what = `the engine to remove ${name}`;
  try {
    await withDeadline({ ms: REMOVE_MS, what }, () => engine.api.getImage(id).remove({ force }));
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 409) return false;
    throw asEngineError(error, name, 'ENGINE_UNAVAILABLE');
  }
}

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
  callEngine('the list of images', LIST_MS, async () =>
    (await engine.api.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []),
  );

/** Some engines say where they think an image is from, even of one that was built here. */
const withoutPlace = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

type OurImage = Omit<ImageInfo, 'name' | 'current'> & { readonly names: readonly string[] };

async function ourImages(engine: Engine): Promise<readonly OurImage[]> {
  const images = await callEngine('the list of images', LIST_MS, () =>
    engine.api.listImages({ filters: JSON.stringify({ label: [TARGET_LABEL] }) }),
  );
  return images.map((image) => ({
    id: image.Id,
    names: (image.RepoTags ?? []).map(withoutPlace),
    target: image.Labels[TARGET_LABEL] === 'browser' ? 'browser' : 'stage',
    sizeMb: Math.round(image.Size / 1e6),
  }));
}
