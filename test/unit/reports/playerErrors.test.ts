// Why players failed, in every output that tells of it.

import { describe, expect, it } from 'vitest';
import type { PlayerErrors, Report } from '../../../harness/model/report.ts';
import { renderConsole } from '../../../reports/console.ts';
import { renderHtml } from '../../../reports/html.ts';
import { renderJson } from '../../../reports/json.ts';
import { renderJunit } from '../../../reports/junit.ts';
import { renderMarkdown } from '../../../reports/markdown.ts';
import { gaveUpLines } from '../../../reports/playerErrors.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const FATAL = {
  fatal: true,
  type: 'networkError',
  details: 'manifestLoadError',
  status: 503,
  target: 'edge/…/index.m3u8',
  count: 1,
  viewers: 1,
  nonFatalBefore: 3,
  firstAtMs: 24_000,
  lastAtMs: 24_000,
};
const DEALT_WITH = {
  fatal: false,
  type: 'networkError',
  details: 'fragLoadError<script>',
  count: 12,
  viewers: 4,
  firstAtMs: 23_000,
  lastAtMs: 40_000,
};

function withErrors(): Report {
  const own: PlayerErrors = { fatal: 1, nonFatal: 3, kinds: [FATAL], moreKinds: 0 };
  const all: PlayerErrors = {
    fatal: 4,
    nonFatal: 12,
    kinds: [{ ...FATAL, count: 4, viewers: 4, nonFatalBefore: 12 }, DEALT_WITH],
    moreKinds: 2,
  };
  const { viewers } = sampleReport();
  return sampleReport({
    playerErrors: all,
    viewers: viewers.map((viewer, i) => (i < 4 ? { ...viewer, playerErrors: own } : viewer)),
  });
}

const ALL = 'fatal: manifestLoadError 503 on edge/…/index.m3u8 (4 viewers), after 12 non-fatal';
const ONE = 'viewer-2 gave up: manifestLoadError 503 on edge/…/index.m3u8, after 3 non-fatal';

describe('player errors', () => {
  it('stand on the console, counted over viewers and of each viewer', () => {
    const text = renderConsole(withErrors(), { columns: 120, colours: false });
    expect(text).toContain(ALL);
    expect(text).toContain('non-fatal: fragLoadError<script> (4 viewers, 12 times)');
    expect(text).toContain('and 2 kinds more');
    expect(text).toContain(ONE);
  });

  it('stand on the page, escaped', () => {
    const page = renderHtml(withErrors());
    expect(page).toContain('<h2>Player errors</h2>');
    expect(page).toContain('manifestLoadError 503 on edge/…/index.m3u8, after 3 non-fatal');
    expect(page).toContain('fragLoadError&lt;script&gt;');
    expect(page).not.toContain('fragLoadError<script>');
  });

  it('stand in Markdown, JSON, and the output of JUnit’s cases', () => {
    const markdown = renderMarkdown(withErrors());
    expect(markdown).toContain('### Player errors');
    expect(markdown.replaceAll('\\', '')).toContain(ALL);
    const junit = renderJunit(withErrors(), NO_ASSETS);
    expect(junit).toContain(ALL);
    expect(junit).toContain(ONE);
    const unmet = /recovered == 100%[\s\S]*?<\/testcase>/.exec(junit)?.[0];
    expect(unmet).toContain(ALL);
    expect(JSON.parse(renderJson(withErrors()))).toMatchObject({ playerErrors: { fatal: 4 } });
  });

  it('name so many viewers and say how many more there are', () => {
    expect(gaveUpLines(withErrors(), 3)).toEqual([
      expect.stringContaining('viewer-1 gave up'),
      expect.stringContaining('viewer-2 gave up'),
      expect.stringContaining('viewer-3 gave up'),
      '1 viewer more gave up',
    ]);
  });

  it('are not spoken of where there were none', () => {
    expect(renderConsole(sampleReport(), { columns: 120, colours: false })).not.toContain(
      'player errors',
    );
    expect(renderHtml(sampleReport())).not.toContain('Player errors');
    expect(renderMarkdown(sampleReport())).not.toContain('Player errors');
  });
});
