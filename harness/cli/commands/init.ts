// The words and options of `init`.

import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .options({
      name: textOption('short name, also of the file (my-window)'),
      title: textOption('one line for people'),
      design: textOption('the design to start from (single-access)'),
      for: textOption('how long the work takes (10m)'),
      dir: { ...textOption('where the files are written'), default: '.' },
      yes: { ...flagOption('ask nothing'), alias: 'y' },
    })
    .example('$0 init', 'with questions, on a terminal')
    .example('$0 init --name friday --design dual-access-bfd --for 40m', 'without');

export type InitArguments = Chosen<typeof options>;
