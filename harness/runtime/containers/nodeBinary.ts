// The Node that goes into the images: a Linux build for the engine's processor. The one that was
// installed beside us where it fits, else the same package for the other platform from npm, so
// that images need no second base image and no download of their own.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { HarnessError } from '../../model/errors.ts';

/** The Node of the images: its words for the content hash, and a way to get at it for a build. */
export interface NodeBinary {
  /** `24.21.0 amd64` */
  readonly identity: string;
  /** Path of the binary; may fetch it into the folder. */
  fetch(into: string, signal: AbortSignal): Promise<string>;
}

/** Major version the programs are written for (package.json, engines). */
const NODE_MAJOR = 24;
/** 30 MB from a slow mirror. */
const FETCH_MS = 180_000;

const NPM_ARCH: Readonly<Record<string, NodeJS.Architecture>> = { amd64: 'x64', arm64: 'arm64' };

/** `arch` as the engine says it. Throws ENGINE_UNAVAILABLE for a processor there is no Node for. */
export async function nodeFor(arch: string): Promise<NodeBinary> {
  const wanted = NPM_ARCH[arch];
  if (wanted === undefined) {
    throw new HarnessError('ENGINE_UNAVAILABLE', `the engine runs on ${arch}`, {
      target: arch,
      hint: `use an engine on ${Object.keys(NPM_ARCH).join(' or ')}, or --runtime processes`,
    });
  }
  const own =
    process.platform === 'linux' && process.arch === wanted ? await installed() : undefined;
  if (own) return { identity: `${own.version} ${arch}`, fetch: () => Promise.resolve(own.path) };
  const spec = `node-linux-${wanted}@${NODE_MAJOR}`;
  return { identity: `${NODE_MAJOR} ${arch}`, fetch: (into, signal) => pack(spec, into, signal) };
}

/** The `node` package, an optional dependency of ours: an official build for this machine. */
async function installed(): Promise<{ path: string; version: string } | undefined> {
  try {
    const file = createRequire(import.meta.url).resolve('node/package.json');
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    const path = join(dirname(file), 'bin', 'node');
    return Number(version.split('.')[0]) >= NODE_MAJOR ? { path, version } : undefined;
  } catch {
    return undefined;
  }
}

async function pack(spec: string, into: string, signal: AbortSignal): Promise<string> {
  try {
    const options = { cwd: into, timeout: FETCH_MS, cancelSignal: signal };
    const { stdout } = await execa('npm', ['pack', '--silent', spec], options);
    const archive = stdout.trim().split('\n').at(-1) ?? '';
    await execa('tar', ['-xzf', archive, 'package/bin/node'], options);
    return join(into, 'package', 'bin', 'node');
  } catch (error) {
    signal.throwIfAborted();
    throw new HarnessError('IMAGE_BUILD_FAILED', `could not get ${spec} from npm`, {
      target: spec,
      hint: `see what \`npm pack ${spec}\` says, and mend the registry settings of npm`,
      cause: error,
    });
  }
}
