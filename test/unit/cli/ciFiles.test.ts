// The files for CI systems: what they call is what the command line takes.

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseWords } from '../../../harness/cli/parser.ts';

const FILES = globSync('docs/ci/*');
const VARIABLE = /\$\{\{.*?\}\}|\$\{\w+\}|\$\w+/g;

/** The calls in a file, with 1 for every variable of the CI system. */
const callsIn = (file: string): string[][] =>
  [...readFileSync(file, 'utf8').matchAll(/npx ecran-noir ([^'"\n|]*)/g)].map(([, words = '']) =>
    words.replace(VARIABLE, '1').trim().split(/\s+/),
  );

test('there is one for each system, and each plays and joins shards', () => {
  expect(FILES.length).toBe(3);
  for (const file of FILES) {
    const commands = callsIn(file).map(([command]) => command);
    expect(commands).toEqual(expect.arrayContaining(['test', 'merge']));
  }
});

test.each(FILES.flatMap(callsIn).map((words) => [words.join(' '), words] as const))(
  '%s',
  async (_, words) => {
    const called: string[] = [];
    await parseWords(words, async ({ command }) => void called.push(command.split(' ')[0]!));
    expect(called).toEqual([words[0]]);
  },
);

test('the folder that is joined is the one that shards are brought to', () => {
  const { jobs } = parse(readFileSync('docs/ci/github.yml', 'utf8')) as {
    jobs: Record<string, { needs?: string; steps: { with?: { path?: string } }[] }>;
  };
  expect(jobs['verdict']?.needs).toBe('play');
  expect(jobs['verdict']?.steps.map((step) => step.with?.path)).toContain('shards');
  const gitlab = parse(readFileSync('docs/ci/gitlab.yml', 'utf8')) as Record<
    string,
    { artifacts: { paths: string[]; reports?: { junit: string } } }
  >;
  expect(gitlab['play']?.artifacts.paths).toEqual(['shards/']);
  expect(gitlab['verdict']?.artifacts.reports).toEqual({ junit: 'suite/junit.xml' });
});
