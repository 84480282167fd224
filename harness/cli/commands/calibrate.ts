// `calibrate`: the whole measuring chain held against losses of known length.

import { relative } from 'node:path';
import pc from 'picocolors';
import { parseDurationMs } from '../../kernel/duration.ts';
import { EXIT } from '../../model/errors.ts';
import type { Verdict } from '../../model/report.ts';
import { renderCalibrationConsole, renderCalibrationJson } from '../../../reports/calibration.ts';
import type { Command } from '../command.ts';
import { print, say } from '../terminal.ts';
import { calibrate, requireLengths, type Calibrated } from '../calibration.ts';
import { announce, takesCalibrating } from '../announce.ts';
import { catchInterrupt } from '../interrupt.ts';
import { numberOption } from '../numberOption.ts';
import { viewersOption } from '../planFor.ts';
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
      .option('viewers', { ...viewersOption, default: 6, describe: 'players on the wall' })
      .option('lengths', {
        type: 'string',
        default: '200ms,400ms,1s,3s',
        describe: 'of each kind, separated by commas',
      })
      .option('quiet-minutes', {
        ...numberOption('quiet-minutes', {
          ...{ from: 0, to: QUIET_MINUTES_MAX },
          hint: '5 is what a machine is judged by',
        }),
        default: 1,
        describe: 'watched afterwards: whatever is reported then is false',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print calibration.json' })
      .example('$0 calibrate --quiet-minutes 5', 'the figures a machine is judged by')
      .example('$0 calibrate --viewers 12', 'whether it still measures with more viewers') as never,
  handler: async (argv) => {
    const { lengths, quietMinutes } = argv;
    using interrupt = catchInterrupt();
    const lengthsMs = requireLengths(
      lengths.split(',').map((text) => parseDurationMs(text.trim())),
    );
    const quietMs = quietMinutes * MINUTE_MS;
    announce('calibration', takesCalibrating(lengthsMs, quietMs));
    const calibrated = await calibrate({ ...argv, lengthsMs, quietMs }, interrupt.signal);
    finish(calibrated, argv.json);
  },
};

const EXIT_OF: Readonly<Record<Verdict, number>> = {
  pass: EXIT.pass,
  fail: EXIT.fail,
  inconclusive: EXIT.inconclusive,
};

function finish({ calibration, files, leftovers }: Calibrated, json: boolean): void {
  for (const leftover of leftovers) say(`left behind: ${leftover}`);
  const terminal = { columns: process.stdout.columns || 100, colours: pc.isColorSupported };
  const named = files.map((file) => `  ${relative(process.cwd(), file)}`).join('\n');
  print(
    json
      ? renderCalibrationJson(calibration).trimEnd()
      : `${renderCalibrationConsole(calibration, terminal)}\n\nfiles\n${named}`,
  );
  process.exitCode = EXIT_OF[calibration.verdict];
}
