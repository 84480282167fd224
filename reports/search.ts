// The outcome of a search: a table for a terminal, the same as Markdown, and JSON.

import type { Finding } from '../harness/model/report.ts';
import type { CaseSeen, DesignSeen, Killer, SearchResult } from '../harness/model/search.ts';
import { borderless, trimmed } from './borderless.ts';
import { counted, formatMs, NOTHING } from './duration.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { inert, paintFor, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

const SEARCH_VERSION = 1;

export const renderSearchJson = (result: SearchResult): string =>
  `${JSON.stringify({ version: SEARCH_VERSION, ...result }, null, 2)}\n`;

/** Says what keeps the shards of a search from being one. */
export const renderSearchFindings = (
  findings: readonly Finding[],
  { json }: { readonly json: boolean },
): string =>
  json
    ? JSON.stringify({ version: SEARCH_VERSION, verdict: 'inconclusive', findings }, null, 2)
    : [
        'inconclusive: these shards are not one search, and nothing is written',
        ...findings.map(({ rule, text }) => `  ${inert(text)} [${rule}]`),
        'play what is missing or wrong with `ecran-noir search --shard`, and merge all of them',
      ].join('\n');

export function renderSearch(result: SearchResult, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const lines = (texts: readonly string[]) =>
    texts.flatMap((text) => wrapped(inert(text), terminal.columns));
  const table = borderless(HEADS.map((_, at) => (at === 0 || at >= WORDS_FROM ? 'left' : 'right')));
  for (const row of [HEADS, ...makeRows(result)]) table.push([...row, '']);
  return [
    paint.bold(headline(result)),
    '',
    trimmed(table.toString()),
    ...lines(['', ...notes(result)]),
  ].join('\n');
}

export function renderSearchMarkdown(result: SearchResult): string {
  const rows = makeRows(result).map((row) => row.map(markdownText));
  return [
    `# ${markdownText(headline(result))}`,
    markdownTable(HEADS, rows, WORDS_FROM),
    ...notes(result).map((text) => `- ${markdownText(text)}`),
    `\`${result.command}\``,
    '',
  ].join('\n\n');
}

function headline({ front, distinct, limits, scenario }: SearchResult): string {
  const kept = limits.join(', ');
  const of = `${counted(distinct, 'design')} of ${scenario}`;
  return front.length === 0
    ? `None of ${of} holds ${kept}; the nearest:`
    : `Of ${of} these hold ${kept}, and no other beats them in everything:`;
}

const HEADS = [
  '',
  'cost',
  'worst p99',
  'slack',
  'origin/s',
  'latency',
  'bound by',
  'knobs',
] as const;
/** From this column on there are words and no numbers. */
const WORDS_FROM = 6;

const shownIn = ({ front, nearest }: SearchResult): readonly DesignSeen[] =>
  front.length > 0 ? front : nearest;

function makeRows(result: SearchResult): string[][] {
  const shown = shownIn(result);
  const same = new Set(sameIn(shown));
  return shown.map((one, i) => [
    `#${i + 1}`,
    String(one.cost),
    formatMs(one.p99Ms),
    slackText(one),
    String(one.originPerS),
    formatMs(one.latencyMs),
    one.binding.case,
    knobsText(Object.entries(one.knobs).filter(([name]) => !same.has(name))),
  ]);
}

function slackText({ binding: { slackMs, verdict, observed } }: DesignSeen): string {
  if (slackMs === undefined) return verdict === 'pass' ? NOTHING : observed;
  return slackMs < 0 ? `-${formatMs(-slackMs)}` : formatMs(slackMs);
}

const knobsText = (knobs: readonly (readonly [string, string])[]): string =>
  knobs.map(([name, word]) => `${name} ${word}`).join(', ') || NOTHING;

/** Knobs that are alike in all of several designs. */
function sameIn(designs: readonly DesignSeen[]): string[] {
  const [first, ...others] = designs;
  if (!first || others.length === 0) return [];
  return Object.keys(first.knobs).filter((name) =>
    others.every(({ knobs }) => knobs[name] === first.knobs[name]),
  );
}

function notes(result: SearchResult): string[] {
  const { rungs, bisected, cases, audience, size, distinct, played, agreement } = result;
  const { front, rejected = [] } = result;
  const shown = shownIn(result);
  const same = sameIn(shown);
  const common = Object.entries(shown[0]!.knobs).filter(([name]) => same.includes(name));
  const rounds = rungs.map(({ agents, designs }) => `${designs} by ${agents} agents`).join(', ');
  return [
    ...(common.length > 0 ? [`All of them: ${knobsText(common)}.`] : []),
    `Each by itself: ${cases.join(', ')}; ${audience} viewers.`,
    `${counted(size, 'combination')}, ${distinct} of them different, ${played} played: ${rounds}.`,
    ...(bisected
      ? [
          `${bisected.knob} was found monotone in ${bisected.contexts} contexts and bisected in the others, which saved ${counted(bisected.saved, 'design')}.`,
        ]
      : []),
    ...shown.flatMap(({ killers = [] }, i) => killers.map((one) => killerText(one, i))),
    ...shown.flatMap(({ finalist = [] }, i) =>
      finalist.map((one) => finalistText(one, `#${i + 1} by virtual players`)),
    ),
    ...(front.length > 0 ? rejected.flatMap(rejectedTexts) : []),
    agreement,
  ];
}

function killerText(
  { case: fault, player, killsMs, holdsMs, longerThatHold, limit }: Killer,
  i: number,
): string {
  const name = player === undefined ? fault : `${fault}, ${player}`;
  if (killsMs === undefined)
    return `#${i + 1}, ${name}: no length up to ${formatMs(holdsMs)} breaks a limit.`;
  const odd =
    longerThatHold.length === 0
      ? ''
      : ` Not by length alone: ${longerThatHold.map(formatMs).join(', ')} break nothing.`;
  return `#${i + 1}, ${name}: ${formatMs(killsMs)} breaks ${limit}, ${formatMs(holdsMs)} does not.${odd}`;
}

const rejectedTexts = ({ knobs, finalist = [] }: DesignSeen): string[] =>
  finalist.map((one) =>
    finalistText(one, `Rejected by virtual players (${knobsText(Object.entries(knobs))})`),
  );

const finalistText = ({ name, limits }: CaseSeen, who: string): string =>
  `${who}, ${name}: ${limits.map(({ limit, verdict, observed }) => `${limit} ${verdict} (${observed})`).join(', ')}.`;
