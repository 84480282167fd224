// The words and options of `export`.

import type { Argv } from 'yargs';
import { EXPORT_FORMATS } from '../../exchange/formats.ts';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .positional('format', {
      choices: EXPORT_FORMATS,
      demandOption: true,
      describe: 'what is written',
    })
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'a scenario; for third-parties and cyclonedx also a design, a name or a file',
    })
    .option('variant', { type: 'string', describe: 'a variant that the scenario describes' })
    .option('account', { type: 'string', describe: 'fis: the AWS account (12 digits)' })
    .option('region', { type: 'string', describe: 'fis: the AWS region' })
    .option('role', { type: 'string', describe: 'fis: name of the role (ecran-noir)' })
    .example('$0 export third-parties american-cloud > register.csv', '')
    .example('$0 export fis window.yaml --account 123456789012 --region eu-west-3', '');

export type ExportArguments = Chosen<typeof options>;
