// Journals of every version: one of version 1 from a real run, with the report that the ecran-noir
// of its day made of it; and what is refused.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { judgeJournal } from '../../../harness/measure/judgeJournal.ts';
import { readHistory } from '../../../harness/measure/readHistory.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import { HISTORY_VERSION, type RunRecord } from '../../../harness/model/history.ts';
import type { Report } from '../../../harness/model/report.ts';
import { renderJson } from '../../../reports/json.ts';
import { FILE_REPORTS } from '../../../reports/registry.ts';
import { counted } from '../../support/counted.ts';
import {
  historyOf,
  ndjson,
  resealed,
  stripRecords,
  viewerOf,
  withoutSeal,
} from '../../support/strip.ts';
import { refusal } from '../../support/refusal.ts';

const stored = (name: string): string =>
  gunzipSync(readFileSync(new URL(`fixtures/${name}.gz`, import.meta.url))).toString();

const VERSION_1 = stored('version1.ndjson');

const refused = (lines: Iterable<string>) => refusal(() => judgeJournal(lines, 'journal.ndjson'));

describe('a journal of version 1', () => {
  const lines = VERSION_1.trimEnd().split('\n');

  it('gives the report that it gave when it was written; what is new stands beside it', () => {
    const report = judge(readHistory(lines, 'journal.ndjson'));
    expect(JSON.parse(renderJson(report, { images: {}, folder: '.' }))).toMatchObject(
      JSON.parse(stored('version1.report.json')) as object,
    );
  });

  it('gives the same report read at once and line by line', () => {
    expect(judge(parseHistory(VERSION_1))).toEqual(judge(readHistory(lines, 'journal.ndjson')));
  });

  it('holds records of version 2 once it was read, and gives the same report again', () => {
    const history = parseHistory(VERSION_1);
    expect(history.run.version).toBe(HISTORY_VERSION);
    expect(history.records.find(({ type }) => type === 'proof')).toMatchObject({
      target: 'connect-down.one',
      by: 'witness',
    });
    const again = parseHistory(ndjson(history));
    expect(again.records).toEqual(history.records);
    expect(judge(again)).toEqual(judge(history));
  });
});

describe('a journal is refused by name', () => {
  const viewers = [viewerOf()];
  const records = [
    ...stripRecords('ppbbpp', { stepMs: 200 }),
    counted({ stage: 'transcoder.one', atMs: 300, framesIn: 7 }),
  ];
  const lines = ndjson(historyOf({ viewers, records })).trimEnd().split('\n');
  const first = JSON.parse(withoutSeal(lines[0]!)) as Record<string, unknown>;
  /** The first line is as it was written. */
  const withFirst = (changes: Record<string, unknown>) =>
    resealed([JSON.stringify({ ...first, ...changes }), ...lines.slice(1)].join('\n'))
      .trimEnd()
      .split('\n');

  it('when it is of a version from the future, or of none', () => {
    for (const version of [HISTORY_VERSION + 1, 99, 0, '2', null, undefined]) {
      const error = refused(withFirst({ version }));
      expect(error).toMatchObject({ code: 'RECORD_UNREADABLE', target: 'journal.ndjson:1' });
      expect(error.message).toContain('version');
      expect(error.hint).toContain('1 and 2');
    }
  });

  it('when its records are of another version than it says', () => {
    const at = lines.findIndex((line) => line.includes('"stats"'));
    const unsealed = lines.map(withoutSeal);
    const error = refused([
      unsealed[0]!.replace('"version":2', '"version":1'),
      ...unsealed.slice(1),
    ]);
    expect(error.target).toBe(`journal.ndjson:${at + 1}`);
    expect(error.message).toContain('another version');
    const old = '{"type":"stats","stage":"transcoder.one","atMs":310,"framesIn":8}';
    expect(refused([...lines.slice(0, 3), old, ...lines.slice(3)]).target).toBe('journal.ndjson:4');
  });

  it('when two runs were joined', () => {
    const error = refused([...lines, ...lines]);
    expect(error.target).toBe(`journal.ndjson:${lines.length + 1}`);
    expect(error.message).toContain('another run');
  });

  it('when what it begins with is damaged, whatever is missing', () => {
    for (const name of ['plan', 'viewers', 'environment', 'startedAtEpochMs', 'engine'])
      expect(refused(withFirst({ [name]: undefined })).target).toBe('journal.ndjson:1');
    for (const weight of [0, -1, 'two', null])
      expect(refused(withFirst({ viewers: [{ ...viewers[0], weight }] })).target).toBe(
        'journal.ndjson:1',
      );
  });
});

describe('a damaged journal', () => {
  const lines = VERSION_1.trimEnd()
    .split('\n')
    .filter((line, i) => !line.includes('"type":"frames"') || i % 50 === 0)
    .filter((line, i) => !line.includes('"type":"stats"') || i % 50 === 0);
  const junk = fc.constantFrom<unknown>(null, 7, 'x', [], {}, true, [null], { kind: 'x' });

  /** Takes out, or puts junk in place of, something anywhere in a record. */
  function damage(value: unknown, path: readonly number[], by: unknown): unknown {
    if (typeof value !== 'object' || value === null || path.length === 0) return by;
    const keys = Object.keys(value);
    const key = keys[path[0]! % Math.max(1, keys.length)];
    if (key === undefined) return by;
    const inside = damage((value as Record<string, unknown>)[key], path.slice(1), by);
    return Array.isArray(value) ? value.with(Number(key), inside) : { ...value, [key]: inside };
  }

  it('is refused at its first line when that holds what no report can be made of', () => {
    const run = JSON.parse(lines[0]!) as RunRecord;
    const { plan } = run;
    const { design } = plan.scenario;
    const [action, ...actions] = plan.actions;
    const nowhere = { kind: 'cut', channels: [] };
    const inPlan = (changes: object) => ({ ...run, plan: { ...plan, ...changes } });
    const inDesign = (changes: object) =>
      inPlan({ scenario: { ...plan.scenario, design: { ...design, ...changes } } });
    for (const damaged of [
      { ...run, startedAtEpochMs: 1e300 },
      inPlan({ compress: 1e300 }),
      inPlan({ compress: 0 }),
      inPlan({ actions: [{ ...action, fault: nowhere }, ...actions] }),
      inDesign({ media: { ...design.media, fps: 1e300 } }),
      inDesign({ stages: [{ ...design.stages[0], role: 'x' }] }),
    ])
      expect(refused(lines.with(0, JSON.stringify(damaged))).message).toContain('damaged run');
  });

  it('is read, or refused with its line: it is never a bug of the judge or of a report', () => {
    const place = fc.tuple(
      fc.oneof(fc.constant(0), fc.nat(lines.length - 2)),
      fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
      junk,
    );
    fc.assert(
      fc.property(place, ([line, path, by]) => {
        const damaged = JSON.stringify(damage(JSON.parse(lines[line]!), path, by)) ?? '';
        let report: Report | undefined;
        try {
          report = judgeJournal(lines.with(line, damaged), 'journal.ndjson');
        } catch (error) {
          expect(error).toMatchObject({ code: 'RECORD_UNREADABLE' });
        }
        if (!report) return;
        const texts = FILE_REPORTS.map(({ render }) => render(report, { images: {}, folder: '.' }));
        expect(texts.every((text) => text.length > 0)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
