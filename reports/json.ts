// report.json: the report itself, for programs. The reader's fields first, then by name, so that
// the same report gives the same bytes whoever built it.

import stringify from 'json-stringify-pretty-compact';
import type { Report } from '../harness/model/report.ts';
import type { Assets } from './renderer.ts';

/** Top-level fields in the order a person reads them; any other follows, by name. */
const FIRST = ['version', 'verdict', 'run', 'expectations', 'findings', 'audience'];

export const renderJson = (report: Report, _assets?: Assets): string => writeJson(report, FIRST);

/** Any document we write as JSON: `first` come first, the others by name; short values stay on a line. */
export const writeJson = (value: unknown, first: readonly string[]): string =>
  `${stringify(ordered(value, first), { maxLength: 100, indent: 2 })}\n`;

function ordered(value: unknown, first: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => ordered(item));
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  fields.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, ordered(field)]));
}
