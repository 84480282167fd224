// `images build|list|remove`: the images of the containers runtime, named by their content.

import { connectEngine } from '../../runtime/containers/engine.ts';
import { IMAGE_TARGETS } from '../../runtime/containers/imageBuild.ts';
import {
  ensureImages,
  listImages,
  type ImageInfo,
  removeImages,
} from '../../runtime/containers/images.ts';
import type { Command } from '../command.ts';
import { catchInterrupt } from '../interrupt.ts';

interface ImagesArguments {
  readonly action: 'build' | 'list' | 'remove';
}

export const imagesCommand: Command<ImagesArguments> = {
  builder: (y) =>
    y
      .positional('action', {
        choices: ['build', 'list', 'remove'] as const,
        demandOption: true,
        describe: 'build does nothing when the images are up to date',
      })
      .example('$0 images build', 'before the first run, to have the wait behind you'),
  handler: async ({ action }) => {
    using interrupt = catchInterrupt((text) => process.stderr.write(`${text}\n`));
    const engine = await connectEngine(interrupt.signal);
    if (action === 'build')
      await ensureImages({
        engine,
        targets: IMAGE_TARGETS,
        signal: interrupt.signal,
        onProgress: (target, text) => say(`${target}: ${text}`),
      });
    if (action === 'remove') for (const name of await removeImages(engine)) say(`removed  ${name}`);
    for (const image of await listImages(engine)) say(describe(image));
  },
};

const describe = ({ name, sizeMb, current }: ImageInfo): string =>
  `${current ? 'current ' : 'outdated'} ${name}  ${sizeMb} MB`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
