// Numbers as black and white cells, and back: what the strips in a picture are made of.

/** Puts numbers one after the other into cells, the highest bit first; 1 = white. */
export function cellWriter(cells: Uint8Array): (value: number, bits: number) => void {
  let at = 0;
  return (value, bits) => {
    for (let bit = bits - 1; bit >= 0; bit--) cells[at++] = Math.floor(value / 2 ** bit) % 2;
  };
}

/** Takes the same numbers out again. */
export function cellReader(cells: ArrayLike<number>): (bits: number) => number {
  let at = 0;
  return (bits) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) value = value * 2 + (cells[at++] ?? 0);
    return value;
  };
}
