// Answers made wrong: what a fault does to a playlist or a segment that is true.

import type { Random } from '../../kernel/random.ts';
import { SEGMENT_NAME } from '../../model/segmentName.ts';
import { PACKET_BYTES } from '../../model/transportStream.ts';

/** Counts a playlist's segments from the one that was `firstSequence` when the fault began. */
export const resetSequence = (playlist: string, firstSequence: number): string =>
  playlist.replace(/(#EXT-X-MEDIA-SEQUENCE:)(\d+)/, (_, tag: string, sequence: string) => {
    return `${tag}${Math.max(0, Number(sequence) - firstSequence)}`;
  });

export const mediaSequence = (playlist: string): number =>
  Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1] ?? 0);

export const withoutDiscontinuities = (playlist: string): string =>
  playlist.replace(/^#EXT-X-DISCONTINUITY(-SEQUENCE:\d+)?\n/gm, '');

/** Lists segments whose number is a multiple of `every` as gaps. */
export function withGaps(playlist: string, every: number): string {
  const lines = playlist.split('\n');
  const marked = lines.flatMap((line, at) => {
    const name = line.startsWith('#EXTINF') ? lines[at + 1] : undefined;
    const sequence = Number(SEGMENT_NAME.exec(name ?? '')?.[1] ?? NaN);
    const already = lines[at - 1] === '#EXT-X-GAP';
    return sequence % every === 0 && !already ? ['#EXT-X-GAP', line] : [line];
  });
  return marked.join('\n');
}

/** Fills a share of the packets with noise, their sync bytes included. */
export function corruptPackets(segment: Buffer, share: number, random: Random): Buffer {
  const corrupt = Buffer.from(segment);
  for (let at = 0; at < corrupt.length; at += PACKET_BYTES) {
    if (random.next() >= share) continue;
    const end = Math.min(at + PACKET_BYTES, corrupt.length);
    for (let i = at; i < end; i++) corrupt[i] = Math.floor(random.next() * 256);
  }
  return corrupt;
}
