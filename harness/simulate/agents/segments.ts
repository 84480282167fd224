// The segments of a channel and the pictures in them, on the time line of its playlists: media time
// goes on over pauses of the transcoder, as players place segments one after another.

import type { OutputSpan } from './output.ts';

export interface Segments {
  readonly count: number;
  /** When its first picture is put out, and how long it is. */
  readonly startMs: Float64Array;
  /** Its start in media time; one more at the end. */
  readonly mediaMs: Float64Array;
  /** It begins a new time line. */
  readonly begins: Uint8Array;
  readonly fill: Fill;
}

/** Pictures that are not the programme, in media time. */
export interface Fill {
  readonly fromMs: readonly number[];
  readonly toMs: readonly number[];
  readonly isSlate: readonly boolean[];
}

export type Span = Pick<OutputSpan, 'fromMs' | 'toMs'>;

/** Cuts what is put out between two times into segments; `phaseMs` is a boundary of the first time line. */
export function makeSegments(
  output: readonly OutputSpan[],
  { fromMs, toMs }: Span,
  { segmentMs, phaseMs }: { readonly segmentMs: number; readonly phaseMs: number },
): Segments {
  const starts: number[] = [];
  const media: number[] = [0];
  const begins: number[] = [];
  const fill = { fromMs: [] as number[], toMs: [] as number[], isSlate: [] as boolean[] };
  const firstMs = fromMs - ((((fromMs - phaseMs) % segmentMs) + segmentMs) % segmentMs);
  for (const line of timeLines(output)) {
    const lineFromMs = Math.max(line.fromMs, firstMs);
    const lineToMs = Math.min(line.toMs, toMs);
    if (lineToMs <= lineFromMs) continue;
    const mediaFromMs = media.at(-1)! - lineFromMs;
    for (let atMs = lineFromMs; atMs < lineToMs; atMs += segmentMs) {
      begins.push(atMs === lineFromMs && starts.length > 0 ? 1 : 0);
      starts.push(atMs);
      media.push(mediaFromMs + Math.min(atMs + segmentMs, lineToMs));
    }
    for (const span of line.spans) addFill(fill, span, lineFromMs, lineToMs, mediaFromMs);
  }
  return {
    count: starts.length,
    startMs: Float64Array.from(starts),
    mediaMs: Float64Array.from(media),
    begins: Uint8Array.from(begins),
    fill,
  };
}

function timeLines(output: readonly OutputSpan[]) {
  const lines: { fromMs: number; toMs: number; spans: OutputSpan[] }[] = [];
  for (const span of output) {
    const last = lines.at(-1);
    if (span.begins || !last) lines.push({ fromMs: span.fromMs, toMs: span.toMs, spans: [span] });
    else {
      last.toMs = span.toMs;
      last.spans.push(span);
    }
  }
  return lines;
}

function addFill(
  fill: { fromMs: number[]; toMs: number[]; isSlate: boolean[] },
  { kind, fromMs, toMs }: OutputSpan,
  lineFromMs: number,
  lineToMs: number,
  mediaFromMs: number,
): void {
  const [from, to] = [Math.max(fromMs, lineFromMs), Math.min(toMs, lineToMs)];
  if (kind === 'programme' || to <= from) return;
  fill.fromMs.push(from + mediaFromMs);
  fill.toMs.push(to + mediaFromMs);
  fill.isSlate.push(kind === 'slate');
}
