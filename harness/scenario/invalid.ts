// Makes one error of all the problems of a file, each with its place.

import { HarnessError } from '../model/errors.ts';
import type { Problem } from './sourceFile.ts';

/** More than anybody mends before looking again. */
const SHOWN_MAX = 100;

/** Every problem of a file in one error, sorted, each with its place; of very many the first. `page` says more. */
export function invalid(
  file: string,
  problems: readonly Problem[],
  page = 'docs/scenario.md describes every key',
): HarnessError {
  const lines = problems
    .toSorted((a, b) => order(a, file) - order(b, file) || a.line - b.line || a.column - b.column)
    .slice(0, SHOWN_MAX)
    .map(
      ({ file, line, column, path, message }) =>
        `  ${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}${message}`,
    );
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`  … and ${grouped(more)} more`);
  const many = problems.length === 1 ? '1 problem' : `${grouped(problems.length)} problems`;
  return new HarnessError('SCENARIO_INVALID', `${many} in ${file}\n${lines.join('\n')}`, {
    target: file,
    hint: `mend the lines above; ${page}`,
  });
}

/** `19 900` */
const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ' ');

/** The scenario's own file first, then the design's. */
const order = (problem: Problem, file: string): number => (problem.file === file ? 0 : 1);

/** Leaves each problem once: one in the file itself shows in each of its variants. */
export function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column, message } = problem;
    const key = JSON.stringify([file, line, column, message]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}
