// The shape of a command: its options and what it does; one file each in commands/.

import type { CommandModule } from 'yargs';

export type Command<Arguments> = Required<
  Pick<CommandModule<object, Arguments>, 'builder' | 'handler'>
>;
