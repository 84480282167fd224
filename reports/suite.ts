// A suite of many runs: the outputs of `test` and `merge`, made from the rows of suite/rows.ts.

import type { Suite } from '../harness/model/suite.ts';
import { writeJson } from './json.ts';
import { renderSuiteHtml } from './suite/html.ts';
import { renderSuiteJunit } from './suite/junit.ts';
import { renderSuiteMarkdown } from './suite/markdown.ts';
import type { SuiteRuns } from './suite/rows.ts';

export type { SuiteRuns };

const FIRST = ['version', 'verdict', 'choices', 'planned', 'leftOut', 'findings'];

export const renderSuiteJson = (suite: Suite): string => writeJson(suite, FIRST);

/** The files in the folder of a suite; the first is always there, the others where they are asked for. */
export const SUITE_FILES = [
  { reporter: 'json', file: 'suite.json', render: renderSuiteJson },
  { reporter: 'junit', file: 'junit.xml', render: renderSuiteJunit },
  { reporter: 'markdown', file: 'summary.md', render: renderSuiteMarkdown },
  { reporter: 'html', file: 'index.html', render: renderSuiteHtml },
] as const satisfies readonly {
  readonly reporter: string;
  readonly file: string;
  readonly render: (suite: Suite, runs: SuiteRuns) => string;
}[];

export type SuiteReporter = (typeof SUITE_FILES)[number]['reporter'];
