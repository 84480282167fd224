// Tells why players failed, in words: the kinds of errors over all viewers, and of each viewer
// whose player gave up. Lines without markup; every output puts them into its own form.

import type {
  PlayerErrorKind,
  PlayerErrors,
  Report,
  ViewerResult,
} from '../harness/model/report.ts';
import { counted } from './duration.ts';

/** `manifestLoadError 503 on edge/…/index.m3u8`. */
export const errorName = ({ details, status, target }: PlayerErrorKind): string =>
  [details, status, target && `on ${target}`].filter(Boolean).join(' ');

/** `fatal: manifestLoadError 503 on edge/…/index.m3u8 (4 viewers), after 12 non-fatal`. */
function kindLine(kind: PlayerErrorKind): string {
  const { fatal, count, viewers, nonFatalBefore = 0 } = kind;
  const often = count > viewers ? `, ${count} times` : '';
  const before = nonFatalBefore > 0 ? `, after ${nonFatalBefore} non-fatal` : '';
  const how = fatal ? 'fatal' : 'non-fatal';
  return `${how}: ${errorName(kind)} (${counted(viewers, 'viewer')}${often})${before}`;
}

/** Over all viewers; empty when no player told of an error. */
export function errorLines({ playerErrors }: Report): string[] {
  if (!playerErrors) return [];
  const { kinds, moreKinds } = playerErrors;
  const more = moreKinds > 0 ? [`and ${counted(moreKinds, 'kind')} more`] : [];
  return [...kinds.map(kindLine), ...more];
}

/** `manifestLoadError 503 on edge/…/index.m3u8 3 times, after 12 non-fatal`; '' for no error. */
export function whyGaveUp({ kinds }: PlayerErrors): string {
  const reasons = kinds.filter(({ fatal }) => fatal);
  const before = reasons.reduce((sum, { nonFatalBefore = 0 }) => sum + nonFatalBefore, 0);
  const named = reasons.map((kind) =>
    kind.count > 1 ? `${errorName(kind)} ${kind.count} times` : errorName(kind),
  );
  return named.join('; ') + (before > 0 ? `, after ${before} non-fatal` : '');
}

export interface GaveUp {
  readonly viewer: ViewerResult;
  readonly errors: PlayerErrors;
}

/** Viewers whose player gave up at least once, in the order of the report. */
export const whoGaveUp = ({ viewers }: Report): GaveUp[] =>
  viewers.flatMap((viewer) =>
    viewer.playerErrors && viewer.playerErrors.fatal > 0
      ? [{ viewer, errors: viewer.playerErrors }]
      : [],
  );

/** One line a viewer whose player gave up, and how many more there are. */
export function gaveUpLines(report: Report, max: number): string[] {
  const all = whoGaveUp(report);
  const lines = all
    .slice(0, max)
    .map(({ viewer, errors }) => `${viewer.id} gave up: ${whyGaveUp(errors)}`);
  const more = all.length - lines.length;
  return more > 0 ? [...lines, `${counted(more, 'viewer')} more gave up`] : lines;
}
