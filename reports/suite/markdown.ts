// summary.md of a suite: what a CI job page or a pull request shows.

import type { Suite } from '../../harness/model/suite.ts';
import { VERDICT_MEANING } from '../legend.ts';
import { markdownTable, markdownText } from '../markdown.ts';
import { describeSuite, SUITE_HEADS, suiteNotes, suiteRows, tally, type SuiteRow } from './rows.ts';

export function renderSuiteMarkdown(suite: Suite): string {
  const rows = suiteRows(suite);
  const sections = [
    `## ${VERDICT_MEANING[suite.verdict].mark} ${suite.verdict.toUpperCase()}: ${tally(suite)}`,
    ...suiteNotes(suite).map((note) => `> ${markdownText(note)}`),
    ...(rows.length > 0 ? [markdownTable(SUITE_HEADS, rows.map(row), 2)] : []),
    list('Why', rows.flatMap(why)),
    list(
      'Left out',
      suite.leftOut.map(({ key, reason }) => `**${markdownText(key)}**: ${markdownText(reason)}`),
    ),
    list(
      'The suite itself',
      suite.findings.map(
        ({ verdict, rule, text }) =>
          `${VERDICT_MEANING[verdict].mark} **${markdownText(rule)}**: ${markdownText(text)}`,
      ),
    ),
    `<sub>${markdownText(describeSuite(suite))}</sub>`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const row = ({ result, cells }: SuiteRow): string[] => [
  `**${markdownText(result.key)}**<br>${markdownText(result.title)}`,
  `${VERDICT_MEANING[result.verdict].mark} ${result.verdict}`,
  ...cells.map(markdownText),
];

const why = ({ result, notes }: SuiteRow): string[] =>
  notes.map((note) => `**${markdownText(result.key)}**: ${markdownText(note)}`);

const list = (heading: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `### ${heading}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
