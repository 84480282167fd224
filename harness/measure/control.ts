// The control viewer watches a path of its own that no fault touches. When it loses the picture,
// the machine was the cause, and nobody's moments at that time can be trusted.

import { findFleet } from '../../players/registry.ts';
import type { ScreenClass, Span } from '../model/report.ts';
import type { ViewerDescription } from '../model/viewer.ts';
import type { Screen } from './classify.ts';
import { isBlackScreen, isWatching } from './ledger.ts';
import { joined, lengthMs, overlay, union, type Interval } from './spans.ts';
import { GLITCH_MS } from './thresholds.ts';
import type { StoredTrack } from './tracks.ts';

/** The moments that each control suffered. */
export type Suffering = readonly {
  readonly control: ViewerDescription;
  readonly moments: readonly Interval[];
}[];

export const byControl = (
  tracks: readonly StoredTrack[],
  find: (track: StoredTrack) => readonly Interval[],
): Suffering =>
  tracks
    .filter(({ viewer }) => viewer.control)
    .map((track) => ({ control: track.viewer, moments: find(track) }));

const isBox = ({ player }: Pick<ViewerDescription, 'player'>): boolean =>
  findFleet(player) === 'boxes';

/**
 * The moments of the control of the run, which is on the machine of the chain, and of the one beside
 * this viewer. For a set-top box a box tells, in records that have one.
 */
export function concerns(
  suffering: Suffering,
  viewer: Pick<ViewerDescription, 'worker' | 'player'>,
): readonly Interval[] {
  const boxes = suffering.filter(({ control }) => isBox(control));
  const near = suffering.filter(
    ({ control }) =>
      !isBox(control) && (control.worker === undefined || control.worker === viewer.worker),
  );
  const telling = isBox(viewer) && boxes.length > 0 ? boxes : near;
  return union(telling.flatMap(({ moments }) => moments));
}

/**
 * When the control did not show the programme after its first picture. A page or browser that ended
 * is no busy machine, and is told of by itself.
 */
export const findSuffering = ({ spans, pageLost, watching }: Screen): Interval[] =>
  union(
    overlay<ScreenClass>(spans, pageLost, { as: 'left' }).filter(
      (span) =>
        span.class === 'slate' ||
        (span.class === 'unmeasured' && isWatching(span, watching)) ||
        isBlackScreen(span, watching),
    ),
  );

/** Makes those moments unmeasured, whatever was on the screen. */
export const withoutSuffering = (screen: Screen, suffering: readonly Interval[]): Screen =>
  withUnmeasured(screen, suffering, (was) => was !== 'left');

/**
 * The moments of these classes become unmeasured. What is left of a loss beside them, shorter than a
 * glitch, belongs to them: viewers do not stumble in the same millisecond.
 */
export function withUnmeasured(
  screen: Screen,
  moments: readonly Interval[],
  applies: (was: ScreenClass) => boolean,
): Screen {
  if (moments.length === 0) return screen;
  const covered = overlay(screen.spans, moments, { as: 'unmeasured', applies });
  const isCovered = (span: Span | undefined) => span?.class === 'unmeasured';
  const spans = covered.map((span, i) =>
    isSliver(span) && (isCovered(covered[i - 1]) || isCovered(covered[i + 1]))
      ? { ...span, class: 'unmeasured' as const }
      : span,
  );
  return { ...screen, spans: joined(spans) };
}

const isSliver = (span: Span): boolean =>
  span.class !== 'programme' && span.class !== 'left' && lengthMs(span) < GLITCH_MS;
