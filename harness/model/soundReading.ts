// Reads a stretch of sound: when it was silent, and where the bursts are that are locked to the frame
// clock (sound.ts).

import { SILENCE_LEVEL } from './received.ts';
import { SOUND_CLOCK } from './sound.ts';

/** Sound is silent or not, and full of the burst's tone or not, in pieces of this length. */
export const PIECE_MS = 5;
/** A burst fills one frame: from 60 to 24 frames a second, less what its soft ends lose. */
const BURST_PIECES_MIN = 2;
const BURST_PIECES_MAX = 12;
/** The amplitude of the burst's tone in a piece of one, and its share of all the sound there. */
const TONE_LEVEL_MIN = 0.05;
const TONE_SHARE_MIN = 0.4;

/**
 * Gives silent stretches and the middle of each burst, in milliseconds from the first sample. Samples are
 * from -1 to 1.
 */
export function readSound(samples: Float32Array, sampleRate: number) {
  const length = Math.round((sampleRate * PIECE_MS) / 1000);
  const count = Math.floor(samples.length / length);
  const silent: [number, number][] = [];
  const squares = new Float64Array(count);
  for (let piece = 0; piece < count; piece++) {
    const square = meanSquare({ samples, from: piece * length, to: (piece + 1) * length });
    if (square <= SILENCE_LEVEL ** 2) appendPiece(silent, piece * PIECE_MS);
    squares[piece] = square;
  }
  return { silent, bursts: findBursts(findTones(samples, squares, sampleRate)) };
}

/**
 * The square of the tone's amplitude in each piece that a burst may fill, or 0. A burst is two pieces
 * long or more: every second piece is looked at, and those beside one with the tone.
 */
function findTones(samples: Float32Array, squares: Float64Array, sampleRate: number): Float64Array {
  const length = Math.round((sampleRate * PIECE_MS) / 1000);
  const factor = 2 * Math.cos((2 * Math.PI * SOUND_CLOCK.burst.hz) / sampleRate);
  const tones = new Float64Array(squares.length);
  const look = (piece: number): void => {
    const all = 2 * squares[piece]!;
    // Where all of it together is quieter than a burst nothing has to be looked for.
    if (all <= TONE_LEVEL_MIN ** 2) return;
    const tone = toneSquare({ samples, from: piece * length, to: (piece + 1) * length }, factor);
    if (tone > TONE_LEVEL_MIN ** 2 && tone > TONE_SHARE_MIN * all) tones[piece] = tone;
  };
  for (let piece = 1; piece < tones.length; piece += 2) look(piece);
  for (let piece = 0; piece < tones.length; piece += 2)
    if (tones[piece - 1]! > 0 || tones[piece + 1]! > 0) look(piece);
  return tones;
}

function appendPiece(silent: [number, number][], fromMs: number): void {
  const last = silent.at(-1);
  if (last?.[1] === fromMs) last[1] += PIECE_MS;
  else silent.push([fromMs, fromMs + PIECE_MS]);
}

/** Pieces are read in place: a wall reads every sample of every viewer. */
interface Piece {
  readonly samples: Float32Array;
  readonly from: number;
  readonly to: number;
}

function meanSquare({ samples, from, to }: Piece): number {
  let sum = 0;
  for (let at = from; at < to; at++) {
    const sample = samples[at]!;
    sum += sample * sample;
  }
  return sum / (to - from);
}

/** The square of the amplitude of the burst's tone, by the algorithm of Goertzel. */
function toneSquare({ samples, from, to }: Piece, factor: number): number {
  let last = 0;
  let beforeLast = 0;
  for (let at = from; at < to; at++) {
    const next = samples[at]! + factor * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  const power = last * last + beforeLast * beforeLast - factor * last * beforeLast;
  return (4 * power) / (to - from) ** 2;
}

/** A burst is as many pieces of its tone as a frame has; its middle is where its power is. */
function findBursts(tones: Float64Array): number[] {
  const bursts: number[] = [];
  for (let from = 0; from < tones.length; from++) {
    if (tones[from] === 0) continue;
    let to = from;
    let [power, moment] = [0, 0];
    for (; to < tones.length && tones[to]! > 0; to++) {
      power += tones[to]!;
      moment += tones[to]! * (to + 0.5) * PIECE_MS;
    }
    if (to - from >= BURST_PIECES_MIN && to - from <= BURST_PIECES_MAX) bursts.push(moment / power);
    from = to;
  }
  return bursts;
}
