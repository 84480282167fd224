// The size of pictures, from the head of a stream: H.264's sequence parameter set (ITU-T H.264,
// 7.3.2.1.1) or MPEG-2's sequence header (ISO/IEC 13818-2, 6.2.2.1).

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Undefined where the bytes hold no such head, or one that is not understood. */
export function pictureSize(codec: string, body: Buffer): PictureSize | undefined {
  if (codec === 'h264') return h264Size(body);
  return codec === 'mpeg2' ? mpeg2Size(body) : undefined;
}

const SEQUENCE_HEADER = Buffer.from([0, 0, 1, 0xb3]);

function mpeg2Size(body: Buffer): PictureSize | undefined {
  const at = body.indexOf(SEQUENCE_HEADER) + SEQUENCE_HEADER.length;
  if (at < SEQUENCE_HEADER.length || at + 3 > body.length) return undefined;
  const both = body.readUIntBE(at, 3);
  return { width: both >> 12, height: both & 0xfff };
}

const START_CODE = Buffer.from([0, 0, 1]);
const PARAMETER_SET = 7;

function h264Size(body: Buffer): PictureSize | undefined {
  for (let at = body.indexOf(START_CODE); at >= 0; at = body.indexOf(START_CODE, at + 3)) {
    const type = (body[at + 3] ?? 0) & 0x1f;
    if (type !== PARAMETER_SET) continue;
    const next = body.indexOf(START_CODE, at + 4);
    return readParameterSet(withoutEmulation(body.subarray(at + 4, next < 0 ? undefined : next)));
  }
  return undefined;
}

/** A 3 after two zeros was put in so that the two would not begin a start code. */
function withoutEmulation(bytes: Buffer): Buffer {
  const kept = bytes.filter((byte, i) => !(byte === 3 && bytes[i - 1] === 0 && bytes[i - 2] === 0));
  return Buffer.from(kept);
}

/** Profiles that say how colours are kept. */
const WITH_CHROMA: readonly number[] = [100, 110, 122, 244, 44, 83, 86, 118, 128];
const MACROBLOCK = 16;

function readParameterSet(bytes: Buffer): PictureSize | undefined {
  const bits = bitReader(bytes);
  const profile = bits.take(8);
  bits.take(16); // constraints, level
  bits.golomb(); // id
  if (WITH_CHROMA.includes(profile) && !readChroma(bits)) return undefined;
  bits.golomb(); // frame numbers
  if (!skipOrder(bits)) return undefined;
  bits.golomb(); // reference frames
  bits.take(1); // gaps
  const width = (bits.golomb() + 1) * MACROBLOCK;
  const units = bits.golomb() + 1;
  const framesOnly = bits.take(1);
  if (framesOnly === 0) bits.take(1);
  bits.take(1); // direct inference
  const height = units * MACROBLOCK * (2 - framesOnly);
  if (bits.take(1) === 0) return bits.over ? undefined : { width, height };
  const [left, right, top, bottom] = [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()];
  if (bits.over) return undefined;
  // Colours have half the lines and columns (4:2:0), and cropping counts in theirs.
  const rows = 2 * (2 - framesOnly);
  return { width: width - 2 * (left + right), height: height - rows * (top + bottom) };
}

const YUV_420 = 1;

/** False for what is not 4:2:0, or has matrices of its own: no contribution of ours. */
function readChroma(bits: BitReader): boolean {
  if (bits.golomb() !== YUV_420) return false;
  bits.golomb(); // depths of luma
  bits.golomb(); // and chroma
  bits.take(1); // lossless
  return bits.take(1) === 0;
}

/** Picture order; type 1 lists offsets, which nobody here sends. */
function skipOrder(bits: BitReader): boolean {
  const type = bits.golomb();
  if (type === 0) bits.golomb();
  return type !== 1;
}

interface BitReader {
  readonly take: (count: number) => number;
  /** Exponential Golomb code (9.1). */
  readonly golomb: () => number;
  /** More was taken than is there. */
  readonly over: boolean;
}

const GOLOMB_ZEROS_MAX = 31;

function bitReader(bytes: Buffer): BitReader {
  let at = 0;
  const take = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, at++)
      value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
  return {
    take,
    golomb: () => {
      let zeros = 0;
      while (zeros < GOLOMB_ZEROS_MAX && take(1) === 0) zeros++;
      return 2 ** zeros - 1 + take(zeros);
    },
    get over() {
      return at > bytes.length * 8;
    },
  };
}
