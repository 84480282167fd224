// Changes as a table (CSV) that a ticket system exports; a mapping says what its columns mean.

import { parse } from 'csv-parse/sync';
import { isZone, readWrittenClock } from '../../../kernel/zone.ts';
import { HarnessError } from '../../../model/errors.ts';
import { invalid } from '../../../scenario/invalid.ts';
import { shape } from '../../../scenario/shape.ts';
import { readYaml } from '../../../scenario/sourceFile.ts';
import { didYouMean } from '../../../scenario/suggest.ts';
import type { NoticeFormat, NoticeText } from '../format.ts';
import { mappingSchema, type NoticeMapping } from '../mapping.ts';
import { NOTHING_READ, type Notice, type NoticeProblem, type NoticeReading } from '../notice.ts';
import { readImpact, readKind, readState } from '../words.ts';

export const table: NoticeFormat = {
  name: 'a table with a mapping (.csv)',
  isIn: ({ file, mapping }) => mapping !== undefined || /\.(?:csv|tsv)$/i.test(file),
  read: readTable,
};

interface Row {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

function readTable(input: NoticeText): NoticeReading {
  const { file, text } = input;
  const mapping = requireMapping(input);
  const { headings, rows, problems } = tableOf(text, file, mapping);
  const missing = columnProblems(headings, mapping, file);
  if (missing.length > 0) return { ...NOTHING_READ, problems: [...problems, ...missing] };
  return {
    ...NOTHING_READ,
    notices: rows.map((row) => readNotice(row, mapping, file)),
    problems: [...problems, ...(rows.length + problems.length === 0 ? [noRow(file)] : [])],
  };
}

const noRow = (file: string): NoticeProblem => ({
  source: file,
  text: 'no row in the table: nothing is announced and nothing is called off',
  hint: 'Export it again; or take the file out when nothing is announced.',
});

function requireMapping({ file, mapping }: NoticeText): NoticeMapping {
  if (!mapping)
    throw new HarnessError('SCENARIO_INVALID', `${file} is a table without a mapping`, {
      target: file,
      hint: 'say what its columns mean: --mapping FILE.yaml, or mapping: in the plan (docs/check.md)',
    });
  const source = readYaml(mapping.text, mapping.file);
  if (source.problems.length > 0) throw invalid(mapping.file, source.problems, PAGE);
  const { value, problems } = shape(mappingSchema, source);
  if (!value) throw invalid(mapping.file, problems, PAGE);
  if (!isZone(value.zone))
    throw invalid(
      mapping.file,
      [source.problemAt(['zone'], `no time zone is called ${value.zone}`)],
      PAGE,
    );
  return value;
}

/** Where mappings are described. */
const PAGE = 'docs/check.md describes every key';

/** A spreadsheet writes the separator into a line of its own. */
const SEPARATOR_LINE = /^\uFEFF?"?sep=(.)"?\r?\n/i;
const SEPARATORS = [',', ';', '\t', '|'];

/** The separator with which the first line has most of the columns that the mapping names. */
function detectSeparator(text: string, { columns }: NoticeMapping): string {
  const [first = ''] = text.split(/\r?\n|\r/, 1);
  const headings = (separator: string) => new Set(first.split(separator).map(unquoted));
  const known = (separator: string) =>
    Object.values(columns).filter((heading) => headings(separator).has(heading)).length;
  return SEPARATORS.reduce((best, one) => (known(one) > known(best) ? one : best));
}

/** Blanks to trim are byte order marks, too. */
const unquoted = (cell: string): string => cell.replaceAll('"', '').trim();

function tableOf(text: string, file: string, mapping: NoticeMapping) {
  const problems: NoticeProblem[] = [];
  const [line = '', said] = SEPARATOR_LINE.exec(text) ?? [];
  const body = text.slice(line.length);
  const onSkip = (message: string, at: number) =>
    problems.push({
      source: `${file}:${at}`,
      text: `the row cannot be read: ${message}`,
      hint: 'Export the table again with its quotes.',
    });
  const records = readRecords(body, said ?? detectSeparator(body, mapping), onSkip);
  const linesBefore = line === '' ? 0 : 1;
  const headings = records[0]?.cells ?? [];
  const { id, start, end, objects = id } = mapping.columns;
  const needed = [id, start, end, objects];
  const rows = records.slice(1).map(({ cells, line: inBody }): Row => {
    const at = inBody + linesBefore;
    const isCutShort = needed.some((heading) => headings.indexOf(heading) >= cells.length);
    if (isCutShort || cells.slice(headings.length).some((cell) => cell !== ''))
      onSkip(`it has ${cells.length} cells, the heading ${headings.length}`, at);
    return { line: at, cells: new Map(headings.map((heading, i) => [heading, cells[i] ?? ''])) };
  });
  return { headings, rows, problems };
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quote that is never closed takes the rest of the file: it is told, and what is before it is read. */
function readRecords(
  text: string,
  delimiter: string,
  onSkip: (message: string, line: number) => void,
): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  try {
    // Several ends of lines in one file would be counted differently in and out of quotes.
    parse(text.replaceAll(/\r\n?/g, '\n'), {
      bom: true,
      trim: true,
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      skip_records_with_error: true,
      // A quote in a cell is one; to refuse each takes the square of their number.
      relax_quotes: true,
      on_skip: (error) => {
        onSkip(error?.message ?? 'it is no row', readLine(error));
        return undefined;
      },
      on_record: (cells: string[], { lines }) => void records.push({ cells, line: lines }),
    });
  } catch (error) {
    onSkip(error instanceof Error ? error.message : String(error), readLine(error));
  }
  return records;
}

const readLine = (error: unknown): number =>
  Number((error as { lines?: number } | undefined)?.lines ?? 1);

function columnProblems(
  headings: readonly string[],
  { columns }: NoticeMapping,
  file: string,
): readonly NoticeProblem[] {
  return Object.entries(columns).flatMap(([field, heading]) => {
    const count = headings.filter((one) => one === heading).length;
    const names = `${heading}, which columns.${field} of the mapping names`;
    if (count === 1) return [];
    return {
      source: `${file}:1`,
      text:
        count === 0
          ? `no column is called ${names}${didYouMean(heading, headings)}`
          : `${count} columns are called ${names}`,
      hint: `There are ${headings.join(', ')}.`,
    };
  });
}

function readNotice({ line, cells }: Row, mapping: NoticeMapping, file: string): Notice {
  const { columns, states, impacts, kinds } = mapping;
  const source = `${file}:${line}`;
  const cell = (field: keyof NoticeMapping['columns']): string => {
    const heading = columns[field];
    return heading === undefined ? '' : (cells.get(heading) ?? '').trim();
  };
  const start = readTime(cell('start'), mapping);
  const end = readTime(cell('end'), mapping);
  const wrong = (field: string, problem: string): NoticeProblem => ({
    source,
    text: `${field} of ${cell('id')}: ${problem}`,
    hint: 'Correct the cell, or dates: and zone: of the mapping.',
  });
  const told = readTime(cell('told'), mapping).epochMs;
  const updated = readTime(cell('updated'), mapping).epochMs;
  const span = readSpan(start, end);
  return {
    name: cell('id') || cell('summary') || source,
    owner: cell('owner') || (mapping.owner ?? ''),
    uid: undefined,
    workId: cell('id') || undefined,
    sequence: 0,
    stampedAtEpochMs: updated ?? told,
    modifiedAtEpochMs: undefined,
    toldAtEpochMs: told ?? updated,
    state: findWord(states, cell('state')) ?? readState([cell('state')]),
    kind: findWord(kinds, cell('kind')) ?? readKind(cell('kind'), cell('summary')),
    impact: findWord(impacts, cell('impact')) ?? readImpact(cell('impact')) ?? 'outage',
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

const findWord = <T>(words: Readonly<Record<string, T>>, said: string): T | undefined =>
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

function readTime(text: string, { zone, dates }: NoticeMapping): CellTime {
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
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12))
    return { problem: `${text} is no time of a clock with twelve hours` };
  return clockTime([year, month, day, hours, minute, seconds], '', zone);
}

function clockTime(parts: readonly (string | undefined)[], offset: string, zone: string): CellTime {
  const [year, month, day, hour, minute, second] = parts.map((part) =>
    (part ?? '00').padStart(2, '0'),
  );
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${offset.toUpperCase()}`;
  const reading = readWrittenClock(text, zone);
  return reading.problem === undefined
    ? { epochMs: reading.epochMs, clock: { zone: readZone(offset, zone), text } }
    : { problem: reading.problem };
}

const readZone = (offset: string, zone: string): string =>
  offset === '' ? zone : /^z$/i.test(offset) ? 'UTC' : `UTC${offset}`;

function readSpan(start: CellTime, end: CellTime): Notice['span'] {
  if (start.epochMs === undefined || end.epochMs === undefined || !start.clock) return undefined;
  if (end.epochMs <= start.epochMs) return undefined;
  return { fromEpochMs: start.epochMs, toEpochMs: end.epochMs, clock: start.clock };
}
