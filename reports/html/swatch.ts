// A small sample of a class's colour and pattern, and the legend made of them.

import type { Lane, Report } from '../../harness/model/report.ts';
import { CLASS_MEANING, LINK_MEANING, STAGE_MEANING, type Meaning } from '../legend.ts';
import { html, type Markup } from './markup.ts';

export const swatch = (name: string): Markup =>
  html`<svg class="inline-swatch" viewBox="0 0 26 13" aria-hidden="true">
    <rect class="c-${name}" x=".5" y=".5" width="25" height="12" rx="2" />
  </svg>`;

/** Every class of screen where there are any, and the words for links and stages that the run needed. */
export function legend(report: Report): Markup {
  const isWatched = report.lanes.some(({ kind }) => kind === 'viewer');
  const screens = isWatched ? Object.entries(CLASS_MEANING) : [];
  const stages = Object.entries(STAGE_MEANING).filter(([name]) => occurs(report, 'stage', name));
  const links = Object.entries(LINK_MEANING).filter(([name]) => occurs(report, 'link', name));
  const overrun = (report.windows ?? []).length > 0 ? OVERRUN : [];
  return html`${meanings("On a viewer's screen", screens)}${meanings('On links and stages', [...overrun, ...links, ...stages])}`;
}

const OVERRUN: [string, Meaning][] = [
  ['announced', { label: 'announced', sees: 'what was announced beforehand', glyph: '' }],
  ['work', { label: 'planned work', sees: 'links taken away as planned', glyph: '' }],
  ['overrun', { label: 'overrun', sees: 'the work takes longer than it was meant to', glyph: '' }],
];

const occurs = ({ lanes }: Report, kind: Lane['kind'], name: string): boolean =>
  lanes.some((lane) => lane.kind === kind && lane.spans.some((span) => span.class === name));

function meanings(heading: string, list: readonly [string, Meaning][]): Markup | undefined {
  if (list.length === 0) return undefined;
  const items = list.map(
    ([name, { label, sees }]) =>
      html`<li>
        ${swatch(name)}<span><strong>${label}</strong> <span class="soft">${sees}</span></span>
      </li>`,
  );
  return html`<h3>${heading}</h3>
    <ul class="legend">
      ${items}
    </ul>`;
}
