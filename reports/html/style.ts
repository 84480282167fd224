// The layout of every page: figures, tables, lists, narrow screens, print.

import { CHART, COLOURS, SHAPE_STYLES } from './colours.ts';
import { html, type Markup } from './markup.ts';
import { TYPOGRAPHY } from './typography.ts';

export const STYLESHEET: Markup = html`${COLOURS}${CHART}${SHAPE_STYLES}${TYPOGRAPHY}<style>
    .figures {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 14px;
      margin: 18px 0 14px;
    }
    .figure {
      background: var(--wash);
      border-radius: 10px;
      padding: 12px 16px;
    }
    .figure b {
      display: block;
      font-size: 38px;
      line-height: 1.15;
      font-variant-numeric: tabular-nums;
      letter-spacing: -0.02em;
    }
    .doubtful .figure b {
      color: var(--soft);
      font-weight: 500;
    }
    .facts {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
      gap: 12px 24px;
      margin: 0;
    }
    .facts dt {
      color: var(--soft);
      font-size: 13px;
    }
    .facts dd {
      margin: 0;
      font-weight: 650;
      font-variant-numeric: tabular-nums;
    }
    .scroll {
      overflow-x: auto;
      container-type: inline-size;
    }
    .scroll:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    table {
      border-collapse: collapse;
      width: 100%;
      font-size: 13.5px;
      font-variant-numeric: tabular-nums;
    }
    caption {
      position: sticky;
      left: 0;
      max-width: 100cqi;
      text-align: left;
      color: var(--soft);
      padding: 0 0 8px;
      font-size: 13.5px;
    }
    th,
    td {
      text-align: left;
      padding: 6px 8px;
      border-bottom: 1px solid var(--line);
      vertical-align: top;
      overflow-wrap: break-word;
    }
    thead th {
      color: var(--soft);
      font-weight: 600;
      font-size: 12.5px;
      border-bottom: 2px solid var(--line);
      overflow-wrap: normal;
    }
    tfoot th,
    tbody th {
      font-weight: 600;
      white-space: nowrap;
    }
    tbody th :is(a, code) {
      white-space: normal;
    }
    .piece {
      white-space: nowrap;
    }
    .number {
      text-align: right;
      white-space: nowrap;
    }
    .strong {
      font-weight: 700;
    }
    tfoot td,
    tfoot th {
      border-top: 2px solid var(--line);
      border-bottom: 0;
      font-weight: 650;
    }
    .columns {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 0 16px;
      align-items: start;
    }
    .wall {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 14px;
      margin-top: 10px;
    }
    .wall figure {
      margin: 0;
    }
    .wall img {
      width: 100%;
      border-radius: 8px;
      border: 1px solid var(--line);
      background: #000;
      display: block;
    }
    .legend {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(310px, 1fr));
      gap: 4px 20px;
      list-style: none;
      padding: 0;
      margin: 12px 0 0;
      font-size: 13px;
    }
    .legend li {
      display: flex;
      gap: 9px;
      align-items: baseline;
    }
    .legend svg,
    .inline-swatch {
      flex: none;
      width: 26px;
      height: 13px;
      vertical-align: -2px;
    }
    .list {
      list-style: none;
      margin: 8px 0 0;
      padding: 0;
    }
    .list li {
      padding: 9px 0;
      border-top: 1px solid var(--line);
    }
    .hint {
      display: block;
      font-weight: 400;
      white-space: normal;
      color: var(--soft);
      font-size: 13.5px;
    }
    details > summary {
      cursor: pointer;
      color: var(--accent);
      font-weight: 600;
      padding: 6px 0;
    }
    .provenance {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 4px 18px;
      margin: 8px 0;
      font-size: 13.5px;
    }
    .provenance dt {
      color: var(--soft);
    }
    .provenance dd {
      margin: 0;
      overflow-wrap: anywhere;
    }
    .replay {
      display: block;
      background: var(--wash);
      border-radius: 8px;
      padding: 10px 14px;
      margin: 6px 0 12px;
      user-select: all;
    }
    footer {
      color: var(--soft);
      font-size: 12.5px;
      max-width: 1320px;
      margin: 0 auto;
      padding: 8px 24px 40px;
    }
    @media (max-width: 760px) {
      .figures,
      .wall,
      .columns {
        grid-template-columns: minmax(0, 1fr);
      }
      .legend {
        grid-template-columns: minmax(0, 1fr);
      }
      .provenance {
        grid-template-columns: minmax(0, 1fr);
      }
      .provenance dd {
        margin-bottom: 6px;
      }
      h1 {
        font-size: 24px;
      }
      main,
      .masthead {
        padding-left: 14px;
        padding-right: 14px;
      }
    }
    @media print {
      @page {
        size: A4 landscape;
        margin: 10mm;
      }
      body {
        background: #fff;
        font-size: 12px;
      }
      * {
        print-color-adjust: exact;
        -webkit-print-color-adjust: exact;
      }
      .card {
        break-inside: avoid;
        border-color: #bbb;
        margin: 8px 0;
        padding: 12px 14px;
      }
      .long {
        break-inside: auto;
      }
      tr,
      .wall {
        break-inside: avoid;
      }
      .timeline {
        min-width: 0;
      }
      .scroll {
        overflow: visible;
      }
      main {
        max-width: none;
        padding: 0;
      }
    }
  </style>`;
