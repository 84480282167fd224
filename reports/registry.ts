// Every output that becomes a file. Adding one is a file and a line here: see README.md.

import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderOpenMetrics } from './openmetrics.ts';
import type { FileReport } from './renderer.ts';

export const FILE_REPORTS: readonly FileReport[] = [
  {
    name: 'json',
    file: 'report.json',
    about: 'everything that was measured, versioned',
    render: renderJson,
  },
  {
    name: 'junit',
    file: 'junit.xml',
    about: 'expectations and findings as test cases, for CI',
    render: renderJunit,
  },
  {
    name: 'html',
    file: 'report.html',
    about: 'one self-contained page with the timeline of every viewer',
    render: renderHtml,
  },
  {
    name: 'markdown',
    file: 'report.md',
    about: 'a summary for a CI job page or a pull request',
    render: renderMarkdown,
  },
  {
    name: 'openmetrics',
    file: 'metrics.prom',
    about: 'the headline numbers for Prometheus',
    render: renderOpenMetrics,
  },
];
