// The look of text, cards and chips, on every page.

import { html, type Markup } from './markup.ts';

export const TYPOGRAPHY: Markup = html`<style>
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0;
    background: var(--page);
    color: var(--ink);
    font:
      15px/1.5 system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      'Liberation Sans',
      sans-serif;
  }
  main,
  .masthead {
    max-width: 1320px;
    margin: 0 auto;
    padding: 0 24px;
  }
  .masthead {
    padding-top: 20px;
    display: flex;
    justify-content: space-between;
    gap: 16px;
    color: var(--soft);
    font-size: 13px;
  }
  .brand {
    font-weight: 700;
    letter-spacing: 0.02em;
    color: var(--ink);
    white-space: nowrap;
  }
  .brand::before {
    content: '';
    display: inline-block;
    width: 18px;
    height: 12px;
    margin-right: 8px;
    background: var(--black);
    border: 1px solid var(--soft);
    border-radius: 2px;
    vertical-align: -1px;
  }
  h1 {
    font-size: 30px;
    line-height: 1.2;
    margin: 10px 0 8px;
    letter-spacing: -0.01em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 18px;
    margin: 0 0 4px;
    letter-spacing: -0.005em;
  }
  h3 {
    font-size: 14px;
    margin: 18px 0 4px;
  }
  p {
    margin: 0 0 8px;
  }
  ul:not(.legend) > li {
    overflow-wrap: anywhere;
  }
  code,
  .mono {
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
    font-size: 0.92em;
    overflow-wrap: anywhere;
  }
  .soft {
    color: var(--soft);
  }
  .small {
    font-size: 13px;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 12px;
    padding: 20px 22px;
    margin: 16px 0;
  }
  .hero {
    padding: 24px 26px;
    border-top: 6px solid var(--tone);
  }
  .compared {
    --tone: var(--accent);
  }
  span.note {
    --tone: var(--soft);
    --tone-wash: var(--wash);
  }
  .pass {
    --tone: var(--pass);
    --tone-wash: var(--pass-wash);
  }
  .fail {
    --tone: var(--fail);
    --tone-wash: var(--fail-wash);
  }
  .inconclusive {
    --tone: var(--inconclusive);
    --tone-wash: var(--inconclusive-wash);
  }
  .chip {
    display: inline-block;
    padding: 2px 10px;
    border-radius: 99px;
    font-weight: 700;
    font-size: 13px;
    color: var(--tone);
    background: var(--tone-wash);
    white-space: nowrap;
  }
  .hero .chip {
    font-size: 16px;
    padding: 4px 16px;
    letter-spacing: 0.04em;
  }
  .lead {
    font-size: 18px;
    line-height: 1.5;
    max-width: 100ch;
    overflow-wrap: anywhere;
  }
  p.note {
    border-left: 3px solid var(--inconclusive);
    padding: 2px 0 2px 12px;
    color: var(--soft);
    max-width: 100ch;
    font-size: 13.5px;
  }
</style>`;
