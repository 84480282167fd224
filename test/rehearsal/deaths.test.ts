// Processes of a run are ended in turn, as a crash or a machine short of memory would. The run ends
// at once, says which part it was, blames no viewer and no fault, and leaves nothing running.
// `npm run torture` ends every process there is; here is one of each kind.

import { describe, expect, it } from 'vitest';
import { endureInTurn } from '../torture/endureInTurn.ts';
import { DEATHS } from '../torture/harms.ts';

const KINDS = [
  'the program of the transcoder',
  'the encoder of playout',
  'the nginx of the origin',
  'a worker of the edge',
  'the browser',
  'its renderers',
  'its network service',
  'Toxiproxy',
];

function deathOf(victim: string) {
  const harm = DEATHS.find(({ name }) => name === `${victim} ends`);
  if (!harm) throw new Error(`nothing ends ${victim}`);
  return harm;
}

describe.concurrent('a run of which a process ends', () => {
  it.each(KINDS)('says so: %s', async (victim) => {
    const harm = deathOf(victim);
    const { wrong, report } = await endureInTurn({
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
