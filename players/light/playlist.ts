// Reads HLS playlists (RFC 8216) as far as a viewer who decodes nothing needs them.

export interface Rung {
  readonly url: string;
  /** Bits a second. */
  readonly bandwidth: number;
  readonly name: string;
}

export interface Segment {
  /** Media sequence number. */
  readonly number: number;
  readonly url: string;
  readonly durationMs: number;
  /** PROGRAM-DATE-TIME of its first picture, also where a segment before it has it; else absent. */
  readonly dateEpochMs?: number;
  readonly gap: boolean;
  readonly discontinuity: boolean;
}

export interface MediaPlaylist {
  readonly targetMs: number;
  readonly segments: readonly Segment[];
  readonly ended: boolean;
}

/** Undefined for what is no playlist, such as a page of HTML. */
export function readPlaylist(
  text: string,
  url: string,
): readonly Rung[] | MediaPlaylist | undefined {
  if (!text.startsWith('#EXTM3U')) return undefined;
  const lines = text.split('\n');
  return text.includes('#EXT-X-STREAM-INF') ? readRungs(lines, url) : readMedia(lines, url);
}

export const isMedia = (read: readonly Rung[] | MediaPlaylist): read is MediaPlaylist =>
  'targetMs' in read;

function readRungs(lines: readonly string[], base: string): readonly Rung[] {
  const rungs = lines.flatMap((line, i): Rung[] => {
    if (!line.startsWith('#EXT-X-STREAM-INF:')) return [];
    const address = lines[i + 1]?.trim() ?? '';
    const bandwidth = Number(/[:,]BANDWIDTH=(\d+)/.exec(line)?.[1] ?? 0);
    const size = /RESOLUTION=([\dx]+)/.exec(line)?.[1] ?? 'one size';
    const name = `${size} ${Math.round(bandwidth / 1000)} kbit/s`;
    const url = resolve(address, base);
    return address === '' || url === undefined ? [] : [{ url, bandwidth, name }];
  });
  // Pathways of content steering name each variant again; the first is the preferred one.
  const first = new Map(rungs.toReversed().map((rung) => [rung.name, rung]));
  return [...first.values()].toSorted((a, b) => a.bandwidth - b.bandwidth);
}

interface Tags {
  durationMs: number;
  dateEpochMs: number | undefined;
  gap: boolean;
  discontinuity: boolean;
}

const noTags = (): Tags => ({
  durationMs: 0,
  dateEpochMs: undefined,
  gap: false,
  discontinuity: false,
});

function readMedia(lines: readonly string[], base: string): MediaPlaylist {
  const segments: Segment[] = [];
  let [targetMs, number, ended] = [0, 0, false];
  let tags = noTags();
  for (const written of lines) {
    const line = written.trim();
    if (line.startsWith('#EXT-X-TARGETDURATION:')) targetMs = 1000 * readValue(line);
    else if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) number = readValue(line);
    else if (line.startsWith('#EXT-X-ENDLIST')) ended = true;
    else if (line.startsWith('#')) readTag(line, tags);
    else if (line !== '') {
      const url = resolve(line, base);
      const before = segments.at(-1);
      if (url !== undefined) segments.push(makeSegment(tags, { number, url, before }));
      number += 1;
      tags = noTags();
    }
  }
  return { targetMs, segments, ended };
}

function readTag(line: string, tags: Tags): void {
  if (line.startsWith('#EXTINF:')) tags.durationMs = 1000 * (parseFloat(line.slice(8)) || 0);
  else if (line.startsWith('#EXT-X-GAP')) tags.gap = true;
  else if (line === '#EXT-X-DISCONTINUITY') tags.discontinuity = true;
  else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) {
    const epochMs = Date.parse(line.slice(line.indexOf(':') + 1));
    tags.dateEpochMs = Number.isFinite(epochMs) ? epochMs : undefined;
  }
}

interface Place {
  readonly number: number;
  readonly url: string;
  readonly before: Segment | undefined;
}

/** A date counts on to the segments after it, up to a discontinuity. */
function makeSegment(tags: Tags, { number, url, before }: Place): Segment {
  const { durationMs, gap, discontinuity } = tags;
  const follows = before?.dateEpochMs !== undefined && !discontinuity;
  const dateEpochMs =
    tags.dateEpochMs ?? (follows ? before.dateEpochMs + before.durationMs : undefined);
  return {
    number,
    url,
    durationMs,
    gap,
    discontinuity,
    ...(dateEpochMs !== undefined && { dateEpochMs }),
  };
}

const readValue = (line: string): number => Number(line.slice(line.indexOf(':') + 1)) || 0;

/** Undefined for what is no address of the web. */
function resolve(address: string, base: string): string | undefined {
  const url = URL.parse(address, base);
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
