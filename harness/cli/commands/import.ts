// The words and options of `import`.

import type { Argv } from 'yargs';
import { IMPORT_FORMATS } from '../../exchange/formats.ts';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .positional('format', {
      choices: IMPORT_FORMATS,
      demandOption: true,
      describe: 'what is read',
    })
    .positional('from', {
      type: 'string',
      demandOption: true,
      describe: 'a file, or a folder of .json files',
    })
    .option('design', {
      type: 'string',
      default: 'dual-access-bgp',
      describe: 'the design that takes it in, a name or a file',
    })
    .option('name', { type: 'string', describe: 'name of the new design (the format)' })
    .option('country', {
      type: 'string',
      describe: 'FR, or EqPA2=FR,internet=FR: where locations or services are that do not say it',
    })
    .option('over', {
      type: 'string',
      describe: 'direct-connect: the access that the links of the design run over',
    })
    .option('bfd', { type: 'boolean', describe: 'direct-connect: your routers answer BFD' })
    .example('$0 import cyclonedx bom.json --design mine.yaml > with-suppliers.yaml', '')
    .example('$0 import direct-connect exports/ --country FR > designs/mine.yaml', '');

export type ImportArguments = Chosen<typeof options>;
