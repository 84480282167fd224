// Finds the evidence that the page kept of an interruption: of its beginning, and of its end.

import type { ViewerRecord } from '../model/history.ts';
import type { Interruption, KeptEvidence } from '../model/report.ts';

/** The page tells of a standing picture when it has stood for 200 ms, and looks every 250 ms. */
const LATE_MS = 1_500;
/** Pages and spans round, and a hiccup belongs to a picture. */
const EARLY_MS = 200;

type WithEvidence = ViewerRecord & Required<Pick<ViewerRecord, 'evidence'>>;

/** Gives the interruption as it is where nothing was kept. */
export function addEvidence(
  interruption: Interruption,
  events: readonly ViewerRecord[],
): Interruption {
  const kept = events.filter((event): event is WithEvidence => event.evidence !== undefined);
  const begin = nearest(kept, true, interruption.fromMs);
  const end = interruption.recovered ? nearest(kept, false, interruption.toMs) : undefined;
  if (!begin && !end) return interruption;
  return { ...interruption, evidence: { ...(begin && { begin }), ...(end && { end }) } };
}

function nearest(
  kept: readonly WithEvidence[],
  begins: boolean,
  atMs: number,
): KeptEvidence | undefined {
  const off = (one: WithEvidence) => Math.abs(one.atMs - atMs);
  const [found] = kept
    .filter((one) => one.evidence.begins === begins)
    .filter((one) => one.atMs >= atMs - EARLY_MS && one.atMs <= atMs + LATE_MS)
    .toSorted((a, b) => off(a) - off(b));
  if (!found) return undefined;
  const { pictures, playlist, underWay } = found.evidence;
  const at = <T extends { readonly atMs: number }>(one: T): T => ({
    ...one,
    atMs: Math.round(found.atMs + one.atMs),
  });
  return {
    recordMs: Math.round(found.atMs),
    picturesAtMs: pictures.map((one) => at(one).atMs),
    ...(playlist && { playlist: at(playlist) }),
    ...(underWay && { underWay: underWay.map(at) }),
  };
}
