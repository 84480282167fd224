// A display and what stands where on it.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The variables with which programs reach a display. */
export type DisplayEnv = Readonly<Record<'DISPLAY' | 'XAUTHORITY', string>>;

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** The places of things on the display, in its pixels. */
export interface ScreenLayout {
  /** Pictures by viewer. */
  readonly pictures: Readonly<Record<string, Rectangle>>;
  /** The clock that the page draws of itself. */
  readonly clock: Rectangle;
}

/**
 * The page's own clock, drawn in black and white cells from left to right: sync 1 0, then the page's
 * epoch milliseconds modulo 2^15, the highest bit first, then their parity.
 */
export const PAGE_CLOCK = { cellPx: 6, bits: 15, cells: 18 } as const;

/** Cells (1 is white) of an instant. */
export function pageClockCells(epochMs: number): readonly number[] {
  const value = Math.floor(epochMs) % 2 ** PAGE_CLOCK.bits;
  const bits = Array.from({ length: PAGE_CLOCK.bits }, (_, i) => readBit(value, i));
  return [1, 0, ...bits, computeParity(bits)];
}

/** The instant before `atEpochMs` that the cells (luma 0 to 255) tell; undefined when they tell none. */
export function readPageClock(levels: ArrayLike<number>, atEpochMs: number): number | undefined {
  const cells = Array.from({ length: PAGE_CLOCK.cells }, (_, i) =>
    (levels[i] ?? 0) > 127 ? 1 : 0,
  );
  const bits = cells.slice(2, -1);
  if (cells[0] !== 1 || cells[1] !== 0 || cells.at(-1) !== computeParity(bits)) return undefined;
  const value = bits.reduce<number>((sum, bit) => sum * 2 + bit, 0);
  const span = 2 ** PAGE_CLOCK.bits;
  const behind = (((Math.floor(atEpochMs) - value) % span) + span) % span;
  return Math.floor(atEpochMs) - behind;
}

const readBit = (value: number, i: number): number => (value >> (PAGE_CLOCK.bits - 1 - i)) & 1;

const computeParity = (bits: readonly number[]): number =>
  bits.reduce<number>((sum, bit) => sum ^ bit, 0);
