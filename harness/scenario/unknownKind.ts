// Finds the other mistakes in a mapping of unknown kind, such as a stage with a mistyped role: it is
// held against the kind that was probably meant, or else against all of them.

import type { z } from 'zod';
import { valueAt, withValue } from './sourceFile.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;
type UnknownKind = z.core.$ZodIssueInvalidUnion & { readonly options: readonly unknown[] };

/** More mappings of an unknown kind than this are not looked into. */
const LOOKED_INTO_MAX = 50;

/** `parse` holds the same data, with other kinds in it, against the same definition. */
export function issuesBehindKinds(
  issues: readonly Issue[],
  data: unknown,
  parse: (data: unknown) => readonly Issue[],
): readonly Issue[] {
  const unknown = issues.filter(isUnknownKind).slice(0, LOOKED_INTO_MAX);
  const kinds = unknown.map((issue) => kindsMeant(issue, data));
  const most = Math.max(0, ...kinds.map((one) => one.length));
  const readings = Array.from({ length: most }, (_, pass) =>
    parse(
      unknown.reduce<unknown>(
        (other, { path }, i) =>
          withValue(other, path.filter(isStep), kinds[i]?.[pass] ?? kinds[i]?.[0]),
        data,
      ),
    ),
  );
  return unknown.flatMap(({ path }) => {
    const [first = [], ...others] = readings.map((reading) =>
      reading.filter((issue) => isInside(issue.path, path.slice(0, -1))).flatMap(onePerKey),
    );
    return first.filter((issue) =>
      others.every((other) => other.some((one) => issueKey(one) === issueKey(issue))),
    );
  });
}

/** The word that says which of several shapes it is, is none of them. */
export const isUnknownKind = (issue: Issue): issue is UnknownKind =>
  issue.code === 'invalid_union' && 'discriminator' in issue && 'options' in issue;

/** The one that a mistyped word was meant to be, or all: then only what is wrong in each is told. */
function kindsMeant({ options, path }: UnknownKind, data: unknown): readonly unknown[] {
  const written = valueAt(data, path.filter(isStep));
  const meant = typeof written === 'string' ? suggest(written, options.map(String)) : undefined;
  return meant === undefined ? options : [meant];
}

const isStep = (step: PropertyKey): step is string | number => typeof step !== 'symbol';

const isInside = (path: readonly PropertyKey[], base: readonly PropertyKey[]): boolean =>
  base.every((step, i) => path[i] === step);

/** Tells unknown keys one by one, for the known ones differ from kind to kind. */
const onePerKey = (issue: Issue): readonly Issue[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key, i) => ({
        ...issue,
        keys: [key],
        message: issue.message.split('\n')[i] ?? issue.message,
      }))
    : [issue];

const issueKey = (issue: Issue): string =>
  JSON.stringify([issue.code, issue.path, issue.code === 'unrecognized_keys' ? issue.keys : []]);
