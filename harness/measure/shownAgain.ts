// Counts the pictures of the programme that a player shows again: a clock that steps back, a stream
// that goes round in a circle. The ledger calls them programme, for they move; new they are not.

import type { ViewerDescription } from '../model/history.ts';
import type { Finding } from '../model/report.ts';
import type { Playback } from './playback.ts';
import { RELOAD_SETTLE_FRAMES } from './thresholds.ts';
import type { ViewerTrack } from './tracks.ts';

export interface ShownAgain {
  readonly viewer: ViewerDescription;
  readonly count: number;
  readonly firstAtMs: number;
  /** A second and more of them were shown three times: no player goes back so often. */
  readonly isCircle: boolean;
}

/** Undefined for less than a second of them: players go back by part of a segment. */
export function countShownAgain(
  { viewer, events }: ViewerTrack,
  { atMs, ageMs }: Playback,
  fps: number,
): ShownAgain | undefined {
  const begins = events
    .filter(({ event }) => event === 'join' || event === 'reload')
    .map((event) => event.atMs + (RELOAD_SETTLE_FRAMES * 1000) / fps);
  const times = new Map<number, number>();
  const again: number[] = [];
  let [load, newest, often] = [0, -Infinity, 0];
  for (const [i, at] of atMs.entries()) {
    const picture = Math.round(((at - ageMs[i]!) * fps) / 1000);
    for (; load < begins.length && begins[load]! <= at; load++) newest = -Infinity;
    if (picture >= newest) {
      newest = picture;
      continue;
    }
    again.push(at);
    times.set(picture, (times.get(picture) ?? 1) + 1);
    if (times.get(picture)! > 2) often += 1;
  }
  if (again.length < fps) return undefined;
  const firstAtMs = Math.round(again[0]!);
  return { viewer, count: again.length, firstAtMs, isCircle: often >= fps };
}

export function sayShownAgain({ viewer, count, firstAtMs, isCircle }: ShownAgain): Finding {
  const verdict = isCircle ? 'inconclusive' : 'pass';
  const meaning = isCircle
    ? 'in a circle: whether that is its programme is not known'
    : 'which count as programme';
  const text = `${viewer.id} was shown ${count} pictures again, older than what it had shown before, ${meaning}`;
  return { rule: 'shown-again', verdict, text, atMs: firstAtMs };
}
