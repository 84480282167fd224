// `images build|list|remove`: the images of the containers runtime, named by their content.

import { connectEngine } from '../../runtime/containers/engine.ts';
import { IMAGE_TARGETS } from '../../runtime/containers/imageBuild.ts';
import {
  ensureImages,
  listImages,
  type ImageInfo,
  removeImages,
} from '../../runtime/containers/images.ts';
import { print } from '../terminal.ts';
import { catchInterrupt } from '../interrupt.ts';

export interface ImagesArguments {
  readonly action: 'build' | 'list' | 'remove';
}

export async function manageImages({ action }: ImagesArguments): Promise<void> {
  using interrupt = catchInterrupt('stopping what was started');
  const engine = await connectEngine(interrupt.signal);
  if (action === 'build')
    await ensureImages({
      engine,
      targets: IMAGE_TARGETS,
      signal: interrupt.signal,
      onProgress: (target, text) => print(`${target}: ${text}`),
    });
  if (action === 'remove') for (const name of await removeImages(engine)) print(`removed  ${name}`);
  for (const image of await listImages(engine)) print(describe(image));
}

const describe = ({ name, sizeMb, current }: ImageInfo): string =>
  `${current ? 'current ' : 'outdated'} ${name}  ${sizeMb} MB`;
