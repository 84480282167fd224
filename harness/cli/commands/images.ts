// The words and options of `images`.

import type { ImagesArguments } from '../actions/images.ts';
import type { Command } from '../command.ts';

export const imagesCommand: Command<ImagesArguments> = {
  builder: (y) =>
    y
      .positional('action', {
        choices: ['build', 'list', 'remove'] as const,
        demandOption: true,
        describe: 'build does nothing when the images are up to date',
      })
      .example('$0 images build', 'before the first run, to have the wait behind you'),
  handler: async (argv) => (await import('../actions/images.ts')).manageImages(argv),
};
