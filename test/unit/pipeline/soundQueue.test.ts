import fc from 'fast-check';
import { expect, it } from 'vitest';
import { audioBytes } from '../../../harness/pipeline/pace.ts';
import { stampSound } from '../../../harness/pipeline/playout/soundClock.ts';
import {
  createSoundQueue,
  type SoundQueue,
} from '../../../harness/pipeline/transcoder/soundQueue.ts';
import { readSound } from '../../../harness/model/soundReading.ts';

const FPS = 25;
const FRAME_BYTES = audioBytes(0, FPS);
const RATE = 48_000;

function soundOf(first: number, frames: number): Buffer {
  const pieces = Array.from({ length: frames }, (_, n) => {
    const piece = Buffer.alloc(FRAME_BYTES);
    stampSound(piece, first + n, FPS);
    return piece;
  });
  return Buffer.concat(pieces);
}

const burstsIn = (bytes: Buffer): readonly number[] =>
  readSound(
    Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(i * 2) / 2 ** 15),
    RATE,
  ).bursts;

interface Stream {
  readonly first: number;
  readonly frames: number;
  /** The sound comes so much before its picture; negative for later. */
  readonly aheadBytes: number;
  readonly lost?: ReadonlySet<number>;
}

/** Hands in pictures and sound as they come, and takes the sound of each picture four frames later. */
function playInto(
  queue: SoundQueue,
  { first, frames, aheadBytes, lost }: Stream,
): Map<number, Buffer> {
  const sound = soundOf(first, frames + 15);
  const taken = new Map<number, Buffer>();
  const waiting: [number, number][] = [];
  let pushed = 0;
  for (let n = 0; n < frames; n++) {
    const until = Math.max(pushed, (n + 1) * FRAME_BYTES + aheadBytes);
    for (; pushed < until; pushed = Math.min(until, pushed + 777))
      queue.push(sound.subarray(pushed, Math.min(until, pushed + 777)));
    if (!lost?.has(n)) waiting.push([first + n, queue.placeOf(first + n)]);
    if (waiting.length <= 4) continue;
    const [counter, place] = waiting.shift()!;
    taken.set(counter, queue.take(place, FRAME_BYTES));
  }
  return taken;
}

const inTheMiddle = (bytes: Buffer | undefined): boolean => {
  const [at, ...more] = burstsIn(bytes ?? Buffer.alloc(0));
  return at !== undefined && more.length === 0 && Math.abs(at - 500 / FPS) < 4;
};

it('gives each picture its own sound, however far apart they come', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -60, max: 400 }).map((ms) => 2 * Math.round((ms * RATE) / 1000)),
      fc.integer({ min: 0, max: 24 }),
      fc.uniqueArray(
        fc.integer({ min: 0, max: 109 }).filter((n) => (n + 5) % 25 > 0),
        { maxLength: 5 },
      ),
      (aheadBytes, phase, lost) => {
        const first = 1_000 + phase;
        const queue = createSoundQueue(FPS);
        const taken = playInto(queue, { first, frames: 110, aheadBytes, lost: new Set(lost) });
        // The first burst says how they lie; all later ones are where they belong.
        const later = [...taken.keys()].filter((at) => at % FPS === 0 && at > first + 30);
        expect(later).not.toEqual([]);
        for (const at of later) expect(inTheMiddle(taken.get(at))).toBe(true);
      },
    ),
    {
      numRuns: 10,
      // Their bursts lay where one look ended and the next one had not begun.
      examples: [
        [384, 6, []],
        [-5088, 11, []],
      ],
    },
  );
});

it('finds how they lie anew on another connection', () => {
  const queue = createSoundQueue(FPS);
  playInto(queue, { first: 1_000, frames: 60, aheadBytes: 0 });
  queue.reset();
  const taken = playInto(queue, { first: 2_010, frames: 90, aheadBytes: 2 * 9_600 });
  expect(inTheMiddle(taken.get(2_075))).toBe(true);
});

it('is silent where there is no sound, and goes on beside pictures without a clock', () => {
  const queue = createSoundQueue(FPS);
  expect(queue.take(0, 4)).toEqual(Buffer.alloc(4));
  queue.push(soundOf(1, 2));
  const [one, two] = [queue.placeOf(undefined), queue.placeOf(undefined)];
  expect(two - one).toBe(RATE / FPS);
  expect(queue.take(-1, 4).subarray(0, 2)).toEqual(Buffer.alloc(2));
  expect(queue.take(10 * RATE, 4)).toEqual(Buffer.alloc(4));
});
