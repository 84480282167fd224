// Changes as a table (CSV) that a ticket system exports; a mapping says what its columns mean.

import { parse, type CsvError } from 'csv-parse/sync';
import { isZone, readClock } from '../../../kernel/zone.ts';
import { HarnessError } from '../../../model/errors.ts';
import { invalid } from '../../../scenario/load.ts';
import { shape } from '../../../scenario/shape.ts';
import { readYaml } from '../../../scenario/sourceFile.ts';
import { didYouMean } from '../../../scenario/suggest.ts';
import type { NoticeFormat, NoticeText } from '../format.ts';
import { mappingSchema, type NoticeMapping } from '../mapping.ts';
import { NOTHING_READ, type Notice, type NoticeProblem, type NoticeReading } from '../notice.ts';
import { impactOf, kindOf, stateOf } from '../words.ts';

export const table: NoticeFormat = {
  name: 'a table with a mapping (.csv)',
  isIn: ({ file, mapping }) => mapping !== undefined || /\.(?:csv|tsv)$/i.test(file),
  read: readTable,
};

interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

function readTable(input: NoticeText): NoticeReading {
  const { file, text } = input;
  const mapping = mappingOf(input);
  const doubts: NoticeProblem[] = [];
  const rows = rowsOf(text, ({ message, lines }) =>
    doubts.push({
      source: `${file}:${lines ?? 1}`,
      text: `the row cannot be read: ${message}`,
      hint: 'Export the table again with its quotes.',
    }),
  );
  const missing = missingColumns(rows, mapping, file);
  if (missing.length > 0) return { ...NOTHING_READ, problems: missing };
  return {
    ...NOTHING_READ,
    notices: rows.map((row) => noticeOf(row, mapping, file)),
    problems: [...doubts, ...(rows.length === 0 ? [noRow(file)] : [])],
  };
}

const noRow = (file: string): NoticeProblem => ({
  source: file,
  text: 'no row in the table: nothing is announced and nothing is called off',
  hint: 'Export it again; or take the file out when nothing is announced.',
});

function mappingOf({ file, mapping }: NoticeText): NoticeMapping {
  if (!mapping)
    throw new HarnessError('SCENARIO_INVALID', `${file} is a table without a mapping`, {
      target: file,
      hint: 'say what its columns mean: --mapping FILE.yaml, or mapping: in the plan (docs/check.md)',
    });
  const source = readYaml(mapping.text, mapping.file);
  if (source.problems.length > 0) throw invalid(mapping.file, source.problems);
  const { value, problems } = shape(mappingSchema, source);
  if (!value) throw invalid(mapping.file, problems);
  if (!isZone(value.zone))
    throw invalid(mapping.file, [
      source.problemAt(['zone'], `no time zone is called ${value.zone}`),
    ]);
  return value;
}

function rowsOf(
  text: string,
  onSkip: (error: CsvError & { lines?: number }) => void,
): readonly Row[] {
  const records = parse(text, {
    bom: true,
    columns: true,
    trim: true,
    info: true,
    delimiter: [',', ';', '\t'],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error) onSkip(error);
    },
  }) as unknown as readonly {
    readonly info: { readonly lines: number };
    readonly record: Row['cells'];
  }[];
  return records.map(({ info, record }) => ({ line: info.lines, cells: record }));
}

function missingColumns(
  [first]: readonly Row[],
  { columns }: NoticeMapping,
  file: string,
): readonly NoticeProblem[] {
  if (!first) return [];
  const known = Object.keys(first.cells);
  return Object.entries(columns)
    .filter(([, heading]) => !Object.hasOwn(first.cells, heading))
    .map(([field, heading]) => ({
      source: `${file}:1`,
      text: `no column is called ${heading}, which columns.${field} of the mapping names${didYouMean(heading, known)}`,
      hint: `There are ${known.join(', ')}.`,
    }));
}

function noticeOf({ line, cells }: Row, mapping: NoticeMapping, file: string): Notice {
  const { columns, states, impacts, kinds } = mapping;
  const source = `${file}:${line}`;
  const cell = (field: keyof NoticeMapping['columns']): string => {
    const heading = columns[field];
    return heading === undefined ? '' : (cells[heading] ?? '').trim();
  };
  const start = timeOf(cell('start'), mapping);
  const end = timeOf(cell('end'), mapping);
  const wrong = (field: string, problem: string): NoticeProblem => ({
    source,
    text: `${field} of ${cell('id')}: ${problem}`,
    hint: 'Correct the cell, or dates: and zone: of the mapping.',
  });
  const told = timeOf(cell('told'), mapping).epochMs;
  const updated = timeOf(cell('updated'), mapping).epochMs;
  const span = spanOf(start, end);
  return {
    name: cell('id') || cell('summary') || source,
    owner: cell('owner') || (mapping.owner ?? ''),
    uid: undefined,
    workId: cell('id') || undefined,
    sequence: 0,
    stampedAtEpochMs: updated ?? told,
    modifiedAtEpochMs: undefined,
    toldAtEpochMs: told ?? updated,
    state: wordOf(states, cell('state')) ?? stateOf([cell('state')]),
    kind: wordOf(kinds, cell('kind')) ?? kindOf(cell('kind'), cell('summary')),
    impact: wordOf(impacts, cell('impact')) ?? impactOf(cell('impact')) ?? 'outage',
    objects: cell('objects') === '' ? [] : [{ id: cell('objects'), impact: undefined }],
    texts: [cell('summary'), cell('description')],
    span,
    problems: [
      ...(start.problem === undefined ? [] : [wrong('the start', start.problem)]),
      ...(end.problem === undefined ? [] : [wrong('the end', end.problem)]),
      ...(span === undefined && start.epochMs !== undefined && end.epochMs !== undefined
        ? [wrong('the end', 'it is not after the start')]
        : []),
    ],
    doubts: [],
    source,
  };
}

const wordOf = <T>(words: Readonly<Record<string, T>>, said: string): T | undefined =>
  Object.entries(words).find(([word]) => word.toLowerCase() === said.toLowerCase())?.[1];

interface CellTime {
  readonly epochMs?: number;
  readonly clock?: { readonly zone: string; readonly text: string };
  readonly problem?: string;
}

const ISO =
  /^(\d{4})-(\d\d?)-(\d\d?)[T ]+(\d\d?):(\d\d)(?::(\d\d))?(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?$/i;
const PARTED =
  /^(\d\d?)[/.-](\d\d?)[/.-](\d{4}),? +(\d\d?):(\d\d)(?::(\d\d))?(?: ?([AP])\.?M\.?)?$/i;

function timeOf(text: string, { zone, dates }: NoticeMapping): CellTime {
  const [iso, ...parts] = ISO.exec(text) ?? [];
  const [parted, first, second, year, hour = '', minute, seconds, half] = PARTED.exec(text) ?? [];
  if (iso !== undefined) return clockTime(parts.slice(0, 6), parts[6] ?? '', zone);
  if (parted === undefined || dates === 'iso')
    return {
      problem: text === '' ? 'it is empty' : `${text} is no time as dates: ${dates} has them`,
    };
  const [day, month] = dates === 'day-first' ? [first, second] : [second, first];
  const hours =
    half === undefined ? hour : String((Number(hour) % 12) + (/p/i.test(half) ? 12 : 0));
  return clockTime([year, month, day, hours, minute, seconds], '', zone);
}

function clockTime(parts: readonly (string | undefined)[], offset: string, zone: string): CellTime {
  const [year, month, day, hour, minute, second] = parts.map((part) =>
    (part ?? '00').padStart(2, '0'),
  );
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${offset.toUpperCase()}`;
  const reading = readClock(text, zone);
  return reading.problem === undefined
    ? { epochMs: reading.epochMs, clock: { zone: zoneOf(offset, zone), text } }
    : { problem: reading.problem };
}

const zoneOf = (offset: string, zone: string): string =>
  offset === '' ? zone : /^z$/i.test(offset) ? 'UTC' : `UTC${offset}`;

function spanOf(start: CellTime, end: CellTime): Notice['span'] {
  if (start.epochMs === undefined || end.epochMs === undefined || !start.clock) return undefined;
  if (end.epochMs <= start.epochMs) return undefined;
  return { fromEpochMs: start.epochMs, toEpochMs: end.epochMs, clock: start.clock };
}
