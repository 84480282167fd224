// Renders why players failed: the kinds of errors over all viewers, and those whose player gave up.

import type { PlayerErrorKind, Report } from '../../harness/model/report.ts';
import { counted, formatAt, NOTHING } from '../duration.ts';
import { errorName, whoGaveUp, whyGaveUp, type GaveUp } from '../playerErrors.ts';
import { html, type Markup } from './markup.ts';
import { card, columnsFor, table } from './page.ts';

const KIND_COLUMNS = columnsFor('error', 'class', 'the player', [
  'viewers',
  'times',
  'non-fatal before',
  'first',
  'last',
]);
const VIEWER_COLUMNS = columnsFor('viewer', ['gave up', 'non-fatal'], 'because of');
/** The number of rows that the other tables of viewers have, too. */
const ROWS_MAX = 200;

export function playerErrorsCard(report: Report): Markup | undefined {
  const { playerErrors } = report;
  const all = whoGaveUp(report);
  if (!playerErrors && all.length === 0) return undefined;
  return card(
    'Player errors',
    [
      playerErrors && kindTable(playerErrors.kinds),
      playerErrors && playerErrors.moreKinds > 0
        ? html`<p class="soft small">${counted(playerErrors.moreKinds, 'kind')} more.</p>`
        : undefined,
      all.length > 0 ? viewerTable(all) : undefined,
    ],
    true,
  );
}

const kindTable = (kinds: readonly PlayerErrorKind[]): Markup =>
  table({
    caption:
      'After a fatal error the player does nothing more until the application acts; the others it dealt with itself. The control is not counted.',
    columns: KIND_COLUMNS,
    rows: kinds.map((kind) => [
      html`<code>${errorName(kind)}</code>`,
      kind.type ?? NOTHING,
      kind.fatal ? html`<strong>gave up</strong>` : 'dealt with it',
      String(kind.viewers),
      String(kind.count),
      kind.nonFatalBefore === undefined ? NOTHING : String(kind.nonFatalBefore),
      formatAt(kind.firstAtMs),
      formatAt(kind.lastAtMs),
    ]),
  });

function viewerTable(all: readonly GaveUp[]): Markup {
  const rows = all
    .slice(0, ROWS_MAX)
    .map(({ viewer, errors }) => [
      viewer.id,
      counted(errors.fatal, 'time'),
      String(errors.nonFatal),
      whyGaveUp(errors),
    ]);
  const more = all.length - rows.length;
  const rest = more > 0 ? html`<p class="soft">${counted(more, 'viewer')} more.</p>` : undefined;
  return html`${table({ caption: 'Viewers whose player gave up.', columns: VIEWER_COLUMNS, rows })}${rest}`;
}
