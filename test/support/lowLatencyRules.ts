// The rules that a playlist in parts has to keep (RFC 8216bis 4.4.3.7, 4.4.3.8, 4.4.4.9, 4.4.5.3,
// 6.2.2), read from its text alone and without the code that writes it.

export interface ReadPart {
  readonly uri: string;
  readonly durationS: number;
  readonly independent: boolean;
}

export interface ReadSegment {
  readonly uri: string | undefined;
  readonly durationS: number;
  readonly parts: readonly ReadPart[];
}

export interface ReadLow {
  readonly targetS: number;
  readonly partTargetS: number;
  readonly holdBackS: number;
  readonly blocks: boolean;
  readonly sequence: number;
  /** The last has no address while it is in the making. */
  readonly segments: readonly ReadSegment[];
  readonly hints: readonly string[];
}

const attribute = (line: string, name: string): string | undefined =>
  new RegExp(`[:,]${name}=("[^"]*"|[^,]*)`).exec(line)?.[1]?.replaceAll('"', '');

export function readLow(text: string): ReadLow {
  const lines = text.split('\n');
  const tag = (name: string) => lines.find((line) => line.startsWith(`#EXT-X-${name}:`)) ?? '';
  const segments: ReadSegment[] = [];
  let parts: ReadPart[] = [];
  let durationS = 0;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-PART:'))
      parts.push({
        uri: attribute(line, 'URI') ?? '',
        durationS: Number(attribute(line, 'DURATION')),
        independent: attribute(line, 'INDEPENDENT') === 'YES',
      });
    else if (line.startsWith('#EXTINF:')) durationS = Number.parseFloat(line.slice(8));
    else if (line !== '' && !line.startsWith('#')) {
      segments.push({ uri: line, durationS, parts });
      parts = [];
    }
  }
  if (parts.length > 0) segments.push({ uri: undefined, durationS: 0, parts });
  return {
    targetS: Number(tag('TARGETDURATION').split(':')[1]),
    partTargetS: Number(attribute(tag('PART-INF'), 'PART-TARGET')),
    holdBackS: Number(attribute(tag('SERVER-CONTROL'), 'PART-HOLD-BACK')),
    blocks: attribute(tag('SERVER-CONTROL'), 'CAN-BLOCK-RELOAD') === 'YES',
    sequence: Number(tag('MEDIA-SEQUENCE').split(':')[1]),
    segments,
    hints: lines
      .filter((line) => line.startsWith('#EXT-X-PRELOAD-HINT:TYPE=PART'))
      .map((line) => attribute(line, 'URI') ?? ''),
  };
}

/** Durations are written in milliseconds. */
const ROUNDING_S = 0.0006;

/** Gives the rules that a playlist breaks, in words. */
export function brokenRules(text: string): string[] {
  const low = readLow(text);
  const { targetS, partTargetS, holdBackS, segments } = low;
  const all = segments.flatMap(({ parts }) => parts);
  const rules: [boolean, string][] = [
    [low.blocks, 'CAN-BLOCK-RELOAD=YES is there'],
    [partTargetS > 0, 'PART-TARGET is there'],
    [holdBackS >= 3 * partTargetS - ROUNDING_S, 'PART-HOLD-BACK is at least 3 PART-TARGET'],
    [all.every((part) => part.durationS <= partTargetS), 'no part is longer than PART-TARGET'],
    [segments.every(({ parts }) => longEnough(parts, partTargetS)), 'parts have 85 % of it'],
    [segments.every(isItsParts), 'the parts before a segment are that segment'],
    [segments.every(({ durationS }) => Math.round(durationS) <= targetS), 'TARGETDURATION holds'],
    [segments.every(({ parts }) => parts[0]?.independent ?? true), 'a segment begins independent'],
    [new Set(all.map(({ uri }) => uri)).size === all.length, 'no part is there twice'],
    [onlyNearTheEnd(low), 'parts are listed near the end, and only there'],
    [low.hints.length <= 1, 'there is one hint at most'],
    [!all.some(({ uri }) => low.hints.includes(uri)), 'what a hint names is not listed'],
    [hintIsLast(text), 'the hint stands behind every part and segment'],
    [reportsAreNear(text, low), 'reports name other playlists, not far from the end of this one'],
  ];
  return rules.filter(([kept]) => !kept).map(([, rule]) => rule);
}

/** The last part of a segment may be shorter, and the last that is listed may not be the last. */
const longEnough = (parts: readonly ReadPart[], targetS: number): boolean =>
  parts.slice(0, -1).every(({ durationS }) => durationS >= 0.85 * targetS);

const isItsParts = ({ uri, durationS, parts }: ReadSegment): boolean =>
  uri === undefined ||
  parts.length === 0 ||
  Math.abs(parts.reduce((sum, part) => sum + part.durationS, 0) - durationS) <
    ROUNDING_S * (parts.length + 1);

/** Within three target durations of the end they may be missing only where there never were any. */
function onlyNearTheEnd({ segments, targetS }: ReadLow): boolean {
  let behindS = 0;
  return segments.toReversed().every(({ uri, durationS, parts }) => {
    const near = behindS <= 3 * targetS + ROUNDING_S;
    behindS += uri === undefined ? parts.reduce((sum, part) => sum + part.durationS, 0) : durationS;
    return near || parts.length === 0;
  });
}

const hintIsLast = (text: string): boolean => {
  const [, behind] = text.split('#EXT-X-PRELOAD-HINT:');
  return behind === undefined || !/^#EXT(?:INF|-X-PART):/m.test(behind);
};

/** Tracks are uploaded one beside another. */
const SEGMENTS_APART_MAX = 2;

function reportsAreNear(text: string, { sequence, segments }: ReadLow): boolean {
  const newest = sequence + segments.length - 1;
  return text
    .split('\n')
    .filter((line) => line.startsWith('#EXT-X-RENDITION-REPORT:'))
    .every((line) => {
      const apart = Math.abs(Number(attribute(line, 'LAST-MSN')) - newest);
      return (
        /^\.\.\/\w+\/index\.m3u8$/.test(attribute(line, 'URI') ?? '') && apart <= SEGMENTS_APART_MAX
      );
    });
}
