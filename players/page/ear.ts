// Listens to what every viewer plays: one audio context for the page, an analyser for each viewer. The
// element itself is not muted, or there would be nothing to hear; the way to the loudspeaker is.

import type { HeardSound } from '../../harness/model/sound.ts';
import { PIECE_MS, readSound } from '../../harness/model/soundReading.ts';

export interface Ear {
  /** Listens to one element until it is told to stop. Without a context that runs it hears nothing. */
  listen(video: HTMLVideoElement): Listening;
}

export interface Listening {
  /** Everything since the last call, by the clock of the page; undefined while nothing is heard. */
  take(atEpochMs: number): HeardSound | undefined;
  stop(): void;
}

const SAMPLE_RATE = 48_000;
/** The longest that an analyser keeps: 0.68 s, more than twice the time between two reports. */
const KEPT_SAMPLES = 32_768;
/** A burst must have ended before it is read: a frame of 24 a second, and its ends. */
const MARGIN_MS = 60;
const DEAF: Listening = { take: () => undefined, stop: () => undefined };

export function createEar(epochMs: () => number): Ear {
  const context = openContext();
  if (!context) return { listen: () => DEAF };
  const mute = context.createGain();
  mute.gain.value = 0;
  mute.connect(context.destination);
  const clock = clockFor(context, epochMs);
  const samples = new Float32Array(KEPT_SAMPLES);
  return {
    listen: (video) => {
      // An element that is wired to a context that stands still would stand still with it.
      if (context.state !== 'running') return DEAF;
      const source = context.createMediaElementSource(video);
      const analyser = context.createAnalyser();
      analyser.fftSize = KEPT_SAMPLES;
      source.connect(analyser).connect(mute);
      video.muted = false;
      let heardToMs = epochMs();
      return {
        take: (atEpochMs) => {
          analyser.getFloatTimeDomainData(samples);
          const endMs = clock.epochOfNow();
          const heard = hearSince(heardToMs, endMs, samples);
          heardToMs = heard?.toMs ?? heardToMs;
          return heard && relative(heard, atEpochMs);
        },
        stop: () => {
          source.disconnect();
          analyser.disconnect();
        },
      };
    },
  };
}

/** No device: what is played is listened to, not heard by people. */
function openContext(): AudioContext | undefined {
  if (!('AudioContext' in globalThis)) return undefined;
  try {
    return new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  } catch {
    return undefined;
  }
}

/** On a busy machine the clock of sound stands for a moment, and is behind from then on. */
const CLOCK_WINDOW_MS = 2_000;

/**
 * Tells at what time of the page the newest sample is heard. Samples are made in blocks: the first of a
 * block is heard when the block is made, so the newest is a block (`baseLatency`) ahead. When a block was
 * just made nobody knows, but the shortest distance between the two clocks was seen right after one.
 */
function clockFor(context: AudioContext, epochMs: () => number) {
  let seen: { readonly atMs: number; readonly distanceMs: number }[] = [];
  return {
    epochOfNow: (): number => {
      const [contextMs, atMs] = [context.currentTime * 1000, epochMs()];
      seen = seen.filter((one) => one.atMs > atMs - CLOCK_WINDOW_MS);
      seen.push({ atMs, distanceMs: atMs - contextMs });
      const distanceMs = Math.min(...seen.map((one) => one.distanceMs));
      return contextMs + distanceMs + context.baseLatency * 1000;
    },
  };
}

interface Heard extends Omit<HeardSound, 'silent' | 'bursts'> {
  readonly silent: readonly (readonly [number, number])[];
  readonly bursts: readonly number[];
}

/** Reads only sound that was not heard before, by the clock of the page; `samples` end at `endMs`. */
function hearSince(heardToMs: number, endMs: number, samples: Float32Array): Heard | undefined {
  const oldestMs = endMs - (KEPT_SAMPLES * 1000) / SAMPLE_RATE;
  const fromMs = Math.max(heardToMs, oldestMs + MARGIN_MS);
  const pieces = Math.floor((endMs - MARGIN_MS - fromMs) / PIECE_MS);
  if (pieces <= 0) return undefined;
  const toMs = fromMs + pieces * PIECE_MS;
  const firstMs = fromMs - MARGIN_MS;
  const first = Math.max(0, Math.round(((firstMs - oldestMs) * SAMPLE_RATE) / 1000));
  const { silent, bursts } = readSound(samples.subarray(first), SAMPLE_RATE);
  const inside = silent
    .map(([from, to]) => [Math.max(fromMs, firstMs + from), Math.min(toMs, firstMs + to)] as const)
    .filter(([from, to]) => to > from);
  const middles = bursts.map((at) => firstMs + at).filter((at) => at >= fromMs && at < toMs);
  return { fromMs, toMs, silent: inside, bursts: middles };
}

function relative({ fromMs, toMs, silent, bursts }: Heard, atEpochMs: number): HeardSound {
  const since = (ms: number) => Math.round((ms - atEpochMs) * 10) / 10;
  return {
    fromMs: since(fromMs),
    toMs: since(toMs),
    ...(silent.length > 0 && { silent: silent.map(([from, to]) => [since(from), since(to)]) }),
    ...(bursts.length > 0 && { bursts: bursts.map(since) }),
  };
}
