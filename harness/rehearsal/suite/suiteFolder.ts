// The folder of a suite: suite.json, junit.xml, summary.md, index.html, and every run in runs/.

import { join } from 'node:path';
import { z } from 'zod';
import type { Report } from '../../model/report.ts';
import { SUITE_VERSION, type Suite } from '../../model/suite.ts';
import { SUITE_FILES, type SuiteReporter, type SuiteRuns } from '../../../reports/suite.ts';
import { readStored, readStoredReport } from '../../store/storedReport.ts';
import { requireFresh, writeRunFile } from '../runFolder.ts';
import { loadAssets } from '../writeReports.ts';
import { shardShape } from './shards.ts';

export const SUITE_FILE = 'suite.json';

/** A suite is kept whole: another one in the same folder would leave runs of both. Throws ARGUMENT_INVALID. */
export const requireNoSuite = (dir: string): void =>
  requireFresh(dir, 'suite', [SUITE_FILE, 'runs']);

/**
 * Writes the outputs of a suite whose runs are in its folder, all where nobody chose; answers the files.
 * @throws HarnessError CANNOT_WRITE.
 */
export async function writeSuite(
  dir: string,
  suite: Suite,
  reporters: readonly SuiteReporter[] | undefined,
): Promise<readonly string[]> {
  const files = SUITE_FILES.filter(
    ({ reporter }) => reporter === 'json' || !reporters || reporters.includes(reporter),
  );
  const runs: SuiteRuns = new Map(await Promise.all(suite.results.map(readRuns(dir))));
  // suite.json comes last: where it is, all is there.
  for (const { file, render } of files.toReversed())
    await writeRunFile(join(dir, file), render(suite, runs));
  return files.map(({ file }) => join(dir, file));
}

const readRuns =
  (dir: string) =>
  async ({ key, attempts }: Suite['results'][number]) => {
    const folder = attempts.at(-1)?.dir;
    if (folder === undefined) return [key, undefined] as const;
    const report = readReport(join(dir, folder));
    return [key, { report, assets: await loadAssets(join(dir, folder), report) }] as const;
  };

/** The report of a run as it was written. Throws RECORD_UNREADABLE. */
export const readReport = (dir: string): Report =>
  readStoredReport(
    join(dir, 'report.json'),
    `write it again from the journal: ecran-noir report ${dir}`,
  );

const verdict = z.enum(['pass', 'fail', 'inconclusive']);
/** A key, and the name of its folder; the name of a player may have dots. */
const KEY = String.raw`[\w+@~-]+(?:=[\w.-]+)?(?:~\w+)?`;
const key = z.string().regex(new RegExp(`^${KEY}$`));
/** Checks no more than must be right in a file from another machine to join it with others. */
const suiteShape = z.looseObject({
  version: z.literal(SUITE_VERSION),
  verdict,
  choices: z.looseObject({ engine: z.string(), compress: z.number() }),
  shard: shardShape.optional(),
  planned: z.array(key),
  results: z.array(
    z.looseObject({
      key,
      verdict,
      compress: z.number().optional(),
      attempts: z
        .array(
          z.looseObject({
            verdict,
            dir: z
              .string()
              .regex(new RegExp(`^runs/${KEY}$`))
              .optional(),
          }),
        )
        .min(1),
    }),
  ),
  leftOut: z.array(z.looseObject({ key, reason: z.string() })),
  findings: z.array(z.looseObject({ rule: z.string(), verdict, text: z.string() })),
});

/** Reads suite.json. Throws RECORD_UNREADABLE. */
export const readSuite = (dir: string): Suite =>
  readStored(
    join(dir, SUITE_FILE),
    suiteShape,
    'play this shard again, with this version',
  ) as unknown as Suite;
