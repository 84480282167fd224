// Alerts as date ranges of an HLS playlist (RFC 8216, 4.3.2.7): written by the packager or the origin,
// read by players. An alert stays in the playlist for as long as it is in force.

import type { ToldAlert } from './alert.ts';

const CLASS = 'ecran-noir.alert';

/** One tag each. The text is percent-encoded, because an attribute cannot hold every character. */
export const dateRangeTags = (alerts: readonly ToldAlert[]): readonly string[] =>
  alerts.map(({ id, number, revision, exercise, text, issuedEpochMs }) =>
    [
      `#EXT-X-DATERANGE:ID="${number}.${revision}"`,
      `CLASS="${CLASS}"`,
      `START-DATE="${new Date(issuedEpochMs).toISOString()}"`,
      `X-ID="${encodeURIComponent(id)}"`,
      `X-NUMBER=${number}`,
      `X-REVISION=${revision}`,
      `X-EXERCISE=${exercise ? 1 : 0}`,
      `X-TEXT="${encodeURIComponent(text)}"`,
    ].join(','),
  );

/** Adds the tags to a playlist, before its first segment. */
export function withDateRanges(playlist: string, alerts: readonly ToldAlert[]): string {
  const at = playlist.search(/^#EXT-X-(?:DISCONTINUITY$|PROGRAM-DATE-TIME)|^#EXTINF/m);
  if (at === -1) return playlist;
  return `${playlist.slice(0, at)}${dateRangeTags(alerts).join('\n')}\n${playlist.slice(at)}`;
}

/** The alert of a date range by its attributes; undefined where it is about something else. */
export function alertInRange(attributes: Readonly<Record<string, unknown>>): ToldAlert | undefined {
  const text = (key: string) => {
    const value = attributes[key];
    return typeof value === 'string' ? decodeURIComponent(value) : '';
  };
  if (attributes.CLASS !== CLASS) return undefined;
  return {
    id: text('X-ID'),
    number: Number(attributes['X-NUMBER']),
    revision: Number(attributes['X-REVISION']),
    exercise: Number(attributes['X-EXERCISE']) === 1,
    text: text('X-TEXT'),
    issuedEpochMs: Date.parse(text('START-DATE')),
  };
}
