// Sequences of numbers in as few bytes as they can be told apart in, for the reports of hours: each
// number as its difference from the one before, in tenths, of one to three bytes as a rule. Nothing
// is rounded: a number that is no whole tenth is kept as it is.

export interface Packed {
  readonly length: number;
  readonly push: (value: number) => void;
  readonly unpack: () => Float64Array;
}

/** Values may be anything a number can be, NaN and Infinity too. */
export function packed(): Packed {
  const bytes = new Bytes();
  let length = 0;
  let before = 0;
  return {
    get length() {
      return length;
    },
    push: (value) => {
      length += 1;
      const tenths = Math.round(value * 10);
      if (tenths / 10 !== value || Math.abs(tenths - before) > LARGEST) {
        bytes.pushVar(AS_IT_IS);
        bytes.pushWhole(value);
        before = goOnFrom(value, before);
      } else {
        bytes.pushVar(zigzag(tenths - before) + 1);
        before = tenths;
      }
    },
    unpack: () => unpacked(bytes, length),
  };
}

/** Stands for a number that follows in eight bytes. */
const AS_IT_IS = 0;
/** Differences are kept in 31 bits. */
const LARGEST = 2 ** 30 - 2;

/** Gives the tenths that the next number is told from, after one that is kept as it is. */
function goOnFrom(value: number, before: number): number {
  const tenths = Math.round(value * 10);
  return Number.isSafeInteger(tenths) ? tenths : before;
}

/** Small numbers of both signs become small ones of one. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const zagzig = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

function unpacked(bytes: Bytes, length: number): Float64Array {
  const values = new Float64Array(length);
  const reader = bytes.read();
  let before = 0;
  for (let i = 0; i < length; i++) {
    const code = reader.var();
    if (code === AS_IT_IS) {
      values[i] = reader.whole();
      before = goOnFrom(values[i]!, before);
    } else {
      before += zagzig(code - 1);
      values[i] = before / 10;
    }
  }
  return values;
}

const CHUNK_BYTES = 16 * 1024;
/** No number takes more. */
const ROOM_BYTES = 8;

/** Grows by chunks, so that no growth copies what is there. */
class Bytes {
  private readonly chunks: DataView[] = [];
  private chunk = new DataView(new ArrayBuffer(64));
  private at = 0;

  /** Seven bits a byte, the low ones first; the highest bit says that more follow. */
  pushVar(value: number): void {
    this.makeRoom();
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.chunk.setUint8(this.at++, (rest & 0x7f) | 0x80);
    this.chunk.setUint8(this.at++, rest);
  }

  pushWhole(value: number): void {
    this.makeRoom();
    this.chunk.setFloat64(this.at, value);
    this.at += 8;
  }

  read() {
    const chunks = [...this.chunks, new DataView(this.chunk.buffer, 0, this.at)];
    let [n, at] = [0, 0];
    const room = () => {
      while (at >= (chunks[n]?.byteLength ?? Infinity)) [n, at] = [n + 1, 0];
      return chunks[n]!;
    };
    return {
      var: (): number => {
        const chunk = room();
        let value = 0;
        for (let shift = 0; ; shift += 7) {
          const byte = chunk.getUint8(at++);
          value |= (byte & 0x7f) << shift;
          if (byte < 0x80) return value;
        }
      },
      whole: (): number => {
        const value = room().getFloat64(at);
        at += 8;
        return value;
      },
    };
  }

  /** A number never lies in two chunks. */
  private makeRoom(): void {
    if (this.at + ROOM_BYTES <= this.chunk.byteLength) return;
    this.chunks.push(new DataView(this.chunk.buffer, 0, this.at));
    this.chunk = new DataView(new ArrayBuffer(Math.min(CHUNK_BYTES, this.chunk.byteLength * 4)));
    this.at = 0;
  }
}
