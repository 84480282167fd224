// The file of cases that real and simulated players have played: the package carries one.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGREEMENT_VERSION, type Measured } from '../model/agreement.ts';
import { HarnessError, errorMessage } from '../model/errors.ts';
import { packageRoot } from './version.ts';

export const MEASURED_FILE = join(packageRoot(), 'scenarios/agreement/measured.json');

/** Undefined where there is none of this version of the file. Throws RECORD_UNREADABLE. */
export function readMeasured(file: string): Measured | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const measured = JSON.parse(readFileSync(file, 'utf8')) as Measured;
    return measured.version === AGREEMENT_VERSION ? measured : undefined;
  } catch (error) {
    throw new HarnessError('RECORD_UNREADABLE', `cannot read ${file}: ${errorMessage(error)}`, {
      target: file,
      hint: 'measure again: ecran-noir agree scenarios/agreement/*.yaml',
    });
  }
}
