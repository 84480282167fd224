// A small sample of a class's colour and pattern, and the legend made of them.

import type { Lane, Report } from '../../harness/model/report.ts';
import { CLASS_MEANING, LINK_MEANING, STAGE_MEANING, type Meaning } from '../legend.ts';
import { html, type Markup } from './markup.ts';

export const swatch = (name: string): Markup =>
  html`<svg class="inline-swatch" viewBox="0 0 26 13" aria-hidden="true">
    <rect class="c-${name}" x=".5" y=".5" width="25" height="12" rx="2" />
  </svg>`;

/** Every class of screen, and the words for links and stages that the run needed. */
export function legend(report: Report): Markup {
  const screens = Object.entries(CLASS_MEANING);
  const stages = Object.entries(STAGE_MEANING).filter(([name]) => occurs(report, 'stage', name));
  const links = Object.entries(LINK_MEANING).filter(([name]) => occurs(report, 'link', name));
  const overrun = (report.windows ?? []).length > 0 ? OVERRUN : [];
  return html`<h3>On a viewer's screen</h3>
    ${meanings(screens)}
    <h3>On links and stages</h3>
    ${meanings([...overrun, ...links, ...stages])}`;
}

const OVERRUN: [string, Meaning][] = [
  ['announced', { label: 'announced', sees: 'what was announced beforehand', glyph: '' }],
  ['work', { label: 'planned work', sees: 'links taken away as planned', glyph: '' }],
  ['overrun', { label: 'overrun', sees: 'the work takes longer than it was meant to', glyph: '' }],
];

const occurs = ({ lanes }: Report, kind: Lane['kind'], name: string): boolean =>
  lanes.some((lane) => lane.kind === kind && lane.spans.some((span) => span.class === name));

const meanings = (list: readonly [string, Meaning][]): Markup =>
  html`<ul class="legend">
    ${list.map(
      ([name, { label, sees }]) =>
        html`<li>
          ${swatch(name)}<span><strong>${label}</strong> <span class="soft">${sees}</span></span>
        </li>`,
    )}
  </ul>`;
