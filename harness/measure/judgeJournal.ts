// Lines of a journal -> Report, for whoever has it from a disk: what is wrong with it is its own
// fault until the opposite is known.

import { HarnessError, errorMessage } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { judge } from './judge.ts';
import { readHistory } from './readHistory.ts';

/** Throws RECORD_UNREADABLE, for damage that shows only where parts are held together too. */
export function judgeJournal(lines: Iterable<string>, file: string): Report {
  const recorded = readHistory(lines, file);
  try {
    return judge(recorded);
  } catch (cause) {
    throw new HarnessError(
      'RECORD_UNREADABLE',
      `the record contradicts itself: ${errorMessage(cause)}`,
      {
        target: file,
        hint: 'Restore the file from a copy. If it is as it was written, report this with the journal.',
        cause,
      },
    );
  }
}
