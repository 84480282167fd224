// Journals, damaged and forged. A damaged one is refused, or gives what it gave before, or is a record
// that was cut off; a forged one gives a report in which sums are sums, or is refused.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { judgeJournal } from '../../../harness/measure/judgeJournal.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import type { Report } from '../../../harness/model/report.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { FILE_REPORTS } from '../../../reports/registry.ts';
import { ndjson, strip } from '../../support/strip.ts';
import { damagedJournals, forgedJournals } from '../recordMutants.ts';
import { Mistake, requireFinite, type Target } from '../target.ts';

const FOLDER = 'test/unit/measure/fixtures';
const stored = (name: string): string =>
  gunzipSync(readFileSync(`${FOLDER}/${name}.ndjson.gz`)).toString();

/** Keeps one in so many lines of the kinds that there are many of. */
const THINNED = 150;
const MANY = /^\{"type":"(?:frames|stats|log)"/;

/** A journal of version 1 with fewer frames and reports, as if it had been written so. */
const thinned = (journal: string): string =>
  `${journal
    .trimEnd()
    .split('\n')
    .filter((line, i) => !MANY.test(line) || i % THINNED === 0)
    .join('\n')}\n`;

/** Journals of real runs, of version 1. */
export const OLD = ['night-reproduced', 'night-unproven', 'version1'].map((name) =>
  thinned(stored(name)),
);

/** Journals with seals: the same in version 2, and strips. */
export const SEALED = [
  ...OLD.map((journal) => ndjson(parseHistory(journal))),
  ...['rrppppbbbbpppp', 'rppppssssdddrrrpp', 'pppppppp'].map((letters) =>
    ndjson(strip(letters, 200)),
  ),
];

const judged = (journal: string): Report => judgeJournal(journal.split('\n'), 'journal.ndjson');
const VERDICTS = new Set(SEALED.map((journal) => told(judged(journal))));

/** Everything that a report says, as text. */
function told(report: Report): string {
  requireFinite(report);
  requireSums(report);
  return FILE_REPORTS.map(({ render }) => render(report, NO_ASSETS)).join('\n');
}

function requireSums({ viewers }: Report): void {
  for (const { id, ledger, sessionMs, blackScreenMs, interruptions } of viewers) {
    const sum = Object.values(ledger).reduce((all, ms) => all + ms, 0);
    const black = interruptions.reduce((all, one) => all + one.blackScreenMs, 0);
    if (sum !== sessionMs) throw new Mistake(`${id}: ${sum} ms in a session of ${sessionMs} ms`);
    if (black !== blackScreenMs) throw new Mistake(`${id}: ${black} ms, not ${blackScreenMs} ms`);
    if (blackScreenMs < 0 || blackScreenMs > sessionMs)
      throw new Mistake(`${id}: ${blackScreenMs} ms of ${sessionMs} ms are black`);
  }
}

const damaged: Target = {
  name: 'damaged',
  share: 4,
  seeds: SEALED,
  mutants: damagedJournals,
  feed: (journal) => {
    const report = judged(journal);
    const text = told(report);
    if (report.verdict !== 'inconclusive' && !VERDICTS.has(text))
      throw new Mistake(`a damaged journal is read, and the verdict is ${report.verdict}`);
    return text;
  },
};

const forged: Target = {
  name: 'forged',
  share: 3,
  seeds: [...SEALED, ...OLD],
  mutants: forgedJournals,
  feed: (journal) => told(judged(journal)),
};

export const JOURNALS: readonly Target[] = [damaged, forged];
