// Ways out of a run: signals in any phase, once and twice, SIGKILL, and a harness that gets no
// processor for a while. Each is one of `npm run torture`, at a moment that is always the same.

import { describe, expect, it } from 'vitest';
import { endureInTurn } from '../torture/endureInTurn.ts';
import { ASKED, KILLED, slowVersions, STOPPED, type Harm, type Moment } from '../torture/harms.ts';

const asked = (name: string): Harm => {
  const harm = ASKED.find((known) => known.name === name);
  if (!harm) throw new Error(`no signal ${name}`);
  return harm;
};

const CASES: readonly (readonly [Harm, Moment])[] = [
  [{ ...asked('SIGINT'), prepare: slowVersions }, 'provision'],
  [asked('SIGINT twice'), 'steady'],
  [asked('SIGTERM'), 'disrupt'],
  [asked('SIGHUP'), 'recover'],
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
