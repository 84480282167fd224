// Designs side by side: the outputs of `compare`, all made from the rows of compare/rows.ts.

import type { Comparison } from '../harness/model/comparison.ts';
import { renderComparisonHtml } from './compare/html.ts';
import { renderComparisonMarkdown } from './compare/markdown.ts';
import { writeJson } from './json.ts';

export { renderComparisonConsole } from './compare/console.ts';
export { renderComparisonHtml, renderComparisonMarkdown };

/** Versioned: people keep it to compare the next comparison with. */
const COMPARISON_VERSION = 1;

export const renderComparisonJson = (comparison: Comparison): string =>
  writeJson({ version: COMPARISON_VERSION, ...comparison }, ['version', 'scenario']);

export const COMPARISON_FILES: readonly {
  readonly file: string;
  readonly render: (comparison: Comparison) => string;
}[] = [
  { file: 'comparison.json', render: renderComparisonJson },
  { file: 'comparison.html', render: renderComparisonHtml },
  { file: 'comparison.md', render: renderComparisonMarkdown },
];
