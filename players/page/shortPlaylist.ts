// Shortens a playlist or a manifest to what tells where its live edge is.

import { EVIDENCE_MAX } from '../../harness/model/evidence.ts';

const GAP = '\n…\n';
/** The head has the tags that hold for all of it; the live edge is at its end. */
const HEAD_SHARE = 0.3;

/** The text without the queries of its addresses, where signed links carry their secrets. */
export function shortPlaylist(text: string): string {
  const plain = text.trim().replaceAll(/\?[^\s"'<>]+/g, '?…');
  if (plain.length <= EVIDENCE_MAX.playlist) return plain;
  const room = EVIDENCE_MAX.playlist - GAP.length;
  const head = Math.floor(room * HEAD_SHARE);
  return plain.slice(0, head) + GAP + plain.slice(plain.length - (room - head));
}
