// Every output that becomes a file. Adding one is a file and a line here: see README.md.

import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderOpenMetrics } from './openmetrics.ts';
import type { FileReport } from './renderer.ts';

export const FILE_REPORTS: readonly FileReport[] = [
  { file: 'report.json', render: renderJson },
  { file: 'junit.xml', render: renderJunit },
  { file: 'report.html', render: renderHtml },
  { file: 'report.md', render: renderMarkdown },
  { file: 'metrics.prom', render: renderOpenMetrics },
];
