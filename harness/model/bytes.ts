// Amounts of bytes as people write them.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const PATTERN = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB)$/;

/** `0B`, `1.5MB`; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const [, amount, unit] = PATTERN.exec(text) ?? [];
  if (unit === undefined) return undefined;
  return Math.round(Number(amount) * 1000 ** UNITS.indexOf(unit as (typeof UNITS)[number]));
}

/** `950 B`, `1.2 MB` */
export function showBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)));
  return `${Number((bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1))} ${UNITS[power]}`;
}
