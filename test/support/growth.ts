// Estimates from samples how fast something grows, and how sure that is.

export interface SampleAt {
  readonly atMs: number;
  readonly value: number;
}

export interface Growth {
  readonly perHour: number;
  /** Half of the 95 % interval of `perHour`. */
  readonly perHourOff: number;
  /** The level at the end of the samples, by the line through them. */
  readonly last: number;
}

/**
 * Neighbouring samples are alike (memory is a saw between two collections), so that each of them is no
 * witness of its own: a line goes through the means of so many blocks.
 */
const BLOCKS = 12;
/** Student's t for 97.5 % and ten degrees of freedom: twelve blocks less two of the line. */
const T = 2.228;
const HOUR_MS = 3_600_000;

/** Undefined for fewer samples than blocks. */
export function growthOf(samples: readonly SampleAt[]): Growth | undefined {
  if (samples.length < BLOCKS) return undefined;
  const blocks = Array.from({ length: BLOCKS }, (_, i) => {
    const cut = (n: number) => Math.round((n * samples.length) / BLOCKS);
    return samples.slice(cut(i), cut(i + 1));
  });
  const x = blocks.map((block) => mean(block.map(({ atMs }) => atMs / HOUR_MS)));
  const y = blocks.map((block) => mean(block.map(({ value }) => value)));
  const [xMean, yMean] = [mean(x), mean(y)];
  const spread = sum(x.map((at) => (at - xMean) ** 2));
  const perHour = sum(x.map((at, i) => (at - xMean) * (y[i]! - yMean))) / spread;
  const level = (at: number) => yMean + perHour * (at - xMean);
  const off = sum(x.map((at, i) => (y[i]! - level(at)) ** 2));
  const perHourOff = T * Math.sqrt(off / (BLOCKS - 2) / spread);
  return { perHour, perHourOff, last: level((samples.at(-1)?.atMs ?? 0) / HOUR_MS) };
}

/** Between what and what it is after so many hours more, if it goes on as it did. */
export const afterHours = ({ last, perHour, perHourOff }: Growth, hours: number) => ({
  low: last + (perHour - perHourOff) * hours,
  high: last + (perHour + perHourOff) * hours,
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
