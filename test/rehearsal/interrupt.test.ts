// Ways out of a run: signals in any phase, once and twice, SIGKILL, and a harness that gets no
// processor for a while. Each is one of `npm run torture`, at a moment that is always the same.

import { describe, expect, it } from 'vitest';
import { endure } from '../torture/endure.ts';
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

describe('a run that is told to end', () => {
  it.each(CASES.map(([harm, moment]) => [harm.name, moment, harm] as const))(
    'by %s in the %s phase heals, stops everything, writes the partial report and exits 130',
    async (_, moment, harm) => {
      const outcome = await endure({ harm, moment, afterMs: 700, runtime: 'processes' });
      expect(outcome.wrong).toEqual([]);
      expect(outcome.code).toBe(130);
      expect(outcome.report).toMatchObject({
        verdict: 'inconclusive',
        run: { ended: 'interrupted' },
      });
    },
  );
});

describe('SIGKILL of the harness', () => {
  it('leaves nothing after the next start, and a journal that can be judged', async () => {
    const killed = {
      harm: KILLED,
      moment: 'disrupt',
      afterMs: 1_500,
      runtime: 'processes',
    } as const;
    const { wrong, report } = await endure(killed);
    expect(wrong).toEqual([]);
    expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'crashed' } });
  });
});

describe('a harness that is stopped for ten seconds and goes on', () => {
  it('plays to its end, and does not call the scenario failed', async () => {
    const stopped = {
      harm: STOPPED,
      moment: 'disrupt',
      afterMs: 1_500,
      runtime: 'processes',
    } as const;
    const { wrong, report } = await endure(stopped);
    expect(wrong).toEqual([]);
    expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'complete' } });
  });
});
