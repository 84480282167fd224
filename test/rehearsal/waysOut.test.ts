// Ways out of a run: signals in any phase, once and twice, SIGKILL, a harness that gets no processor
// for a while, and the end of each kind of its processes. Each is one of `npm run torture`, at a moment
// that is always the same. They are in one file because they share the machine, two starts at a time.

import { describe, expect, it } from 'vitest';
import { endureInTurn } from '../torture/endureInTurn.ts';
import {
  ASKED,
  DEATHS,
  KILLED,
  slowVersions,
  STOPPED,
  type Harm,
  type Moment,
} from '../torture/harms.ts';

function harmOf(name: string): Harm {
  const harm = [...ASKED, ...DEATHS].find((known) => known.name === name);
  if (!harm) throw new Error(`nothing is called ${name}`);
  return harm;
}

const CASES: readonly (readonly [Harm, Moment])[] = [
  [{ ...harmOf('SIGINT'), prepare: slowVersions }, 'provision'],
  [harmOf('SIGINT twice'), 'steady'],
  [harmOf('SIGTERM'), 'disrupt'],
  [harmOf('SIGHUP'), 'recover'],
];

describe.concurrent('ways out of a run', () => {
  it('stopped for ten seconds it plays to its end, and proves nothing by a longer cut', async () => {
    const { wrong, report } = await endureInTurn({
      harm: STOPPED,
      moment: 'disrupt',
      afterMs: 1_500,
      runtime: 'processes',
    });
    expect(wrong).toEqual([]);
    expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'complete' } });
    const finding = report?.findings.find(({ rule }) => rule === 'fault-length');
    expect(finding?.text).toMatch(/^cut was in force for 1\d(\.\d+)?s, planned were 2s$/);
  });

  it.each(CASES.map(([harm, moment]) => [harm.name, moment, harm] as const))(
    'by %s in the %s phase heals, stops everything, writes the partial report and exits 130',
    async (_, moment, harm) => {
      const outcome = await endureInTurn({ harm, moment, afterMs: 700, runtime: 'processes' });
      expect(outcome.wrong).toEqual([]);
      expect(outcome.code).toBe(130);
      expect(outcome.report).toMatchObject({
        verdict: 'inconclusive',
        run: { ended: 'interrupted' },
      });
    },
  );

  it('by SIGKILL leaves nothing after the next start, and a journal that can be judged', async () => {
    const { wrong, report } = await endureInTurn({
      harm: KILLED,
      moment: 'disrupt',
      afterMs: 1_500,
      runtime: 'processes',
    });
    expect(wrong).toEqual([]);
    expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'crashed' } });
  });
});

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

// A run ends at once, says which part it was, blames no viewer and no fault, and leaves nothing running. One
// at a time: beside another run the machine really holds up a control now and then, and a report says so.
describe('a run of which a process ends', () => {
  it.each(KINDS)('says so: %s', async (victim) => {
    const { wrong, report } = await endureInTurn({
      harm: harmOf(`${victim} ends`),
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
