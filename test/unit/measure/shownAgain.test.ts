// Pictures that a screen shows again: moving, of the right channel, and nothing new.

import { expect, it } from 'vitest';
import { judgeJournal } from '../../../harness/measure/judgeJournal.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import { historyOf, ndjson, stripRecords, viewerOf } from '../../support/strip.ts';

const STEP_MS = 1000;

/** The findings on a viewer whose n-th picture carries the clock of another one of its pictures. */
function found(letters: string, shownInPlaceOf: (n: number) => number) {
  const records = stripRecords(letters, { stepMs: STEP_MS });
  const shown = records.flatMap((record) => (record.type === 'frames' ? record.frames : []));
  let n = 0;
  const changed = records.map((record): HistoryRecord => {
    if (record.type !== 'frames') return record;
    const frames = record.frames.map(
      ([atMs, mark, , luma]) => [atMs, mark, shown[shownInPlaceOf(n++)]![2], luma] as const,
    );
    return { ...record, frames };
  });
  const journal = ndjson(historyOf({ viewers: [viewerOf()], records: changed }));
  const { findings } = judgeJournal(journal.split('\n'), 'journal.ndjson');
  return findings
    .filter(({ rule }) => rule === 'shown-again')
    .map(({ verdict, text, atMs }) => `${verdict} at ${atMs}: ${text}`);
}

it.each([
  ['each once', 'rpppppppp', (n: number) => n],
  ['for less than a second', 'rpppppppp', (n: number) => (n < 100 ? n : n - 24)],
  ['after a reload', 'rpppprppp', (n: number) => (n < 100 ? n : n - 75)],
])('pictures that are shown %s are not told', (_, letters, shownInPlaceOf) => {
  expect(found(letters, shownInPlaceOf)).toEqual([]);
});

it('a player that goes back is told, and is no mistake', () => {
  expect(found('rpppppppp', (n) => (n < 100 ? n : n - 50))).toEqual([
    'pass at 5000: v1 was shown 49 pictures again, older than what it had shown before, which count as programme',
  ]);
});

it('a clock that runs backwards is told', () => {
  expect(found('rpppppppp', (n) => (n < 100 ? n : 199 - n))).toHaveLength(1);
});

it.each([
  ['a second', (n: number) => (n < 100 ? n : 75 + (n % 25)), 100 - 4],
  ['two pictures', (n: number) => (n < 100 ? n : 98 + (n % 2)), 50],
])('a stream that goes round in %s proves nothing', (_, shownInPlaceOf, count) => {
  const [finding, ...others] = found('rpppppppp', shownInPlaceOf);
  expect(others).toEqual([]);
  expect(finding).toMatch(/^inconclusive at 5\d\d\d: .*in a circle/);
  expect(finding).toContain(`v1 was shown ${count} pictures again`);
});
