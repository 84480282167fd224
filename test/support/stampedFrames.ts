// Draws pictures with the frame clock in them, the way a playout does, for tests that need to know
// exactly what is on the screen.

import { encodeAlert, type AlertSign } from '../../harness/model/alertStrip.ts';
import { FRAME_CLOCK, encodeCells, type FrameIdentity } from '../../harness/model/frameClock.ts';
import { stampAlert } from '../../harness/pipeline/picture.ts';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** A stretch of a test film. Frames count on; a freeze repeats the counter before it, unmarked ones have none. */
export interface Stretch {
  readonly kind: 'programme' | 'black' | 'freeze' | 'slate' | 'unmarked';
  readonly frames: number;
  /** Burnt in below the frame clock. */
  readonly alert?: AlertSign;
}

/** A film counts on from here. */
export const FIRST_COUNTER = 1000;

const WHITE = 235;
const BLACK = 16;

/** Planar 4:2:0 pictures of a film, one Buffer a frame. */
export function* filmFrames(
  film: readonly Stretch[],
  size: FrameSize,
  { channel = 1, firstCounter = FIRST_COUNTER } = {},
): Generator<Buffer> {
  let counter = firstCounter;
  for (const { kind, frames, alert } of film) {
    for (let frame = 0; frame < frames; frame++) {
      if (kind !== 'freeze') counter++;
      const picture = drawFrame(kind, { counter, channel, slate: kind === 'slate' }, size);
      if (alert) stampAlert(picture, size, encodeAlert(alert));
      yield picture;
    }
  }
}

function drawFrame(kind: Stretch['kind'], identity: FrameIdentity, size: FrameSize): Buffer {
  const { width, height } = size;
  const picture = Buffer.alloc((width * height * 3) / 2, 128);
  picture.fill(BLACK, 0, width * height);
  if (kind === 'black') return picture;
  if (kind !== 'slate') drawProgramme(picture, identity.counter, size);
  else picture.fill(90, 0, width * height);
  if (kind === 'unmarked') return picture;
  drawStrip(picture, identity, size);
  return picture;
}

/** Something that moves, has edges and takes bits: diagonal bars over a texture. */
function drawProgramme(picture: Buffer, counter: number, { width, height }: FrameSize): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bar = (x + y + counter * 5) % 64 < 32 ? 60 : 170;
      picture[y * width + x] = bar + ((x * 7 + y * 13 + counter * 3) % 40);
    }
  }
}

function drawStrip(picture: Buffer, identity: FrameIdentity, { width, height }: FrameSize): void {
  const cells = encodeCells(identity);
  const { columns, rows, heightShare } = FRAME_CLOCK;
  const stripHeight = Math.round(height * heightShare);
  for (let y = 0; y < stripHeight; y++) {
    const row = Math.floor((y * rows) / stripHeight);
    for (let x = 0; x < width; x++) {
      const cell = cells[row * columns + Math.floor((x * columns) / width)];
      picture[y * width + x] = cell === 1 ? WHITE : BLACK;
    }
  }
}
