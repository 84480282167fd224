// The index of runs: filled from reports, and nothing lost whatever happens to its file.

import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { findOldRuns, stripRun } from '../../../harness/store/retention.ts';
import { readRunIndex } from '../../../harness/store/runIndex.ts';
import { renderJson } from '../../../reports/json.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { refusal } from '../../support/refusal.ts';
import { folderForEach } from '../../support/folders.ts';

let root: string;
folderForEach((path) => (root = path));

const { run } = sampleReport();
function addRun(dir: string, night: number): void {
  mkdirSync(join(root, dir, 'logs'), { recursive: true });
  const startedAt = `2025-01-${String(night).padStart(2, '0')}T00:00:00.000Z`;
  writeFileSync(
    join(root, dir, 'report.json'),
    renderJson(sampleReport({ run: { ...run, startedAt } })),
  );
  writeFileSync(join(root, dir, 'journal.ndjson'), 'x'.repeat(1_000));
  writeFileSync(join(root, dir, 'notes.txt'), 'mine');
}
const dirs = () => readRunIndex(root).runs.map(({ dir }) => dir);
const file = () => join(root, 'index.sqlite');

describe('the index of runs', () => {
  it('finds runs that came, changed and went, the oldest first', () => {
    addRun('b/1', 2);
    addRun('suite-1/runs/a', 1);
    writeFileSync(join(root, 'suite-1/suite.json'), '{"commit":"abc"}');
    expect(readRunIndex(root).runs).toMatchObject([
      { dir: 'suite-1/runs/a', commit: 'abc', scenario: run.scenario },
      { dir: 'b/1', verdict: sampleReport().verdict },
    ]);
    addRun('c/1', 3);
    rmSync(join(root, 'b'), { recursive: true });
    writeFileSync(
      join(root, 'suite-1/runs/a/report.json'),
      renderJson(sampleReport({ verdict: 'pass' })),
    );
    expect(readRunIndex(root).runs).toMatchObject([
      { dir: 'c/1' },
      { dir: 'suite-1/runs/a', verdict: 'pass' },
    ]);
  });

  it('orders simulations by the time of their files: virtual time is the same every night', () => {
    const simulated = (seed: number, startedAt: string) =>
      renderJson(sampleReport({ run: { ...run, engine: 'simulate', seed, startedAt } }));
    addRun('newer', 1);
    addRun('older', 1);
    writeFileSync(join(root, 'newer/report.json'), simulated(2, '2025-12-29T09:20:01.000Z'));
    writeFileSync(join(root, 'older/report.json'), simulated(1, '2025-12-29T09:20:03.000Z'));
    utimesSync(join(root, 'older/report.json'), 1_000, 1_000);
    expect(dirs()).toEqual(['older', 'newer']);
    expect(readRunIndex(root).runs[0]?.startedAt).toBe('1970-01-01T00:16:40.000Z');
  });

  it.each([
    ['damaged', () => writeFileSync(file(), 'no database, '.repeat(100))],
    ['cut off', () => writeFileSync(file(), '')],
    [
      'damaged in its middle',
      () => {
        const bytes = readFileSync(file());
        writeFileSync(file(), bytes.fill(0xab, bytes.length >> 2, bytes.length >> 1));
      },
    ],
    ['half of it', () => truncateSync(file(), statSync(file()).size / 2)],
    [
      'of another version',
      () => {
        using index = new DatabaseSync(file());
        index.exec('PRAGMA user_version = 99');
      },
    ],
    [
      "somebody's own",
      () => {
        using index = new DatabaseSync(file());
        index.exec('PRAGMA user_version = 0; DROP TABLE runs; CREATE TABLE mine (a)');
      },
    ],
  ])('is made anew when it is %s, and the old file is kept', (_, spoil) => {
    addRun('a/1', 1);
    expect(dirs()).toEqual(['a/1']);
    spoil();
    const { runs, notes } = readRunIndex(root);
    expect(runs.map(({ dir }) => dir)).toEqual(['a/1']);
    expect(notes).toEqual([
      expect.stringMatching(/made anew from the reports, the old file is .*\.old-1$/),
    ]);
    expect(existsSync(`${file()}.old-1`)).toBe(true);
    expect(readRunIndex(root).notes).toEqual([]);
  });

  it('says who is in the way when another process writes it', () => {
    addRun('a/1', 1);
    dirs();
    using other = new DatabaseSync(file());
    other.exec('BEGIN EXCLUSIVE');
    expect(() => readRunIndex(root, { lockedMsMax: 1 })).toThrow(
      /index\.sqlite is locked by another process/,
    );
    other.exec('ROLLBACK');
    expect(dirs()).toEqual(['a/1']);
  });

  it('leaves out a report that cannot be read, says so once, and takes it when it is mended', () => {
    addRun('a/1', 1);
    mkdirSync(join(root, 'b/1'), { recursive: true });
    writeFileSync(join(root, 'b/1/report.json'), '{"half":');
    expect(readRunIndex(root)).toMatchObject({
      runs: [{ dir: 'a/1' }],
      notes: [expect.stringMatching(/^cannot read .*b\/1\/report\.json: .*: it is left out$/)],
    });
    addRun('b/1', 2);
    expect(dirs()).toEqual(['a/1', 'b/1']);
  });

  it('is refused where there is no folder', () => {
    expect(() => readRunIndex(join(root, 'nowhere'))).toThrow(/no such folder/);
    writeFileSync(join(root, 'a-file'), '');
    const { code, message } = refusal(() => readRunIndex(join(root, 'a-file')));
    expect([code, message]).toEqual(['ARGUMENT_INVALID', `${root}/a-file: it is no folder`]);
  });
});

describe('retention', () => {
  it('strips old runs of each series to their report, and nothing else', () => {
    for (const night of [1, 2, 3]) addRun(`a/${night}`, night);
    const { runs } = readRunIndex(root);
    const old = findOldRuns(root, runs, 2);
    expect(old).toEqual([{ dir: 'a/1', bytes: 1_000 }]);
    for (const one of old) stripRun(root, one);
    expect(readdirSync(join(root, 'a/1')).toSorted()).toEqual(['notes.txt', 'report.json']);
    expect(readRunIndex(root).runs).toEqual(runs);
    expect(findOldRuns(root, runs, 2)).toEqual([]);
  });
});
