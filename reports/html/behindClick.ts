// Renders what stands behind a click beside an interruption: the acts of its player, and the evidence
// that the page kept of its beginning and its end.

import { pictureName } from '../../harness/model/evidence.ts';
import type { Interruption, KeptEvidence } from '../../harness/model/report.ts';
import { counted, formatAt, formatMs } from '../duration.ts';
import type { Assets } from '../renderer.ts';
import { html, type Markup } from './markup.ts';

export function actsBehindClick({ playerActs }: Interruption): Markup | undefined {
  if (!playerActs) return undefined;
  const { acts, leftOut } = playerActs;
  const lines = acts.map(
    ({ atMs, event, detail }) =>
      html`<li>${formatAt(atMs)} ${event}${detail && `: ${detail}`}</li>`,
  );
  const middle = acts.length / 2;
  const gap = leftOut > 0 ? html`<li>… ${leftOut} more</li>` : undefined;
  return html`<details>
    <summary>${counted(acts.length + leftOut, 'act')} of its player</summary>
    <ul>
      ${lines.slice(0, middle)}${gap}${lines.slice(middle)}
    </ul>
  </details>`;
}

export function evidenceBehindClick(
  viewer: string,
  { evidence }: Interruption,
  assets: Assets,
): Markup | undefined {
  if (!evidence) return undefined;
  const { begin, end } = evidence;
  return html`<details>
    <summary>pictures, playlists and requests around it</summary>
    ${begin && oneEnd('Its beginning', begin, { viewer, assets })}
    ${end && oneEnd('Its end', end, { viewer, assets })}
  </details>`;
}

interface Shown {
  readonly viewer: string;
  readonly assets: Assets;
}

function oneEnd(title: string, kept: KeptEvidence, shown: Shown): Markup {
  const { recordMs, playlist } = kept;
  const given = playlist
    ? html`<p class="small">
          ${playlist.path}, given ${formatMs(recordMs - playlist.atMs)} before:
        </p>
        <pre class="small">${playlist.text}</pre>`
    : html`<p class="small">No playlist was given before.</p>`;
  return html`<p>${title}, noticed at ${formatAt(recordMs)}</p>
    <p class="film">${filmStrip(kept, shown)}</p>
    ${requests(kept)} ${given}`;
}

function filmStrip({ recordMs, picturesAtMs }: KeptEvidence, { viewer, assets }: Shown): Markup[] {
  return picturesAtMs.flatMap((atMs, place) => {
    const webp = assets.images[pictureName(viewer, recordMs, place)];
    if (webp === undefined) return [];
    const text = `${viewer} at ${formatAt(atMs)}`;
    return [
      html`<img
        width="192"
        height="108"
        title="${text}"
        alt="${text}"
        src="data:image/webp;base64,${webp}"
      />`,
    ];
  });
}

function requests({ recordMs, underWay = [] }: KeptEvidence): Markup {
  if (underWay.length === 0) return html`<p class="small">No request was under way.</p>`;
  const lines = underWay.map(
    ({ path, atMs }) => html`<li>${path}, for ${formatMs(recordMs - atMs)}</li>`,
  );
  return html`<p class="small">Under way:</p>
    <ul>
      ${lines}
    </ul>`;
}
