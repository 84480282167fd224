// The code base tested as data: what a reader relies on when looking for something.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, EXIT } from '../../harness/model/errors.ts';

const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const sources = files.filter(
  (file) => /^(harness|players|reports)\/.*\.ts$/.test(file) && !file.endsWith('.d.ts'),
);
const read = (file: string): string => readFileSync(file, 'utf8');

const VAGUE = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared', 'lib']);
const LINES_MAX = 300;

describe('the code base', () => {
  it('has no folder or file with a name that says nothing', () => {
    const vague = files.filter((file) =>
      file.split('/').some((part) => VAGUE.has(basename(part).replace(/\..*$/, ''))),
    );
    expect(vague).toEqual([]);
  });

  it('opens every source file with a comment on its role', () => {
    expect(sources.filter((file) => !/^(#!.*\n)?(\/\/|\/\*)/.test(read(file)))).toEqual([]);
  });

  it('keeps one noun a file: none is too long to read', () => {
    const long = sources.filter((file) => read(file).trimEnd().split('\n').length > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('documents every error code with its exit code', () => {
    const documented = new Map(
      [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` +\| +(\d+) +\|/gm)].map(
        ([, code, exit]) => [code, Number(exit)],
      ),
    );
    expect(documented).toEqual(new Map(Object.entries(ERROR_CODES)));
  });

  it('lists every exit code in the README and in docs/errors.md', () => {
    for (const file of ['README.md', 'docs/errors.md']) {
      const listed = [...read(file).matchAll(/^\| +(\d+) +\|/gm)].map(([, exit]) => Number(exit));
      expect(listed).toEqual(Object.values(EXIT));
    }
  });

  it('names only files that exist in its pages', () => {
    // The page builds this one as an example.
    const example = 'harness/faults/limit.ts';
    const named = /`((?:harness|players|reports|test|docs|scenarios)\/[\w./-]+)`/g;
    const missing = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((page) =>
        [...read(page).matchAll(named)]
          .map(([, file = '']) => file)
          .filter((file) => file !== example && !existsSync(file))
          .map((file) => `${page} names ${file}`),
      );
    expect(missing).toEqual([]);
  });

  it('has no broken link between its pages', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, target]) => join(dirname(page), target ?? ''))
        .filter((target) => !existsSync(target))
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
