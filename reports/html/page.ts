// The frame of every page: one file, no network. The policy in its head forbids what the
// escaping already prevents: scripts, and anything fetched from anywhere.

import { html, markupText, type Markup } from './markup.ts';
import { STYLESHEET } from './style.ts';

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

export interface Page {
  readonly title: string;
  readonly masthead: string;
  readonly body: readonly Markup[];
  readonly footer: string;
}

export function renderPage({ title, masthead, body, footer }: Page): string {
  return `<!doctype html>\n${markupText(
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${STYLESHEET}
      </head>
      <body>
        <header class="masthead">
          <span class="brand">Écran noir</span><span>${masthead}</span>
        </header>
        <main>${body}</main>
        <footer>${footer}</footer>
      </body>
    </html>`,
  )}\n`;
}

/** A section with a heading of its own; `long` ones may break over printed pages. */
export const card = (
  heading: string,
  body: readonly (Markup | undefined)[],
  long = false,
): Markup =>
  html`<section class="card${long ? ' long' : ''}">
    <h2>${heading}</h2>
    ${body}
  </section> `;

/** A wide drawing that is scrolled sideways where the screen is narrow. */
export const scrolled = (name: string, drawing: Markup): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${name}, scrolls sideways">
    ${drawing}
  </div>`;

export interface Column {
  readonly head: string;
  readonly number?: boolean;
}

/** Columns by their heads: those of text one by one, those of numbers in lists. */
export const columnsFor = (...heads: readonly (string | readonly string[])[]): Column[] =>
  heads.flatMap((head) =>
    typeof head === 'string' ? [{ head }] : head.map((name) => ({ head: name, number: true })),
  );

/** A table a screen reader can follow: caption, column heads, the first cell of a row heads it. */
export function table(options: {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (Markup | string)[])[];
  readonly foot?: readonly (Markup | string)[];
}): Markup {
  const { caption, columns, rows, foot } = options;
  const head = columns.map(
    ({ head: name, number }) => html`<th scope="col" ${numberClass(number)}>${name}</th>`,
  );
  const row = (cells: readonly (Markup | string)[]) =>
    html`<tr>
      ${cells.map((cell, i) =>
        i === 0
          ? html`<th scope="row" ${numberClass(columns[i]?.number)}>${cell}</th>`
          : html`<td${numberClass(columns[i]?.number)}>${cell}</td>`,
      )}
    </tr> `;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows.map(row)}
      </tbody>
      ${
        foot
          ? html`<tfoot>
              ${row(foot)}
            </tfoot>`
          : undefined
      }
    </table>
  </div>`;
}

const numberClass = (number: boolean | undefined): Markup =>
  number ? html` class="number"` : html``;
