// The words and options of `export`.

import { EXPORT_FORMATS } from '../../exchange/formats.ts';
import { textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('format', {
      choices: EXPORT_FORMATS,
      demandOption: true,
      describe: 'what is written',
    })
    .positional('file', {
      ...textOption('a scenario; for third-parties and cyclonedx also a design, a name or a file'),
      demandOption: true,
    })
    .options({
      variant: textOption('a variant that the scenario describes'),
      account: textOption('fis: the AWS account (12 digits)'),
      region: textOption('fis: the AWS region'),
      role: textOption('fis: name of the role (ecran-noir)'),
    })
    .example('$0 export third-parties american-cloud > register.csv', '')
    .example('$0 export fis window.yaml --account 123456789012 --region eu-west-3', '');

export type ExportArguments = Chosen<typeof options>;
