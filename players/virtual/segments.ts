// Media as virtual players get it: fragmented MP4 without pictures. A segment carries its number in
// `mfhd`, where the content is looked up, and its time stamp in `tfdt`.

/** Ticks a second: whole ones for every usual frame rate. */
const TIMESCALE = 12_800;
const TRACK = 1;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

function box(type: string, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const bytes = parts.reduce((sum, part) => sum + part.length, 8);
  const made = new Uint8Array(bytes);
  new DataView(made.buffer).setUint32(0, bytes);
  for (let i = 0; i < 4; i++) made[4 + i] = type.charCodeAt(i);
  let at = 8;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

const u32 = (...values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(i * 4, value >>> 0));
  return bytes;
};

const zeros = (count: number): Uint8Array => new Uint8Array(count);

/** H.264 of constrained baseline profile, level 1: what a player must read of it and no more. */
const avc1 = (): Uint8Array => {
  const avcC = box('avcC', [1, 0x42, 0xc0, 0x0a, 0xff, 0xe1, 0, 0, 0]);
  const size = [0, 128, 0, 72];
  return box('avc1', zeros(6), [0, 1], zeros(16), size, zeros(50), avcC);
};

export function initSegment(): ArrayBuffer {
  const table = box('stbl', box('stsd', u32(0, 1), avc1()));
  const handler = box('hdlr', u32(0, 0), ascii('vide'), zeros(13));
  const header = box('mdhd', u32(0, 0, 0, TIMESCALE, 0), [0x55, 0xc4, 0, 0]);
  const media = box('mdia', header, handler, box('minf', table));
  const track = box('trak', box('tkhd', u32(3, 0, 0, TRACK, 0, 0), zeros(60)), media);
  const defaults = box('mvex', box('trex', u32(0, TRACK, 1, 0, 0, 0)));
  const moov = box('moov', box('mvhd', zeros(100)), track, defaults);
  const ftyp = box('ftyp', ascii('iso5'), u32(512), ascii('iso5'));
  return joined(ftyp.length + moov.length, ftyp, moov);
}

/** Describes a segment to be written: its content's number, when it begins, and its frames. */
export interface SegmentNumbers {
  readonly content: number;
  readonly startS: number;
  readonly frames: number;
  readonly fps: number;
  /** The size of the whole; it is no smaller than its boxes. */
  readonly bytes: number;
}

export function mediaSegment({ content, startS, frames, fps, bytes }: SegmentNumbers): ArrayBuffer {
  const ticks = Math.round(startS * TIMESCALE);
  const frameTicks = Math.round(TIMESCALE / fps);
  const tfhd = box('tfhd', u32(0x02_0008, TRACK, frameTicks));
  const tfdt = box('tfdt', u32(0x0100_0000, Math.floor(ticks / 2 ** 32), ticks % 2 ** 32));
  const trun = box('trun', u32(0, frames));
  const moof = box('moof', box('mfhd', u32(0, content)), box('traf', tfhd, tfdt, trun));
  const mdatBytes = Math.max(16, bytes - moof.length);
  return joined(moof.length + mdatBytes, moof, u32(mdatBytes), ascii('mdat'));
}

/** Zeros follow the last one, up to so many bytes. */
function joined(length: number, ...parts: readonly Uint8Array[]): ArrayBuffer {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

/** The contents of an appended buffer: their numbers, and when each begins, in seconds. */
export function readSegments(
  bytes: Uint8Array,
): readonly { readonly content: number; readonly startS: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: { content: number; startS: number }[] = [];
  let content = 0;
  const walk = (from: number, to: number): void => {
    for (let at = from; at + 8 <= to;) {
      const length = view.getUint32(at);
      if (length < 8) return;
      switch (String.fromCharCode(...bytes.subarray(at + 4, at + 8))) {
        case 'moof':
        case 'traf':
          walk(at + 8, at + length);
          break;
        case 'mfhd':
          content = view.getUint32(at + 12);
          break;
        case 'tfdt': {
          const ticks = view.getUint32(at + 12) * 2 ** 32 + view.getUint32(at + 16);
          found.push({ content, startS: ticks / TIMESCALE });
        }
      }
      at += length;
    }
  };
  walk(0, bytes.length);
  return found;
}
