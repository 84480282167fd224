// Bytes of answers on a link, which nothing encodes in virtual time.

import type { Design } from '../model/scenario.ts';
import { AUDIO } from '../pipeline/pace.ts';
import type { Answer } from './answers.ts';

/** Gives the bytes of an answer: of a segment those that its rung would have. */
export function bytesIn(path: string, { body }: Answer, { media }: Pick<Design, 'media'>): number {
  const rung = Number(/\/v(\d+)\/[^/]+\.ts$/.exec(path)?.[1] ?? NaN);
  return !media.ladder[rung] || body.length === 0 ? body.length : bytesOfSegment(media, rung);
}

/** Gives the bytes that a segment of a rung would have. */
export function bytesOfSegment({ ladder, segmentMs }: Design['media'], rung: number): number {
  return Math.round(((ladder[rung]!.videoKbps + AUDIO.kbps) * 1.1 * segmentMs) / 8);
}
