// The words and options of `import`.

import { IMPORT_FORMATS } from '../../exchange/formats.ts';
import { textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('format', { choices: IMPORT_FORMATS, demandOption: true, describe: 'what is read' })
    .positional('from', { ...textOption('a file, or a folder of .json files'), demandOption: true })
    .options({
      design: {
        ...textOption('the design that takes it in, a name or a file'),
        default: 'dual-access-bgp',
      },
      name: textOption('name of the new design (the format)'),
      country: textOption(
        'FR, or EqPA2=FR,internet=FR: where locations or services are that do not say it',
      ),
      over: textOption('direct-connect: the access that the links of the design run over'),
      bfd: { type: 'boolean', describe: 'direct-connect: your routers answer BFD' },
    })
    .example('$0 import cyclonedx bom.json --design mine.yaml > with-suppliers.yaml', '')
    .example('$0 import direct-connect exports/ --country FR > designs/mine.yaml', '');

export type ImportArguments = Chosen<typeof options>;
