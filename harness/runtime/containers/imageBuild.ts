// The build of our images on the engine, from a folder made for it, with what the engine says of it.

import { rm } from 'node:fs/promises';
import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError, type ErrorCode } from '../../model/errors.ts';
import { createOwnedFolder, noTemporaryRoom } from '../ownedFolder.ts';
import { writeBuildContext } from './buildContext.ts';
import { asEngineError, type Engine } from './engine.ts';
import type { NodeBinary } from './nodeBinary.ts';
import { followProgress, type ProgressEvent } from './progress.ts';

/** Targets of the Dockerfile. */
export const IMAGE_TARGETS = ['stage', 'browser'] as const;
export type ImageTarget = (typeof IMAGE_TARGETS)[number];

export interface BuildOptions {
  readonly engine: Engine;
  /** Build again even when nothing changed, with newer packages. */
  readonly fresh?: boolean;
  /** One line of what is being done. */
  readonly onProgress?: (target: ImageTarget, text: string) => void;
  readonly signal: AbortSignal;
}

/** The content that goes into the images. */
export interface BuildContent {
  readonly node: NodeBinary;
  /** Stands for everything that goes in. */
  readonly hash: string;
}

/** The image that the Dockerfile starts from; a machine without a registry has to be given it. */
export const BASE_IMAGE = 'debian:bookworm-slim';

export const TARGET_LABEL = 'ecran-noir.image';
const HASH_LABEL = 'ecran-noir.content';
/** Packages come over the network; a build measured here takes half a minute. */
const BUILD_MS = 15 * 60_000;
const LAST_LINES = 15;

export const imageName = (target: ImageTarget, hash: string): string =>
  `ecran-noir-${target}:${hash}`;

/** Throws IMAGE_BUILD_FAILED, CANNOT_WRITE, ENGINE_UNAVAILABLE. */
export async function buildImages(
  options: BuildOptions,
  targets: readonly ImageTarget[],
  { node, hash }: BuildContent,
): Promise<void> {
  const folder = await createOwnedFolder('image');
  try {
    const src = await writeBuildContext(folder, node, options.signal).catch((error: unknown) => {
      options.signal.throwIfAborted();
      throw error instanceof HarnessError ? error : noTemporaryRoom(error);
    });
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

async function buildTarget(options: BuildOptions, job: TargetBuild): Promise<void> {
  const { engine, onProgress, signal } = options;
  const { folder, src, target, hash } = job;
  const name = imageName(target, hash);
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
      await followProgress(engine.api, stream, (event) => progressLines(event).forEach(say));
      // An engine that goes away in the middle ends the stream, too.
      await engine.api.getImage(name).inspect();
    });
  } catch (error) {
    signal.throwIfAborted();
    throw buildError(name, error, lines);
  }
}

/** Progress bars of a pull are left out: they are many and say little. */
const progressLines = ({ stream, status, progress }: ProgressEvent): readonly string[] =>
  progress === undefined
    ? (stream ?? status ?? '').split('\n').flatMap((line) => line.trimEnd() || [])
    : [];

/** Public for its test. */
export function buildError(name: string, error: unknown, lines: readonly string[]): HarnessError {
  const known = asEngineError(error, name, 'IMAGE_BUILD_FAILED');
  const said = lines.join('\n');
  const cause = CAUSES.find(({ when }) => when.test(`${said}\n${known.message}`));
  const say =
    known.hint ?? cause?.hint ?? 'mend what its last lines say, then run `ecran-noir images build`';
  return new HarnessError(cause?.code ?? known.code, `${known.message}\n  ${lines.join('\n  ')}`, {
    target: name,
    hint: say,
    cause: error,
  });
}

interface BuildCause {
  readonly when: RegExp;
  readonly hint: string;
  /** The code for an engine that only says that a step of the build failed. */
  readonly code?: ErrorCode;
}

const CAUSES: readonly BuildCause[] = [
  {
    when: /no space left on device|you don't have enough free space/i,
    code: 'CANNOT_WRITE',
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
