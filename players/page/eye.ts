// Reads the frames of video elements. Where the browser gives a frame's planes they are copied as they
// are; a canvas first makes red, green and blue of all of a frame, which costs several times as much.

import { lumaOfRgba, PICTURE } from './picture.ts';
import { createLumaReader, createPixelKeeper, isPlanar, type Planes } from './planes.ts';
import type { SeenFrame } from './seenFrame.ts';

/**
 * Reads the frame that one element shows now and calls back with it, at once or soon after. Frames come
 * in the order of the calls; one that cannot be read any more, or not in time, is left out.
 */
export type Reader = (onFrame: (frame: SeenFrame) => void) => void;

/** One for the whole page: it owns the only canvas. */
export type Eye = (video: HTMLVideoElement) => Reader;

export function createEye(): Eye {
  const draw = createCanvas();
  const readDrawn =
    (video: HTMLVideoElement): Reader =>
    (onFrame) =>
      onFrame(draw(video));
  return (video) => ('VideoFrame' in globalThis ? readPlanes(video, draw) : readDrawn(video));
}

/** A canvas in main memory, because every frame is read back. */
function createCanvas(): (source: CanvasImageSource) => SeenFrame {
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE.width;
  canvas.height = PICTURE.height;
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('this browser has no 2d canvas');
  return (source) => {
    context.drawImage(source, 0, 0, PICTURE.width, PICTURE.height);
    const { data } = context.getImageData(0, 0, PICTURE.width, PICTURE.height);
    return { luma: () => lumaOfRgba(data), keep: () => () => data };
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Frames that can still be looked at: the last one and the one before. */
const HELD = 2;

function readPlanes(video: HTMLVideoElement, draw: ReturnType<typeof createCanvas>): Reader {
  const buffers = createBuffers();
  const readLuma = createLumaReader();
  const keepPixels = createPixelKeeper();
  const read = async (): Promise<SeenFrame> => {
    const frame = new VideoFrame(video);
    try {
      if (!isPlanar(frame.format)) return draw(frame);
      const bytes = buffers.take(frame.allocationSize());
      const picture = await copyPlanes(frame, bytes);
      buffers.hold(bytes);
      return { luma: () => readLuma(picture), keep: () => keepPixels(picture) };
    } finally {
      frame.close();
    }
  };
  let asked = 0;
  let given = 0;
  return (onFrame) => {
    const turn = ++asked;
    const give = (frame: SeenFrame): void => {
      if (turn < given) return;
      given = turn;
      onFrame(frame);
    };
    void read().then(give, () => undefined);
  };
}

/** Memory for frames of one element, used again once a frame is not held any more. */
function createBuffers() {
  const held: Bytes[] = [];
  let free: Bytes[] = [];
  return {
    take: (size: number): Bytes => {
      const bytes = free.pop();
      if (bytes?.length === size) return bytes;
      free = [];
      return new Uint8Array(size);
    },
    hold: (bytes: Bytes): void => {
      held.push(bytes);
      if (held.length > HELD) free.push(...held.splice(0, held.length - HELD));
    },
  };
}

async function copyPlanes(frame: VideoFrame, bytes: Bytes): Promise<Planes> {
  const { format, visibleRect, colorSpace } = frame;
  if (!isPlanar(format) || !visibleRect) throw new Error(`a frame of ${format} has no planes`);
  const { width, height } = visibleRect;
  const fullRange = colorSpace.fullRange === true;
  return { bytes, width, height, format, fullRange, planes: await frame.copyTo(bytes) };
}
