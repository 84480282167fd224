// Numbers of a benchmark, and how they are printed.

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

export const percentile = (values: readonly number[], p: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN;

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function print(...parts: readonly string[]): void {
  process.stdout.write(`${parts.join('  ')}\n`);
}
