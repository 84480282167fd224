// `images build|list|remove|sbom`: the images of the containers runtime, named by their content.

import { connectEngine } from '../../runtime/containers/engine.ts';
import { IMAGE_TARGETS, type ImageTarget } from '../../runtime/containers/imageBuild.ts';
import { imageSbom } from '../../runtime/containers/imageSbom.ts';
import {
  ensureImages,
  listImages,
  type ImageInfo,
  removeImages,
} from '../../runtime/containers/images.ts';
import { print, say } from '../terminal.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { ImagesArguments } from '../commands/images.ts';

export async function manageImages({ action, image: target }: ImagesArguments): Promise<void> {
  using interrupt = catchInterrupt('stopping what was started');
  const engine = await connectEngine(interrupt.signal);
  const build = (targets: readonly ImageTarget[], tell: (text: string) => void) =>
    ensureImages({
      engine,
      targets,
      signal: interrupt.signal,
      onProgress: (of, text) => tell(`${of}: ${text}`),
    });
  if (action === 'sbom') {
    const { [target]: name = '' } = await build([target], say);
    return print(JSON.stringify(await imageSbom(engine, name), null, 2));
  }
  if (action === 'build') await build(IMAGE_TARGETS, print);
  if (action === 'remove') for (const name of await removeImages(engine)) print(`removed  ${name}`);
  for (const image of await listImages(engine)) print(describe(image));
}

const describe = ({ name, sizeMb, current }: ImageInfo): string =>
  `${current ? 'current ' : 'outdated'} ${name}  ${sizeMb} MB`;
