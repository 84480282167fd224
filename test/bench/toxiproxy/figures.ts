// Numbers of a benchmark, and how they are compared and printed.

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

export const percentile = (values: readonly number[], p: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN;

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function print(...parts: readonly string[]): void {
  process.stdout.write(`${parts.join('  ')}\n`);
}

/** The goal of the embedded server beside the official one; none where there is none. */
export interface Goal {
  readonly ratio: number;
  readonly better: 'higher' | 'lower';
}

const OFFICIAL = 'official';

/** Says what the figures are compared with; `version` is the official server's own word, where there is one. */
export const comparedWith = (version: string | undefined): string =>
  version ?? 'TOXIPROXY_OFFICIAL names no server: compared with a plain pipe';

/** One line of the table: each figure, and the first one's ratio to the last. */
export function comparison(
  what: string,
  names: readonly string[],
  figures: readonly number[],
  goal: Goal | undefined,
): string {
  const shown = names.map((name, at) => `${name} ${(figures[at] ?? NaN).toFixed(2)}`);
  const ratio = (figures[0] ?? NaN) / (figures.at(-1) ?? NaN);
  const beside = `${ratio.toFixed(2)} of ${names.at(-1)}`;
  const asked = goal && names.includes(OFFICIAL) ? ` (${verdict(ratio, goal)})` : '';
  return [what, ...shown, `${beside}${asked}`].join('  ');
}

export const compare = (...line: Parameters<typeof comparison>): void => print(comparison(...line));

function verdict(ratio: number, goal: Goal): string {
  const isMet = goal.better === 'higher' ? ratio >= goal.ratio : ratio <= goal.ratio;
  const bound = goal.better === 'higher' ? 'at least' : 'at most';
  return `goal: ${bound} ${goal.ratio}, ${isMet ? 'met' : 'not met'}`;
}
