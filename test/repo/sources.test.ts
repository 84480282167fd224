// Marks of sources: each that a scenario or the code cites is on the page of sources, and no other.

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PAGE = 'docs/sources.md';
const page = readFileSync(PAGE, 'utf8');
const citing = globSync('{harness,players,scenarios,test/unit/routing}/**/*.{ts,yaml}')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const found = (text: string, pattern: RegExp) =>
  new Set([...text.matchAll(pattern)].map(([mark]) => mark));
const missing = (marks: Set<string>, among: Set<string>) =>
  [...marks].filter((mark) => !among.has(mark));

test('every page that is cited is listed', () => {
  const listed = found(page, /(?<=^\| )S\d{2}\b/gm);
  expect(missing(found(citing, /\bS\d{2}\b/g), listed)).toEqual([]);
  const cited = found(`${citing}${page.split('## Pages')[0]}`, /\bS\d{2}\b/g);
  expect(missing(listed, cited)).toEqual([]);
});

test('every section that is cited is there', () => {
  const sections = found(page, /(?<=^#{2,3} )\d(?:\.\d)?/gm);
  const cited = found(citing, /(?<=\bfacts-|docs\/sources\.md )(?:[1-7](?:\.\d)?|8)\b/g);
  expect(cited.size).toBeGreaterThan(5);
  expect(missing(cited, sections)).toEqual([]);
});
