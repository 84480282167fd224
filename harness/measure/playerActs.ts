// Puts beside the longest interruptions the acts of the player and its application around them, and
// the evidence that the page kept of them.

import type { ViewerRecord } from '../model/history.ts';
import type { Interruption, PlayerAct, ViewerResult } from '../model/report.ts';
import { addEvidence } from './interruptionEvidence.ts';
import { lengthMs } from './spans.ts';
import type { StoredTrack } from './tracks.ts';

/** The longest interruptions of a run have theirs: those of ten thousand viewers fill a disk. */
const INTERRUPTIONS_MAX = 50;
/** A reload loop has hundreds; the first and the last of them tell how it began and ended. */
const ACTS_MAX = 16;
/** An act so much before or after belongs to it: a player notices what its viewer sees, or will see. */
const AROUND_MS = 2_000;
const DETAIL_LENGTH_MAX = 120;

/** Glitches have none. */
export function addPlayerActs(
  viewers: readonly ViewerResult[],
  tracks: readonly Pick<StoredTrack, 'viewer' | 'events'>[],
): ViewerResult[] {
  const eventsBy = new Map(tracks.map(({ viewer, events }) => [viewer.id, events]));
  const chosen = new Set(
    viewers
      .flatMap(({ interruptions }) => interruptions.filter(({ glitch }) => !glitch))
      .toSorted((a, b) => lengthMs(b) - lengthMs(a))
      .slice(0, INTERRUPTIONS_MAX),
  );
  return viewers.map((viewer) => {
    const events = eventsBy.get(viewer.id) ?? [];
    const interruptions = viewer.interruptions.map((interruption) =>
      chosen.has(interruption) ? addEvidence(addActs(interruption, events), events) : interruption,
    );
    return { ...viewer, interruptions };
  });
}

function addActs(interruption: Interruption, all: readonly ViewerRecord[]): Interruption {
  const around = all.filter(
    ({ atMs, event }) =>
      event !== 'evidence' &&
      atMs >= interruption.fromMs - AROUND_MS &&
      atMs <= interruption.toMs + AROUND_MS,
  );
  if (around.length === 0) return interruption;
  const more = Math.max(0, around.length - ACTS_MAX);
  const half = ACTS_MAX / 2;
  const kept = more > 0 ? [...around.slice(0, half), ...around.slice(-half)] : around;
  return { ...interruption, playerActs: { acts: kept.map(describeAct), leftOut: more } };
}

/** An error is named in the player's own words, with the status of the answer. */
function describeAct({ atMs, event, detail, error }: ViewerRecord): PlayerAct {
  const text = error
    ? [error.details, error.status].filter((word) => word !== undefined).join(' ')
    : detail;
  return {
    atMs: Math.round(atMs),
    event,
    ...(text && { detail: text.slice(0, DETAIL_LENGTH_MAX) }),
  };
}
