// Holds a file against its zod definition, and says what is wrong in the words of the file:
// what was expected, what is there, and what a mistyped word was probably meant to be.

import { z } from 'zod';
import { isMapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';
import { didYouMean } from './suggest.ts';
import { isUnknownKind, issuesBehindKinds } from './unknownKind.ts';
import { shortened } from '../fields/visible.ts';

type Issue = z.core.$ZodIssue;

export interface Shaped<T> {
  /** Undefined when there are problems. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/** Checks the part of a file that the path names. */
export function shape<T>(schema: z.ZodType<T>, source: SourceFile, path: Path = []): Shaped<T> {
  const data = valueAt(source.data, path);
  const result = schema.safeParse(data, { error: issueMessage });
  if (result.success) return { value: result.data, problems: [] };
  const issuesOf = (error: z.ZodError | undefined) => (error?.issues ?? []).flatMap(nearestBranch);
  const issues = issuesOf(result.error);
  const behind = issuesBehindKinds(issues, data, (other) =>
    issuesOf(schema.safeParse(other, { error: issueMessage }).error),
  );
  const problems = firstOfEach([...issues, ...behind]).flatMap((issue) =>
    listProblems(issue, data, source, path),
  );
  return { value: undefined, problems };
}

/** Leaves the first mistake of a value: behind it come others of what is no number, or no list, anyway. */
function firstOfEach(issues: readonly Issue[]): readonly Issue[] {
  const keyOf = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String));
  const wrongInside = new Set(
    issues
      .filter(({ code }) => code !== 'custom')
      .flatMap(({ path }) => path.map((_, depth) => keyOf(path.slice(0, depth)))),
  );
  const told = new Set<string>();
  return issues.filter(({ code, path }) => {
    if (code === 'unrecognized_keys') return true;
    const key = keyOf(path);
    if (told.has(key) || (code === 'custom' && wrongInside.has(key))) return false;
    told.add(key);
    return true;
  });
}

/** The keys of a mapping that are right, whatever is wrong with the others; those have been reported. */
export function shapeParts<T extends z.ZodRawShape>(
  schema: z.ZodObject<T>,
  source: SourceFile,
  path: Path,
): Partial<z.output<z.ZodObject<T>>> {
  const data = valueAt(source.data, path);
  if (!isMapping(data)) return {};
  const parts = Object.entries(schema.shape as z.ZodRawShape).flatMap(([key, part]) => {
    const { success, data: value } = z.safeParse(part, valueAt(data, [key]));
    return success && value !== undefined ? [[key, value] as const] : [];
  });
  return Object.fromEntries(parts) as Partial<z.output<z.ZodObject<T>>>;
}

/** Messages that zod's own fields do not give; unknown keys come one a line, in order. */
function issueMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.inst);
    return issue.keys.map((key) => unknownKey(key, known)).join('\n');
  }
  if (issue.code === 'invalid_type' && issue.expected === 'object') return 'expected a mapping';
  if (issue.code === 'invalid_type' && issue.expected === 'array') return 'expected a list';
  return undefined;
}

function knownKeys(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** More keys than these are not listed to somebody who mistyped one. */
const LISTED_MAX = 30;

function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  const more = known.length > LISTED_MAX ? `, … (${known.length} in all)` : '';
  const listed = `; known here: ${known.slice(0, LISTED_MAX).join(', ')}${more}`;
  return `unknown key ${key}${meant === '' ? listed : meant}`;
}

/** Finds the branch of a union the writer was in: not wrong as a whole, and least wrong inside. */
function nearestBranch(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const [inside] = issue.errors
    .filter((branch) => !branch.some((deeper) => isWhole(deeper)))
    .toSorted((a, b) => countMistakes(a) - countMistakes(b));
  if (!inside) return [issue];
  return inside.flatMap((deeper) =>
    nearestBranch({ ...deeper, path: [...issue.path, ...deeper.path] }),
  );
}

/** An unknown key is one mistake each. */
const countMistakes = (issues: readonly Issue[]): number =>
  issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );

/** A list of too many is a list all the same. */
const isWhole = ({ path, code }: Issue): boolean =>
  path.length === 0 && !['unrecognized_keys', 'too_big', 'too_small', 'custom'].includes(code);

function listProblems(issue: Issue, data: unknown, source: SourceFile, base: Path): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const full = [...base, ...path];
  if (issue.code === 'unrecognized_keys')
    return issue.message.split('\n').flatMap((message, i) => {
      const key = issue.keys[i] ?? '';
      // Refused already by yamlRules.ts, wherever it is.
      return key === '__proto__' ? [] : [source.problemAt([...full, key], message, 'key')];
    });
  if (issue.code === 'invalid_key')
    return [source.problemAt(full, issue.issues[0]?.message ?? issue.message, 'key')];
  return [source.problemAt(full, sentence(issue, valueAt(data, path), source.writtenAt(full)))];
}

function sentence(issue: Issue, got: unknown, written: string | undefined): string {
  if (got === undefined) return `is missing: ${issue.message}`;
  if (/, got /.test(issue.message)) return issue.message;
  if (got === null && written === '') return `${issue.message}, got nothing`;
  const known =
    issue.code === 'invalid_value'
      ? issue.values.map(String)
      : isUnknownKind(issue)
        ? issue.options.map(String)
        : [];
  const meant = typeof got === 'string' ? didYouMean(got, known) : '';
  const shown =
    typeof got === 'string'
      ? `"${shortened(got)}"`
      : (written ?? (typeof got === 'number' ? String(got) : typeof got));
  return `${issue.message}, got ${shown}${meant}`;
}
