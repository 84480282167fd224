// Every process of a run is ended in turn, as a crash or a machine short of memory would. The run
// ends at once, says which part it was, blames no viewer and no fault, and leaves nothing running.

import { describe, expect, it } from 'vitest';
import { endure } from '../torture/endure.ts';
import { DEATHS } from '../torture/harms.ts';

describe('a run of which a process ends', () => {
  it.each(DEATHS.map((harm) => [harm.name, harm] as const))('says so: %s', async (_, harm) => {
    const { wrong, report } = await endure({
      harm,
      moment: 'steady',
      afterMs: 500,
      runtime: 'processes',
    });
    expect(wrong).toEqual([]);
    expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'error' } });
    expect(report?.findings.map(({ rule }) => rule)).not.toContain('control-suffered');
    const interruptions = report?.viewers.flatMap((viewer) => viewer.interruptions) ?? [];
    expect(interruptions.filter(({ glitch }) => !glitch)).toEqual([]);
    expect(report?.faults.every(({ proofs }) => proofs.length === 0)).toBe(true);
  });
});
