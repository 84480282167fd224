// The finalists of a search: designs of the front in their order, played again by another engine until
// as many as wanted hold there too. What it rejects is nobody's best.

import type { CaseSeen, DesignSeen } from '../model/search.ts';

export interface Finals {
  readonly kept: readonly DesignSeen[];
  /** They break a limit in the other engine. */
  readonly rejected: readonly DesignSeen[];
}

export async function playFinals(
  designs: readonly DesignSeen[],
  wanted: number,
  play: (design: DesignSeen) => Promise<readonly CaseSeen[]>,
): Promise<Finals> {
  const kept: DesignSeen[] = [];
  const rejected: DesignSeen[] = [];
  for (const [place, design] of designs.entries()) {
    if (kept.length >= wanted) return { kept: [...kept, ...designs.slice(place)], rejected };
    const finalist = await play(design);
    (breaksLimit(finalist) ? rejected : kept).push({ ...design, finalist });
  }
  return { kept, rejected };
}

const breaksLimit = (cases: readonly CaseSeen[]): boolean =>
  cases.some(({ limits }) => limits.some(({ verdict }) => verdict === 'fail'));
