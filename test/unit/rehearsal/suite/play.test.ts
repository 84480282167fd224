// The loop of a suite, with a player that is made up and a clock that it moves.

import { describe, expect, it } from 'vitest';
import { judgeSuite } from '../../../../harness/measure/suite.ts';
import { HarnessError } from '../../../../harness/model/errors.ts';
import type { Verdict } from '../../../../harness/model/report.ts';
import type { PlayScenario } from '../../../../harness/rehearsal/suite/engines.ts';
import type { SuiteEntry } from '../../../../harness/rehearsal/suite/entries.ts';
import { playSuite, type SuitePlaying } from '../../../../harness/rehearsal/suite/play.ts';
import { madeUpEntry, reportOf } from '../../../support/madeUpSuite.ts';

type Answer = Verdict | Error;

/** Each scenario gives its answers in turn, the last one for ever; a second passes each time. */
function madeUpPlayer(answers: Readonly<Record<string, readonly Answer[]>>) {
  const dirs: string[] = [];
  let nowMs = 0;
  const times = new Map<string, number>();
  const play: PlayScenario = async ({ scenario: { name } }, dir) => {
    dirs.push(dir);
    nowMs += 1_000;
    const n = times.get(name) ?? 0;
    times.set(name, n + 1);
    const answer = answers[name]?.[n] ?? answers[name]?.at(-1) ?? 'pass';
    if (answer instanceof Error) throw answer;
    return { report: reportOf(answer) };
  };
  return { play, dirs, nowMs: () => nowMs };
}

const played = async (
  entries: readonly SuiteEntry[],
  player: ReturnType<typeof madeUpPlayer>,
  more: Partial<SuitePlaying> = {},
  signal = new AbortController().signal,
) =>
  playSuite(
    {
      entries,
      play: player.play,
      nowMs: player.nowMs,
      dir: 'suite',
      retries: 0,
      withinMs: undefined,
      failFast: false,
      lanes: 1,
      onStart: () => {},
      onEnd: () => {},
      ...more,
    },
    signal,
  );

const keysAndVerdicts = ({ results }: Awaited<ReturnType<typeof played>>) =>
  results.map(({ key, verdict }) => [key, verdict]);

describe('a suite', () => {
  const three = ['a', 'b', 'c'].map((key) => madeUpEntry(key));

  it('plays every entry once, in a folder of its own', async () => {
    const player = madeUpPlayer({ b: ['fail'] });
    const suite = await played(three, player);
    expect(keysAndVerdicts(suite)).toEqual([
      ['a', 'pass'],
      ['b', 'fail'],
      ['c', 'pass'],
    ]);
    expect(player.dirs).toEqual(['suite/runs/a', 'suite/runs/b', 'suite/runs/c']);
    expect(suite.results[1]?.attempts[0]?.reasons).toEqual(['recovered == 100%: observed 50%']);
  });

  it('plays only what is inconclusive again, and keeps every attempt', async () => {
    const player = madeUpPlayer({
      a: ['inconclusive', 'inconclusive', 'pass'],
      b: ['fail', 'pass'],
    });
    const suite = await played(three, player, { retries: 2 });
    expect(keysAndVerdicts(suite)).toEqual([
      ['a', 'pass'],
      ['b', 'fail'],
      ['c', 'pass'],
    ]);
    expect(suite.results[0]?.attempts.map(({ verdict, dir }) => [verdict, dir])).toEqual([
      ['inconclusive', 'runs/a'],
      ['inconclusive', 'runs/a~retry1'],
      ['pass', 'runs/a~retry2'],
    ]);
    expect(suite.results[0]?.attempts[0]?.figures).toEqual({});
  });

  it('does not try again what cannot end otherwise', async () => {
    const wrong = new HarnessError('CAPACITY_EXCEEDED', 'too many', { hint: 'fewer' });
    const broken = new HarnessError('BROWSER_FAILED', 'the browser ended');
    const player = madeUpPlayer({ a: [wrong], b: [broken, 'pass'] });
    const { results } = await played(three.slice(0, 2), player, { retries: 3 });
    expect(results.map(({ attempts }) => attempts.length)).toEqual([1, 2]);
    expect(results[0]).toMatchObject({
      verdict: 'inconclusive',
      attempts: [{ reasons: ['CAPACITY_EXCEEDED: too many (fewer)'] }],
    });
    expect(results[0]?.attempts[0]).not.toHaveProperty('dir');
  });

  it('starts nothing that does not fit into its time, and says so', async () => {
    const entries = [madeUpEntry('a'), madeUpEntry('b', 9_000), madeUpEntry('c')];
    const suite = await played(entries, madeUpPlayer({}), { withinMs: 2_500 });
    expect(keysAndVerdicts(suite).map(([key]) => key)).toEqual(['a', 'c']);
    expect(suite.leftOut).toEqual([{ key: 'b', reason: expect.stringContaining('--within') }]);
    expect(judgeSuite({ ...suite, findings: [] })).toBe('inconclusive');
  });

  it('ends at the first fail where that is asked for, not at what is inconclusive', async () => {
    const player = madeUpPlayer({ a: ['inconclusive'], b: ['fail'] });
    const suite = await played(three, player, { failFast: true });
    expect(suite.leftOut).toEqual([
      { key: 'c', reason: expect.stringMatching(/^b failed before/) },
    ]);
    expect(judgeSuite({ ...suite, findings: [] })).toBe('fail');
  });

  it('leaves out the rest when somebody ends it, and keeps what was played', async () => {
    const stop = new AbortController();
    const onEnd = () => stop.abort(new Error('Ctrl-C'));
    const player = madeUpPlayer({ a: ['inconclusive'] });
    const suite = await played(three, player, { onEnd, retries: 5 }, stop.signal);
    expect(keysAndVerdicts(suite)).toEqual([['a', 'inconclusive']]);
    expect(suite.leftOut.map(({ key }) => key)).toEqual(['b', 'c']);
  });

  it('calls a run inconclusive that passed and left something broken', async () => {
    const error = new HarnessError('HEAL_FAILED', 'a fault is still there\nwith more');
    const play: PlayScenario = async () => ({ report: reportOf('pass'), error });
    const { results } = await played(three.slice(0, 1), madeUpPlayer({}), { play });
    expect(results[0]).toMatchObject({
      verdict: 'inconclusive',
      attempts: [{ reasons: ['a fault is still there'] }],
    });
  });
});

describe('the verdict of a suite', () => {
  const verdicts = (...list: Verdict[]) =>
    judgeSuite({
      results: list.map((verdict) => ({ verdict })) as never,
      leftOut: [],
      findings: [],
    });

  it('is fail before inconclusive before pass', () => {
    expect(verdicts()).toBe('pass');
    expect(verdicts('pass', 'pass')).toBe('pass');
    expect(verdicts('pass', 'inconclusive')).toBe('inconclusive');
    expect(verdicts('inconclusive', 'fail', 'pass')).toBe('fail');
  });
});
