// Reads the dates in a media playlist. Pure.

/** Gives each date's distance from the end of the segment before; 0 but for rounding and gaps. */
export function dateStepsMs(playlist: string): number[] {
  const steps: number[] = [];
  let expectedMs: number | undefined;
  for (const line of playlist.split('\n')) {
    const [, date] = /^#EXT-X-PROGRAM-DATE-TIME:(.+)$/.exec(line) ?? [];
    const atMs = Date.parse(date ?? '');
    if (!Number.isNaN(atMs)) {
      if (expectedMs !== undefined) steps.push(atMs - expectedMs);
      expectedMs = atMs;
    }
    const [, seconds] = /^#EXTINF:([\d.]+),/.exec(line) ?? [];
    if (seconds !== undefined && expectedMs !== undefined) expectedMs += Number(seconds) * 1000;
  }
  return steps;
}
