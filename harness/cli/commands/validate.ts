// `validate FILES…`: checks many scenario files; every error of every file, then the exit code.

import pc from 'picocolors';
import type { CommandModule } from 'yargs';
import { EXIT } from '../../model/errors.ts';
import { loadScenario } from '../../scenario/load.ts';
import { printError } from '../printError.ts';

interface ValidateArguments {
  readonly files: readonly string[];
  readonly json: boolean;
}

export const validateCommand: CommandModule<object, ValidateArguments> = {
  command: 'validate <files..>',
  describe: 'Check scenario files and print every error with file, line and column',
  builder: (y) =>
    y
      .positional('files', { type: 'string', array: true, demandOption: true })
      .option('json', { type: 'boolean', default: false, describe: 'errors as JSON lines' })
      .example('$0 validate scenarios/**/*.yaml', 'all of them, in one go'),
  handler: async ({ files, json }) => {
    let worst: number = EXIT.pass;
    for (const file of files) worst = Math.max(worst, await validate(file, json));
    process.exitCode = worst;
  },
};

async function validate(file: string, json: boolean): Promise<number> {
  try {
    const { name, title } = await loadScenario(file);
    process.stdout.write(
      json
        ? `${JSON.stringify({ file, ok: true, name })}\n`
        : `${pc.green('ok')} ${file}  ${title}\n`,
    );
    return EXIT.pass;
  } catch (error) {
    return printError(error, { json });
  }
}
