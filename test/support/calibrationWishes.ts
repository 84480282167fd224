// The wishes that calibrations of tests and benchmarks share.

import type { CalibrationWishes } from '../../harness/rehearsal/calibration.ts';

export const calibrationWishes = (out: string) =>
  ({
    out,
    runtime: 'processes',
    browser: 'host',
    chrome: undefined,
    toxiproxy: 'embedded',
    design: 'single-access',
  }) satisfies Partial<CalibrationWishes>;
