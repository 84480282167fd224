// The comparison for a pull request or a design document.

import type { Comparison } from '../../harness/model/comparison.ts';
import { VERDICT_MEANING } from '../legend.ts';
import { markdownTable, markdownText } from '../markdown.ts';
import { compressionText } from '../sentence.ts';
import { MEASURES, outcomeText, designRows, STANDING, type Cell, type DesignRow } from './rows.ts';

export function renderComparisonMarkdown(comparison: Comparison): string {
  const rows = designRows(comparison);
  const note = compressionText(comparison.compress ?? 1);
  const sections = [
    `## Designs compared: ${markdownText(comparison.scenario)}`,
    markdownText(outcomeText(comparison)),
    ...(note ? [`> ${markdownText(note)}`] : []),
    markdownTable(
      ['design', 'cost', 'runs', ...MEASURES.map(({ head }) => head)],
      rows.map(row),
      3,
    ),
    legend(),
    ...checks(rows),
  ];
  return `${sections.join('\n\n')}\n`;
}

const row = ({ design, cost, cells }: DesignRow): string[] => [
  `**${markdownText(design.design)}**<br>${markdownText(design.title)}`,
  cost,
  design.verdicts.map((verdict) => VERDICT_MEANING[verdict].mark).join(''),
  ...cells.map(figure),
];

const figure = ({ value, spread, standing }: Cell): string => {
  const mark = standing ? ` ${STANDING[standing].mark}` : '';
  return `${value}${mark}${spread ? `<br><sub>${spread}</sub>` : ''}`;
};

const legend = (): string =>
  [
    ...Object.values(STANDING).map(({ mark, says }) => `${mark} ${says}`),
    '± 95% confidence over repeats',
  ].join('; ');

function checks(rows: readonly DesignRow[]): string[] {
  const found = rows.filter(({ design }) => design.checks.length > 0);
  if (found.length === 0) return [];
  const lines = found.flatMap(({ design }) => [
    `- **${markdownText(design.design)}**`,
    ...design.checks.map((text) => `  - ${markdownText(text)}`),
  ]);
  return ['### What a check of the designs found', lines.join('\n')];
}
