// `calibrate`: the whole measuring chain held against losses of known length.

import { relative } from 'node:path';
import pc from 'picocolors';
import { parseDurationMs } from '../../kernel/duration.ts';
import { EXIT, HarnessError } from '../../model/errors.ts';
import type { Verdict } from '../../model/report.ts';
import { renderCalibrationConsole, renderCalibrationJson } from '../../../reports/calibration.ts';
import type { Command } from '../command.ts';
import { calibrate, requireLengths, type Calibrated } from '../calibration.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { Wishes } from '../rehearse.ts';
import { wishOptions } from '../wishOptions.ts';

interface CalibrateArguments extends Wishes {
  readonly design: string;
  readonly viewers: number;
  readonly lengths: string;
  readonly quietMinutes: number;
  readonly json: boolean;
}

const MINUTE_MS = 60_000;
/** A day: nobody waits longer by intent. */
const QUIET_MINUTES_MAX = 1_440;

export const calibrateCommand: Command<CalibrateArguments> = {
  builder: (y) =>
    wishOptions(y)
      .default('runtime', 'processes' as never)
      .option('design', {
        type: 'string',
        default: 'single-access',
        describe: 'whose pipeline and picture',
      })
      .option('viewers', { type: 'number', default: 6, describe: 'players on the wall' })
      .option('lengths', {
        type: 'string',
        default: '200ms,400ms,1s,3s',
        describe: 'of each kind, separated by commas',
      })
      .option('quiet-minutes', {
        type: 'number',
        default: 1,
        describe: 'watched afterwards: whatever is reported then is false',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print calibration.json' })
      .example('$0 calibrate --quiet-minutes 5', 'the figures a machine is judged by')
      .example('$0 calibrate --viewers 12', 'whether it still measures with more viewers') as never,
  handler: async (argv) => {
    const { lengths, quietMinutes } = argv;
    if (!(quietMinutes >= 0 && quietMinutes <= QUIET_MINUTES_MAX)) throw badQuiet(quietMinutes);
    using interrupt = catchInterrupt((text) => process.stderr.write(`${text}\n`));
    const calibrated = await calibrate(
      {
        ...argv,
        lengthsMs: requireLengths(lengths.split(',').map((text) => parseDurationMs(text.trim()))),
        quietMs: quietMinutes * MINUTE_MS,
      },
      interrupt.signal,
    );
    finish(calibrated, argv.json);
  },
};

const EXIT_OF: Readonly<Record<Verdict, number>> = {
  pass: EXIT.pass,
  fail: EXIT.fail,
  inconclusive: EXIT.inconclusive,
};

function finish({ calibration, files, leftovers }: Calibrated, json: boolean): void {
  for (const leftover of leftovers) process.stderr.write(`left behind: ${leftover}\n`);
  const terminal = { columns: process.stdout.columns || 100, colours: pc.isColorSupported };
  const named = files.map((file) => `  ${relative(process.cwd(), file)}`).join('\n');
  process.stdout.write(
    json
      ? renderCalibrationJson(calibration)
      : `${renderCalibrationConsole(calibration, terminal)}\n\nfiles\n${named}\n`,
  );
  process.exitCode = EXIT_OF[calibration.verdict];
}

const badQuiet = (minutes: number): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', `--quiet-minutes ${minutes}: expected 0 or more`, {
    target: '--quiet-minutes',
    hint: '5 is what a machine is judged by',
  });
