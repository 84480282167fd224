// Gathers the files an image is built from: the Dockerfile, a Node, and those of our own files that
// its programs are made of. Their content is the image's tag, so that a changed file means a new
// image and an unchanged one means none.

import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeBinary } from './nodeBinary.ts';

/** The folder of `harness/` and `players/`, in the sources or as installed. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ROOT_IN_IMAGE = '/opt/ecran-noir';
const DOCKERFILE = join(ROOT, 'harness', 'runtime', 'image', 'Dockerfile');

/** Rooms that programs in an image are made of. Nothing that these load in them imports a package. */
const ROOMS = [
  ...['model', 'kernel', 'pipeline', 'toxiproxy', join('runtime', 'image')].map((room) =>
    join('harness', room),
  ),
  ...['box', 'page', 'settings'].map((room) => join('players', room)),
];

/** Gives the place of a file of ours inside an image. */
export const pathInImage = (file: string): string =>
  `${ROOT_IN_IMAGE}/${relative(ROOT, file).split(sep).join('/')}`;

/** Twelve hexadecimal digits that stand for everything that goes into the images. */
export async function contentHash(node: NodeBinary): Promise<string> {
  const hash = createHash('sha256').update(`node ${node.identity}\n`);
  for (const file of await listFiles(ROOMS)) {
    hash.update(`${file.split(sep).join('/')}\0`).update(await readFile(join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Fills a fresh folder; answers its files, relative to it. */
export async function writeBuildContext(
  folder: string,
  node: NodeBinary,
  signal: AbortSignal,
): Promise<readonly string[]> {
  await copyFile(DOCKERFILE, join(folder, 'Dockerfile'));
  await copyFile(await node.fetch(folder, signal), join(folder, 'node'));
  const app = join(folder, 'app');
  for (const room of ROOMS) {
    const target = join(app, room);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(ROOT, room), target, { recursive: true });
  }
  await writeFile(join(app, 'package.json'), '{ "type": "module" }\n');
  return ['Dockerfile', 'node', 'app'];
}

async function listFiles(rooms: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    rooms.map(async (room) => {
      const entries = await readdir(join(ROOT, room), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
    }),
  );
  return lists.flat().sort();
}
