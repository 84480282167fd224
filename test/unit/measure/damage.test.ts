// Every field of every kind of record taken out and given another type, lines doubled, moved and taken
// out, bits flipped, in stored journals of both versions: a journal is refused, or judged, and damage
// never makes its verdict better. It is never a bug of the judge or of a report.

import { describe, expect, it } from 'vitest';
import { judgeJournal } from '../../../harness/measure/judgeJournal.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { Verdict } from '../../../harness/model/report.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { FILE_REPORTS } from '../../../reports/registry.ts';
import { forged } from '../../fuzz/recordMutants.ts';
import { OLD, SEALED } from '../../fuzz/targets/journal.ts';
import { ndjson, withoutSeal } from '../../support/strip.ts';

type Path = readonly (string | number)[];

/** Much damage leaves the same report, and files are made from the report alone. */
const rendered = new Set<string>();

/** Gives the verdict with all reports made, undefined when the journal is refused. */
function verdictOf(lines: readonly string[]): Verdict | undefined {
  try {
    const report = judgeJournal(lines, 'journal.ndjson');
    const known = rendered.size;
    if (rendered.add(JSON.stringify(report)).size > known)
      for (const { render } of FILE_REPORTS) render(report, NO_ASSETS);
    return report.verdict;
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'RECORD_UNREADABLE') return undefined;
    throw error;
  }
}

/** The paths of all values in a record; of a list its first value stands for all. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Array.isArray(value) ? value.slice(0, 1).entries() : Object.entries(value);
  return [path, ...[...inside].flatMap(([key, one]) => pathsIn(one, [...path, key]))];
}

function withValue(value: unknown, [key, ...path]: Path, put: (was: unknown) => unknown): unknown {
  if (key === undefined) return put(value);
  const inside = withValue((value as Record<string, unknown>)[key], path, put);
  return Array.isArray(value)
    ? value.with(Number(key), inside)
    : { ...(value as object), [key]: inside };
}

const otherType = (was: unknown): unknown =>
  typeof was === 'string' ? { text: was } : typeof was === 'object' ? 7 : JSON.stringify(was);

/** Each field of each kind of record, taken out and retyped, where it first stands. */
function* damagedFields(lines: readonly string[]): Generator<readonly [string, readonly string[]]> {
  const known = new Set<string>();
  for (const [i, line] of lines.entries()) {
    const record = JSON.parse(withoutSeal(line)) as { readonly type: string };
    for (const path of pathsIn(record)) {
      const name = [record.type, ...path].join('.');
      if (known.has(name)) continue;
      known.add(name);
      for (const put of [() => undefined, otherType])
        yield [name, lines.with(i, JSON.stringify(withValue(record, path, put)) ?? '')];
    }
  }
}

/** Two of so many lines are damaged. */
const LINES_APART = 8;

function* damagedLines(lines: readonly string[]): Generator<readonly [string, readonly string[]]> {
  for (const [i, line] of lines.entries()) {
    if (i % LINES_APART > 1) continue;
    yield [`line ${i + 1} doubled`, lines.toSpliced(i, 0, line)];
    if (i > 0) yield [`line ${i + 1} moved`, lines.with(i, lines[i - 1]!).with(i - 1, line)];
    if (i < lines.length - 1) yield [`line ${i + 1} taken out`, lines.toSpliced(i, 1)];
    const at = (i * 7919) % line.length;
    const letter = String.fromCharCode(line.charCodeAt(at) ^ (1 << (i % 6)));
    yield [
      `line ${i + 1} with another bit`,
      lines.with(i, line.slice(0, at) + letter + line.slice(at + 1)),
    ];
  }
}

const linesOf = (journal: string): readonly string[] => journal.trimEnd().split('\n');

/** A journal of a run that fails: it was told to expect less than there was. */
function failing(journal: string): string {
  const { run, records } = parseHistory(journal);
  const { plan } = run;
  const never = { unit: 'ms', value: -1 } as const;
  const expectations = plan.scenario.expectations.map(
    (one) => ({ ...one, operator: '<', value: never }) as const,
  );
  return ndjson({
    run: { ...run, plan: { ...plan, scenario: { ...plan.scenario, expectations } } },
    records,
  });
}

describe.each(SEALED.slice(2, 4).map((journal, i) => [i, journal] as const))(
  'sealed journal %i',
  (_, journal) => {
    const lines = linesOf(journal);

    it('is refused, or what is left of it is inconclusive, whatever is done to a line', () => {
      for (const [name, damaged] of [...damagedLines(lines), ...damagedFields(lines)])
        expect([name, verdictOf(damaged) ?? 'inconclusive']).toEqual([name, 'inconclusive']);
    });
  },
);

/** Nothing tells that these were changed: records of version 1, and ones that were sealed afterwards. */
const UNSEALED = [
  ['of version 1', OLD[2]!],
  ['that fails', failing(OLD[0]!)],
] as const;

describe.each(UNSEALED)('journal %s', (_, journal) => {
  const lines = linesOf(journal);
  const before = verdictOf(lines);

  it('is refused or judged when a field is damaged, and never passes that did not', () => {
    for (const [name, damaged] of damagedFields(lines)) {
      const verdict = verdictOf(linesOf(forged(damaged.join('\n'))));
      if (before !== 'pass') expect([name, verdict]).not.toEqual([name, 'pass']);
    }
  }, 60_000);

  it('is refused or judged when lines are damaged, and never passes that did not', () => {
    for (const [name, damaged] of damagedLines(lines)) {
      const verdict = verdictOf(linesOf(forged(damaged.join('\n'))));
      if (before !== 'pass') expect([name, verdict]).not.toEqual([name, 'pass']);
    }
  }, 60_000);
});
