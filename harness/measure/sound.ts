// The sound of viewers: when there was none though there was a picture of the programme, and how far
// it was from its picture.
//
//   picture   p p p p p p p b b b p p p p
//   sound     s s s - - - - - - - - - s s        silent where a picture of the programme stands
//   class     p p p m m m m b b b m m p p

import { hasBurst, type LipSync, type SoundResult } from '../model/sound.ts';
import type { Screen } from './classify.ts';
import type { Sound } from './heardSound.ts';
import { clip, coveredMs, joined, lengthMs, overlay, touching, type Interval } from './spans.ts';
import { aggregate } from './statistics.ts';
import { GLITCH_MS } from './thresholds.ts';
import { isProgramme, type Frames } from './tracks.ts';

/** Somebody heard more than a click: silence means nothing where there is no sound to lose. */
export const hasSound = (sound: Sound | undefined): boolean =>
  sound !== undefined && coveredMs(sound.heard) - coveredMs(sound.silent) >= GLITCH_MS;

/** Pictures of the programme without sound are `silent`, where the machine did not lose it for all. */
export function withSilence(
  screen: Screen,
  { silent }: Pick<Sound, 'silent'>,
  lostForAll: readonly Interval[],
): Screen {
  const own = overlay<'silent' | 'lost'>(
    silent.map((interval) => ({ class: 'silent', ...interval })),
    lostForAll,
    { as: 'lost' },
  ).filter((span) => span.class === 'silent');
  const mute = screen.spans
    .filter((span) => span.class === 'programme')
    .flatMap((span) => touching(own, span).map((interval) => clip(interval, span)))
    .filter((interval) => lengthMs(interval) >= leastMs(interval, screen))
    .map(({ fromMs, toMs }) => ({ fromMs: Math.round(fromMs), toMs: Math.round(toMs) }));
  const spans = overlay(screen.spans, mute, {
    as: 'silent',
    applies: (was) => was === 'programme',
  });
  return { ...screen, spans: joined(spans) };
}

/** A loss of both ends with sound and picture as far apart as they may be before it is a silence. */
const leastMs = (silence: Interval, { spans }: Screen): number =>
  touching(spans, { fromMs: silence.fromMs - 1, toMs: silence.toMs + 1 }).some(
    (span) => span.class !== 'programme',
  )
    ? APART_MS_MAX
    : GLITCH_MS;

/** Sound and picture further apart than this cannot be told from the second before or after. */
const APART_MS_MAX = 500;

/** Gives what a report says of the sound of one viewer. */
export function describeSound(
  { heard, burstsMs }: Sound,
  { spans }: Screen,
  lip: Lip,
): SoundResult {
  const programme = spans.filter(({ class: name }) => name === 'programme' || name === 'silent');
  const programmeMs = programme.reduce((sum, span) => sum + lengthMs(span), 0);
  const heardMs = programme.reduce(
    (sum, span) => sum + coveredMs(touching(heard, span).map((one) => clip(one, span))),
    0,
  );
  const lipSync = measureLipSync(burstsMs, lip);
  return {
    unheardMs: Math.round(programmeMs - heardMs),
    ...(lipSync && { lipSync }),
  };
}

interface Lip {
  readonly frames: Frames;
  readonly fps: number;
  /** The time of a frame by its index: when it was shown, if nothing else is said. */
  readonly timeOf?: (i: number) => number;
}

/** Gives for each burst the time by which it was heard later than its picture was shown. */
export function lipErrors(
  burstsMs: Float64Array,
  { frames, fps, timeOf = (i) => frames.atMs[i]! }: Lip,
): number[] {
  const shownMs: number[] = [];
  for (let i = 0; i < frames.count; i++)
    if (
      isProgramme(frames, i) &&
      frames.counter[i] !== frames.counter[i - 1] &&
      hasBurst(frames.counter[i]!, fps)
    )
      shownMs.push(timeOf(i) + 500 / fps);
  const errors: number[] = [];
  let at = 0;
  for (const burstMs of burstsMs) {
    while (
      at + 1 < shownMs.length &&
      Math.abs(shownMs[at + 1]! - burstMs) <= Math.abs(shownMs[at]! - burstMs)
    )
      at++;
    const error = burstMs - (shownMs[at] ?? Infinity);
    if (Math.abs(error) < APART_MS_MAX) errors.push(error);
  }
  return errors;
}

function measureLipSync(burstsMs: Float64Array, lip: Lip): LipSync | undefined {
  const errors = lipErrors(burstsMs, lip);
  if (errors.length === 0) return undefined;
  const worst = errors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return {
    bursts: errors.length,
    medianMs: Math.round(aggregate('p50', errors)),
    worstMs: Math.round(worst),
  };
}
