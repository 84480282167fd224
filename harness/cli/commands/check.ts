// `check FILES…`: judges maintenance windows before anything runs: a gate for change management.

import { writeFile } from 'node:fs/promises';
import pc from 'picocolors';
import { check, exitCodeOf } from '../../check/check.ts';
import { systemClock } from '../../kernel/clock.ts';
import { HarnessError } from '../../model/errors.ts';
import type { CheckResult } from '../../model/access.ts';
import { renderCheckConsole, renderCheckJson, renderCheckJunit } from '../../../reports/check.ts';
import { cannotWrite } from '../../run/recorder.ts';
import type { Command } from '../command.ts';
import { readCheckFiles } from '../checkFiles.ts';
import { print } from '../terminal.ts';

interface CheckArguments {
  readonly files: readonly string[];
  readonly mapping: string | undefined;
  readonly variant: string | undefined;
  readonly design: string | undefined;
  readonly zone: string | undefined;
  readonly now: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
}

export const checkCommand: Command<CheckArguments> = {
  builder: (y) =>
    y
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'a change plan, a scenario with windows and a clock, or notices (.ics, .eml, JSON, .csv)',
      })
      .option('variant', { type: 'string', describe: 'a variant that the scenario describes' })
      .option('design', {
        type: 'string',
        describe: 'instead of the design in the scenario; for notices',
      })
      .option('mapping', { type: 'string', describe: 'what the columns of a .csv mean (YAML)' })
      .option('zone', { type: 'string', describe: 'time zone of the audience (IANA)' })
      .option('now', { type: 'string', describe: 'judge as of this instant (ISO 8601)' })
      .option('junit', { type: 'string', describe: 'write the findings as JUnit XML to this file' })
      .option('json', { type: 'boolean', default: false, describe: 'the findings as JSON' })
      .example('$0 check changes.yaml --junit check.xml', 'exit 0 is go, 1 is no-go')
      .example('$0 check notice.ics update.eml --design dual-access-bgp', 'notices, without a plan')
      .example('$0 check changes.csv --mapping columns.yaml --design dual-access-bgp', ''),
  handler: async (argv) => {
    const result = check(await read(argv));
    if (argv.junit !== undefined) await write(argv.junit, renderCheckJunit(result));
    print(argv.json ? renderCheckJson(result).trimEnd() : asTable(result));
    process.exitCode = exitCodeOf(result);
  },
};

const read = ({ files, now, ...rest }: CheckArguments) =>
  readCheckFiles({
    ...rest,
    files,
    nowEpochMs: now === undefined ? systemClock.epochMs() : instant(now),
  });

function instant(text: string): number {
  const epochMs = Date.parse(text);
  if (Number.isFinite(epochMs)) return epochMs;
  throw new HarnessError('ARGUMENT_INVALID', `--now ${text}: expected an instant`, {
    target: '--now',
    hint: 'write it like 2026-03-01T12:00:00+01:00',
  });
}

const write = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((error: unknown) => {
    throw cannotWrite(file, error);
  });

const asTable = (result: CheckResult): string =>
  renderCheckConsole(result, {
    columns: process.stdout.columns || 100,
    colours: pc.isColorSupported,
  });
