// The ruler judged by another's eyes: what each viewer was measured to see, held against a recording
// of the display by a program that knows nothing of frame clocks. Computed by measure/screenRuler.ts.

import type { Calibration } from './calibration.ts';
import type { ScreenClass, Verdict } from './report.ts';

export const SCREEN_RULER_VERSION = 1;

/** The goals on a machine on which nothing else runs. */
export const SCREEN_GOAL = {
  /** 95th percentile of the errors of an edge, without their sign: one frame at 25 fps. */
  p95Ms: 40,
  /** A loss of this length that is not reported is a miss; the shortest interruption. */
  missedMs: 200,
} as const;

/** The look of one viewer's picture in a recording, by pixels alone. */
export interface SeenSpan {
  readonly look: 'black' | 'still';
  /** Since run start: the first sample that shows it, and the first that does not any more. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The findings of the recording about one viewer. */
export interface SeenTile {
  readonly viewer: string;
  readonly spans: readonly SeenSpan[];
}

/** A recording of the display, read. */
export interface Sighting {
  /** Since run start: the first and the last sample. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Usual time between two samples. */
  readonly periodMs: number;
  /** When no sample was taken for longer than two frames of the programme. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly tiles: readonly SeenTile[];
  /** The delays from the page's drawing of its clock to the recording of it, one each time. */
  readonly clockLagsMs: readonly number[];
}

/** Ours, whose ledger calls a moment unmeasured, and the recording, which took no sample then. */
export const BLIND_RULERS = ['ruler', 'recording'] as const;
export type BlindRuler = (typeof BLIND_RULERS)[number];

/** One loss as both rulers saw it. A time is absent where that ruler saw nothing. */
export interface ScreenSample {
  readonly viewer: string;
  /** The class of most of it by our ruler, or by the recording where ours saw nothing. */
  readonly as: ScreenClass | SeenSpan['look'];
  readonly outcome: 'seen' | 'missed' | 'false' | 'unmeasured';
  /** Why it could not be compared: which of the two was blind within 50 ms of it. */
  readonly blind?: BlindRuler;
  readonly measured?: EdgePair;
  readonly recorded?: EdgePair;
}
export interface EdgePair {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Errors (measured minus recorded) of one edge of one class, or of all of them. */
export interface EdgeError {
  readonly as: string;
  readonly edge: 'onset' | 'end' | 'length';
  readonly count: number;
  readonly biasMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** The error that is largest without its sign, with its sign. */
  readonly worstMs: number;
}

export interface ScreenReading {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly viewers: number;
  readonly seen: number;
  readonly missed: number;
  readonly unmeasured: number;
  /** The number of unmeasured ones were beside a gap of the recording only. */
  readonly blindRecording: number;
  /** seen / (seen + missed); undefined without either. */
  readonly detectionRate: number | undefined;
  readonly errors: readonly EdgeError[];
  /** Reported interruptions of 200 ms or more that the recording does not show. */
  readonly falseInterruptions: number;
  readonly watchedMs: number;
  /** Per hour of one viewer. */
  readonly falsePerHour: number;
  /** The possible error in a duration of a screen: the largest p95 of onset, end and length. */
  readonly marginMs: number | undefined;
  readonly recording: {
    readonly samplesPerSecond: number;
    /** When no sample was taken. */
    readonly blindMs: number;
    /** The time from the page drawing its clock to the recording showing it. */
    readonly clockLagMs: { readonly p50: number; readonly p95: number } | undefined;
  };
  readonly controlLostMs: number;
  readonly samples: readonly ScreenSample[];
}

/** screen-calibration.json: the reading, and what it holds for. */
export interface ScreenCalibration extends ScreenReading {
  readonly version: typeof SCREEN_RULER_VERSION;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly harness: string;
  readonly design: string;
  readonly machine: Calibration['machine'];
}
