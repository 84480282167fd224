// Journals as text, read into records that are all in memory.

import { recordsIn } from '../../harness/measure/readHistory.ts';
import type { History } from '../../harness/model/history.ts';

/** Reads a journal that is in memory already; `records` holds all that follows the run record. */
export function parseHistory(text: string, file = 'history'): History {
  const { run, rest, isCutOff } = recordsIn(linesIn(text), file);
  const records = [...rest];
  return { run, records, truncated: isCutOff() || !records.some(({ type }) => type === 'end') };
}

function* linesIn(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const at = text.indexOf('\n', from);
    const to = at === -1 ? text.length : at;
    yield text.slice(from, to);
    from = to + 1;
  }
}
