// Sequences of numbers in as few bytes as they can be told apart in, for the reports of hours. Most go
// on as they did: each number is kept in tenths, as what the step from the one before differs by from
// the step before that, and as many as go on alike are one count. Nothing is rounded: a number that is
// no whole tenth is kept as it is.

export interface Packed {
  readonly length: number;
  readonly push: (value: number) => void;
  readonly unpack: () => Float64Array;
}

/** Values may be anything a number can be, NaN and Infinity too; -0 is 0. */
export function packed(): Packed {
  const bytes = new Bytes();
  const state = initialState();
  let length = 0;
  let alike = 0;
  const flush = () => {
    if (alike === 0) return;
    bytes.pushVar(ALIKE);
    bytes.pushVar(alike);
    alike = 0;
  };
  return {
    get length() {
      return length;
    },
    push: (given) => {
      const value = given + 0;
      length += 1;
      const tenths = Math.round(value * 10);
      if (tenths / 10 === value && Math.abs(tenths - state.tenths) <= LARGEST) {
        const change = tenths - state.tenths - state.step;
        if (change === 0 && !state.isWhole) alike += 1;
        else {
          flush();
          bytes.pushVar(zigzag(change) + FIRST_CHANGE);
        }
        stepTo(state, tenths);
      } else if (state.isWhole && Object.is(value, state.whole)) alike += 1;
      else {
        flush();
        bytes.pushVar(AS_IT_IS);
        bytes.pushWhole(value);
        restart(state, value);
      }
    },
    unpack: () => {
      flush();
      return unpacked(bytes, length);
    },
  };
}

/** Stands for a number that follows in eight bytes. */
const AS_IT_IS = 0;
/** Stands for numbers that go on like the last one: their count follows, which no run fills 31 bits of. */
const ALIKE = 1;
const FIRST_CHANGE = 2;
/** Differences of steps are kept in 31 bits. */
const LARGEST = 2 ** 28;

/** The latest number, and the step that led to it. */
interface State {
  tenths: number;
  step: number;
  /** The latest number is kept as it is. */
  isWhole: boolean;
  whole: number;
}

const initialState = (): State => ({ tenths: 0, step: 0, isWhole: false, whole: 0 });

function stepTo(state: State, tenths: number): void {
  state.step = tenths - state.tenths;
  state.tenths = tenths;
  state.isWhole = false;
}

/** After a number that is kept as it is. */
function restart(state: State, value: number): void {
  const tenths = Math.round(value * 10);
  if (Number.isSafeInteger(tenths)) state.tenths = tenths;
  state.step = 0;
  state.isWhole = true;
  state.whole = value;
}

/** Small numbers of both signs become small ones of one. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const zagzig = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

function unpacked(bytes: Bytes, length: number): Float64Array {
  const values = new Float64Array(length);
  const reader = bytes.read();
  const state = initialState();
  for (let i = 0; i < length;) {
    const code = reader.var();
    if (code === ALIKE) {
      for (let left = reader.var(); left > 0; left--) values[i++] = goOn(state);
    } else if (code === AS_IT_IS) {
      restart(state, reader.whole());
      values[i++] = state.whole;
    } else {
      stepTo(state, state.tenths + state.step + zagzig(code - FIRST_CHANGE));
      values[i++] = state.tenths / 10;
    }
  }
  return values;
}

function goOn(state: State): number {
  if (state.isWhole) return state.whole;
  state.tenths += state.step;
  return state.tenths / 10;
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
