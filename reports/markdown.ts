// report.md: what a CI job page or a pull request shows. Short: the page is report.html.

import { readRange } from '../harness/model/range.ts';
import type { FaultResult, Report, Summary, ViewerResult } from '../harness/model/report.ts';
import { BORDER_HEADS, borderNote, borderRows } from './borders.ts';
import { cohortLines } from './cohorts.ts';
import {
  formatAt,
  formatMs,
  formatRange,
  formatRatio,
  formatStatistic,
  NOTHING,
} from './duration.ts';
import { observedText } from './expectation.ts';
import { GROUP_HEADS, groupRows } from './groups.ts';
import { figureRows } from './figures.ts';
import { FINDING_WORD, VERDICT_MEANING, verdictWords } from './legend.ts';
import { errorLines, gaveUpLines } from './playerErrors.ts';
import { recoversIn } from './recovery.ts';
import { replayCommand } from './replay.ts';
import { compressionNote, describeRun, marginText } from './sentence.ts';
import { viewerName } from './viewerName.ts';

/** Rows of the viewer table; a pull request is read on one screen. */
const VIEWERS_MAX = 20;

export function renderMarkdown(report: Report): string {
  const sections = [
    headline(report),
    figures(report),
    groups(report),
    borders(report),
    expectations(report),
    findings(report),
    viewers(report),
    listing('Cohorts', cohortLines(report)),
    listing('Player errors', [...errorLines(report), ...gaveUpLines(report, VIEWERS_MAX)]),
    faults(report),
    provenance(report),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** Nothing where there is nothing to list. */
const section = (title: string, listed: readonly unknown[], body: string): string =>
  listed.length === 0 ? '' : `### ${title}\n\n${body}`;

function borders(report: Report): string {
  const rows = borderRows(report);
  const cells = rows.map((row) => row.map(markdownText));
  const table = markdownTable(BORDER_HEADS, cells, BORDER_HEADS.length);
  return section('Borders', rows, `${table}\n\n${markdownText(borderNote(report))}`);
}

/** Text from outside as inert Markdown on one line, safe in a table cell. */
export const markdownText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~>@-]/g, String.raw`\$&`);

/** A table; cells are Markdown already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = 1,
): string {
  const rule = head.map((_, column) => (column < numbersFrom ? '---' : '---:'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Text between backticks cannot be escaped, so the fence grows. */
function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  const runs = flat.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const gap = runs.length > 0 ? ' ' : '';
  return `${fence}${gap}${flat}${gap}${fence}`;
}

function headline(report: Report): string {
  const { mark } = VERDICT_MEANING[report.verdict];
  const { word } = verdictWords(report.verdict, report.run.kind);
  const note = compressionNote(report);
  return [
    `## ${mark} ${word}: ${markdownText(report.run.title)}`,
    markdownText(describeRun(report)),
    ...(note ? [`> ${markdownText(note)}`] : []),
  ].join('\n\n');
}

function groups(report: Report): string {
  const cells = groupRows(report).map((row) => row.map(markdownText));
  return section('Groups', cells, markdownTable(GROUP_HEADS, cells));
}

function figures(report: Report): string {
  const { audience, verdict } = report;
  const { atMost } = audience;
  const row = (name: string, low: Summary | undefined, high = low, print = formatMs) =>
    low && [name, ...STATISTICS.map((stat) => formatStatistic([low, high], stat, print))];
  const rows = [
    row('**black screen**', audience.blackScreenMs, atMost.blackScreenMs),
    row(
      'programme loss (with slate and silence)',
      audience.programmeLossMs,
      atMost.programmeLossMs,
    ),
    row('time to recover', audience.timeToRecoverMs, atMost.timeToRecoverMs),
    row(
      'amplification (black screen / cut)',
      audience.amplification,
      atMost.amplification,
      formatRatio,
    ),
    row('glass-to-glass latency', audience.latencyMs),
    ...figureRows(report).map(({ head, low, high, print }) =>
      row(markdownText(head), low, high, print),
    ),
  ].filter((each) => each !== undefined);
  const per = verdict === 'inconclusive' ? 'per viewer, not established' : 'per viewer';
  return `${markdownTable([per, ...STATISTICS], rows)}

${markdownText(marginText(report))}`;
}

const STATISTICS = ['p50', 'p95', 'max'] as const;

function expectations({ expectations: list }: Report): string {
  const rows = list.map((result) => {
    const { verdict, text, reason } = result;
    return [
      `${VERDICT_MEANING[verdict].mark} ${verdict}`,
      code(text).replaceAll('|', String.raw`\|`),
      markdownText(`${observedText(result)}${reason ? ` (${reason})` : ''}`),
    ];
  });
  return section('Expectations', rows, markdownTable(['', 'expected', 'observed'], rows, 3));
}

function findings({ findings: list }: Report): string {
  const lines = list.map(({ verdict, rule, text, atMs, hint }) => {
    const when = atMs === undefined ? '' : ` at ${formatAt(atMs)}`;
    const todo = hint ? ` *Hint:* ${markdownText(hint)}` : '';
    return `- ${FINDING_WORD[verdict].mark} **${markdownText(rule)}**${when}: ${markdownText(text)}${todo}`;
  });
  return section('Findings', lines, lines.join('\n'));
}

function viewers({ viewers: all }: Report): string {
  const worst = [...all].sort((a, b) => b.blackScreenMs - a.blackScreenMs).slice(0, VIEWERS_MAX);
  const head = [
    'viewer',
    'channel',
    'black screen',
    'interruptions',
    'recovers in',
    'amplification',
  ];
  const more = all.length > worst.length ? `\n\nThe worst ${worst.length} of ${all.length}.` : '';
  return section('Viewers', all, `${markdownTable(head, worst.map(viewerRow), 2)}${more}`);
}

const viewerRow = (viewer: ViewerResult): string[] => [
  markdownText(viewerName(viewer)),
  markdownText(viewer.channel),
  formatRange(readRange(viewer, 'blackScreenMs')),
  String(viewer.interruptions.filter(({ glitch }) => !glitch).length),
  viewer.recovered ? recoversIn(viewer) : `**${recoversIn(viewer)}**`,
  formatRange(readRange(viewer, 'amplification'), formatRatio),
];

const listing = (title: string, lines: readonly string[]): string =>
  section(title, lines, lines.map((line) => `- ${markdownText(line)}`).join('\n'));

function faults({ faults: list }: Report): string {
  const head = ['fault', 'effect', 'links', 'channels', 'proven', 'from', 'length'];
  return section('What was done', list, markdownTable(head, list.map(faultRow), 5));
}

const faultRow = (fault: FaultResult): string[] => [
  markdownText(fault.window ?? fault.name),
  markdownText(`${fault.kind} ${fault.effect}`),
  markdownText(fault.links.join(', ')),
  markdownText(fault.channels.join(', ') || 'all'),
  provenWord(fault),
  fault.fromMs === undefined ? NOTHING : formatAt(fault.fromMs),
  fault.fromMs === undefined || fault.toMs === undefined
    ? NOTHING
    : formatMs(fault.toMs - fault.fromMs),
];

function provenWord({ proofs, unasked }: FaultResult): string {
  if (unasked) return 'not asked';
  if (proofs.length === 0 || proofs.some(({ proven, maskedBy }) => !proven && !maskedBy))
    return '**no**';
  return proofs.some(({ maskedBy }) => maskedBy) ? 'masked' : 'yes';
}

function provenance(report: Report): string {
  const { run } = report;
  const replay = replayCommand(report);
  const { runtime, runtimeReason, toxiproxy } = run.environment;
  const facts = [
    `run ${markdownText(run.id)}`,
    `engine ${markdownText(run.engine)}`,
    `runtime ${markdownText(runtime)} (${markdownText(runtimeReason)})`,
    `Toxiproxy ${markdownText(toxiproxy)}`,
    `seed ${markdownText(String(run.seed))}`,
    `compress ${markdownText(String(run.compress))}`,
    `Écran noir ${markdownText(run.harness)}`,
  ].join(', ');
  return `<sub>${facts}</sub>${replay ? `\n\n${code(replay)}` : ''}`;
}
