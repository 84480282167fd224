// The arguments of a command, as they follow from the options that it declares.

import type { ArgumentsCamelCase, Argv } from 'yargs';

export type Chosen<Options> = Options extends (y: Argv) => Argv<infer T>
  ? Readonly<ArgumentsCamelCase<T>>
  : never;
