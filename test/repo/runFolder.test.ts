// The page about the files of a run, held against the code that writes them.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FILE_REPORTS } from '../../reports/registry.ts';

const page = readFileSync('docs/run-folder.md', 'utf8');

describe('docs/run-folder.md', () => {
  it('has a row for every kind of record of the journal, and for no other', () => {
    const files = ['history', 'alert', 'border', 'cmcd', 'machine', 'summary'];
    const history = files
      .map((name) => readFileSync(`harness/model/${name}.ts`, 'utf8'))
      .join('\n');
    const kinds = [...history.matchAll(/^ {2}readonly type: '(\w+)';/gm)].map(([, kind]) => kind);
    const journal = page.slice(page.indexOf('## journal.ndjson'), page.indexOf('## report.json'));
    const rows = [...journal.matchAll(/^\| `(\w+)` /gm)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(10);
    expect(rows.filter((row) => row !== 'type').toSorted()).toEqual(kinds.toSorted());
  });

  it('names every file that reports are written to', () => {
    expect(FILE_REPORTS.filter(({ file }) => !page.includes(`\`${file}\``))).toEqual([]);
  });
});
