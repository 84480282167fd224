// The words and options of `images`.

import type { Argv, Chosen } from '../options.ts';

const IMAGES = ['stage', 'browser'] as const;

export const options = (y: Argv) =>
  y
    .positional('action', {
      choices: ['build', 'list', 'remove', 'sbom'] as const,
      demandOption: true,
      describe: 'build does nothing when the images are up to date; sbom prints CycloneDX',
    })
    .positional('image', {
      choices: IMAGES,
      default: IMAGES[0],
      describe: 'the image that sbom is about',
    })
    .example('$0 images sbom browser', 'the packages in the image of the browser')
    .example('$0 images build', 'before the first run, to have the wait behind you');

export type ImagesArguments = Chosen<typeof options>;
