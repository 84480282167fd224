// Chooses a witness of wrong answers of an origin or an edge: it is asked, by requests of our own,
// often enough that a fault which spoils only some answers, or only now and then, is not missed.

import type { HttpAnswer, WrongAnswers } from '../model/wrongAnswers.ts';
import { findPublisher, stageAt, type AskedPlace } from '../design/publishing.ts';
import { findRole } from '../design/roles.ts';
import type { RequestWitness } from './request.ts';
import { ANSWER_PATIENCE_MS } from './slowness.ts';

/** Room for a new connection and for what caches still hold. */
const REQUEST_WITHIN_MS = 12_000;
/** The time between two requests, pause included; a healthy answer adds little to it. */
const REQUEST_EVERY_MS = 350;
/** Chance that a fault which is still there is taken for healed. */
const MISSED_MAX = 0.01;
/** A fault of fewer requests than one in ten cannot be told from health in reasonable time. */
const RIGHT_MAX = 44;
/** The limit in segments: players reload at least once in this time, so a live playlist moves. */
const STALE_SEGMENTS = 2.5;

export function requestWitness(fault: WrongAnswers, place: AskedPlace): RequestWitness {
  const { instance, channel, design } = place;
  const { answer, match } = fault;
  const rightMin = minimumRight(match.ratio);
  const staleMs = staleAfterMs(place);
  return {
    kind: 'request',
    stage: instance,
    fault,
    channel,
    patienceMs: ANSWER_PATIENCE_MS + 2 * longest(answer, slowMs),
    withinMs:
      REQUEST_WITHIN_MS +
      rightMin * REQUEST_EVERY_MS +
      2 * cycleMs(answer) +
      longest(answer, ({ kind }) => (kind === 'stale' ? 2 * staleMs : 0)) +
      longest(answer, (one) => (one.kind === 'gap' ? one.every * design.media.segmentMs : 0)),
    rightMin,
    rightForMs: healthyMs(answer),
    staleMs,
    publisher: findPublisher(place),
  };
}

/** So many right answers in a row are no chance while this share of them would be wrong. */
const minimumRight = (ratio: number): number =>
  ratio >= 1
    ? 1
    : Math.min(RIGHT_MAX, Math.ceil(Math.log(MISSED_MAX) / Math.log(1 - Math.max(ratio, 1e-6))));

/** An edge may keep a healthy playlist for as long as it was told to. */
function staleAfterMs(place: AskedPlace): number {
  const stage = stageAt(place);
  const keptMs = (stage && findRole(stage).playlistMs?.(stage)) ?? 0;
  return place.design.media.segmentMs * STALE_SEGMENTS + keptMs;
}

type Single = Exclude<HttpAnswer, { kind: 'cycle' }>;

const slowMs = (one: Single): number => (one.kind === 'slow' ? one.delayMs : 0);

function longest(answer: HttpAnswer, msOf: (one: Single) => number): number {
  if (answer.kind !== 'cycle') return msOf(answer);
  return Math.max(...answer.steps.map((step) => (step.answer ? msOf(step.answer) : 0)));
}

const cycleMs = (answer: HttpAnswer): number =>
  answer.kind === 'cycle' ? answer.steps.reduce((sum, { forMs }) => sum + forMs, 0) : 0;

/** The longest time that a cycle gives right answers for, from the end of it into the next too. */
function healthyMs(answer: HttpAnswer): number {
  if (answer.kind !== 'cycle') return 0;
  let ms = 0;
  let longestMs = 0;
  for (const step of [...answer.steps, ...answer.steps]) {
    ms = step.answer ? 0 : ms + step.forMs;
    longestMs = Math.max(longestMs, ms);
  }
  return longestMs + REQUEST_EVERY_MS;
}
