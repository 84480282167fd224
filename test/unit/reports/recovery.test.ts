// A viewer whose recovery nobody could see is unknown in every output: neither back nor lost.

import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import type { RecoveryState, Report } from '../../../harness/model/report.ts';
import { renderConsole } from '../../../reports/console.ts';
import { renderHtml } from '../../../reports/html.ts';
import { renderJson } from '../../../reports/json.ts';
import { renderJunit } from '../../../reports/junit.ts';
import { renderMarkdown } from '../../../reports/markdown.ts';
import { renderOpenMetrics } from '../../../reports/openmetrics.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { describeRun } from '../../../reports/sentence.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** The sample, where viewer-5 is the only one of six who is not back. */
function reportWith(recovery: RecoveryState): Report {
  const { viewers, audience } = sampleReport();
  return sampleReport({
    viewers: viewers.map((viewer) => (viewer.id === 'viewer-5' ? { ...viewer, recovery } : viewer)),
    audience: { ...audience, recoveryUnseen: recovery === 'unseen' ? 1 : 0 },
  });
}

const unseen = reportWith('unseen');
const lost = reportWith('not-recovered');
const onTerminal = (report: Report) => renderConsole(report, { columns: 160, colours: false });

describe('a viewer whose recovery nobody could see', () => {
  it('is unknown in the headline, and not among those who never saw it again', () => {
    expect(describeRun(unseen)).toContain('For 1 viewer it is unknown whether the programme was');
    expect(describeRun(unseen)).not.toContain('never');
    expect(describeRun(lost)).toContain('1 viewer never saw it again.');
    expect(describeRun(lost)).not.toContain('unknown');
  });

  it('is in the headline where nobody lost anything', () => {
    const audience = { ...unseen.audience, interrupted: 0, recovered: 5 };
    expect(describeRun(sampleReport({ audience }))).toMatch(
      /None of 6 viewers lost the programme\. For 1 viewer it is unknown/,
    );
  });

  it('is unknown in the table on a terminal and in the count', () => {
    const lines = onTerminal(unseen).split('\n');
    expect(lines.find((line) => line.startsWith('viewer-5'))).toMatch(/ unknown /);
    expect(onTerminal(unseen)).toContain(
      '5 of 6 viewers have the programme at the end (83.3% to 100%), 1 unknown; a cut',
    );
    expect(onTerminal(lost)).toContain('at the end (83.3%); a cut');
  });

  it('is unknown in Markdown', () => {
    expect(renderMarkdown(unseen)).toContain('| **unknown** |');
    expect(renderMarkdown(unseen)).not.toContain('**never**');
  });

  it('is unknown on the page, in facts, timeline and ledger', () => {
    const $ = load(renderHtml(unseen, NO_ASSETS));
    expect($('dl.facts').text()).toContain('5 of 6 (83.3% to 100%), 1 unknown');
    expect($('svg').text()).toContain('unknown');
    expect($('tr:contains("viewer-5"):contains("unknown")')).toHaveLength(1);
  });

  it('is a count of its own in JUnit and metrics', () => {
    expect(renderJunit(unseen, NO_ASSETS)).toContain('name="viewers_recovery_unknown" value="1"');
    expect(renderOpenMetrics(unseen)).toMatch(/state="recovery_unknown"} 1\n/);
    expect(renderOpenMetrics(lost)).toMatch(/state="recovery_unknown"} 0\n/);
  });

  it('is told apart in report.json', () => {
    const { viewers, audience } = JSON.parse(renderJson(unseen)) as Report;
    const states = viewers.map(({ recovery }) => recovery);
    expect(states.filter((state) => state === 'unseen')).toHaveLength(1);
    expect(viewers.find(({ id }) => id === 'viewer-5')).toMatchObject({ recovered: false });
    expect(audience).toMatchObject({ recovered: 5, recoveryUnseen: 1 });
  });
});
