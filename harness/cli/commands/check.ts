// `check FILES…`: judges maintenance windows before anything runs: a gate for change management.

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { calendarsOf } from '../../check/changePlan/readChangePlan.ts';
import { check, exitCodeOf } from '../../check/check.ts';
import { readCheckInput } from '../../check/readCheckInput.ts';
import { systemClock } from '../../kernel/clock.ts';
import { HarnessError } from '../../model/errors.ts';
import type { CheckResult } from '../../model/access.ts';
import { findDesigns } from '../../scenario/load.ts';
import { renderCheckConsole, renderCheckJson, renderCheckJunit } from '../../../reports/check.ts';
import { cannotWrite } from '../../run/recorder.ts';
import type { Command } from '../command.ts';
import { print } from '../terminal.ts';

interface CheckArguments {
  readonly file: string;
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
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'a change plan, or a scenario with windows and a clock',
      })
      .option('variant', { type: 'string', describe: 'a variant that the scenario describes' })
      .option('design', { type: 'string', describe: 'instead of the design in the scenario' })
      .option('zone', { type: 'string', describe: 'time zone of the audience (IANA)' })
      .option('now', { type: 'string', describe: 'judge as of this instant (ISO 8601)' })
      .option('junit', { type: 'string', describe: 'write the findings as JUnit XML to this file' })
      .option('json', { type: 'boolean', default: false, describe: 'the findings as JSON' })
      .example('$0 check changes.yaml --junit check.xml', 'exit 0 is go, 1 is no-go'),
  handler: async (argv) => {
    const result = check(await read(argv));
    if (argv.junit !== undefined) await write(argv.junit, renderCheckJunit(result));
    print(argv.json ? renderCheckJson(result).trimEnd() : asTable(result));
    process.exitCode = exitCodeOf(result);
  },
};

async function read({ file, zone, now, variant, design }: CheckArguments) {
  const text = await textOf(file);
  const calendars = await Promise.all(
    calendarsOf(text, file).map(async (name) => [name, await textOf(join(dirname(file), name))]),
  );
  return readCheckInput({
    text,
    file,
    designs: await findDesigns(file),
    calendars: Object.fromEntries(calendars) as Record<string, string>,
    nowEpochMs: now === undefined ? systemClock.epochMs() : instant(now),
    choice: { variant, design },
    ...(zone === undefined ? {} : { zone }),
  });
}

function instant(text: string): number {
  const epochMs = Date.parse(text);
  if (Number.isFinite(epochMs)) return epochMs;
  throw new HarnessError('ARGUMENT_INVALID', `--now ${text}: expected an instant`, {
    target: '--now',
    hint: 'write it like 2026-03-01T12:00:00+01:00',
  });
}

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    throw new HarnessError('SCENARIO_INVALID', `cannot read ${file}`, {
      target: file,
      hint: 'name an existing file',
      cause,
    });
  });

const write = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((error: unknown) => {
    throw cannotWrite(file, error);
  });

const asTable = (result: CheckResult): string =>
  renderCheckConsole(result, {
    columns: process.stdout.columns || 100,
    colours: pc.isColorSupported,
  });
