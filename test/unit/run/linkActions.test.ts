import type { CutFault } from '../../../harness/faults/cut.ts';
import { describe, expect, it } from 'vitest';
import { virtualClock, type VirtualClock } from '../../support/virtualClock.ts';
import type { StatsRecord, Unstamped } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { StartedProxy } from '../../../harness/model/world.ts';
import { actionsOn, idleProxy } from '../../support/actionsWorld.ts';
import { strip } from '../../support/strip.ts';
import { plannedAction } from '../../support/plannedAction.ts';

const { design } = strip('p', 1000).run.plan.scenario;

const FAULT: CutFault = {
  kind: 'cut',
  effect: 'drop',
  links: ['connect-up'],
  channels: ['one'],
  direction: 'forward',
};

const action = (does: PlannedAction['does'], id = `cut:${does}`): PlannedAction => ({
  ...plannedAction(FAULT, does, 'cut'),
  id,
});

/** A proxy that takes its time for every call but the ones that take something away. */
function slowProxy(name: string, done: string[], clock: VirtualClock): StartedProxy {
  const toxics = new Set<string>();
  return idleProxy(name, {
    addToxic: async (toxic) => {
      await clock.sleep(10);
      toxics.add(toxic.name);
      done.push(`add ${toxic.name}`);
    },
    removeToxic: async (toxic) => {
      if (!toxics.delete(toxic)) throw new Error('toxic not found');
      done.push(`remove ${toxic}`);
    },
    recreate: async () => void done.push('recreate'),
  });
}

/** Carries out at once, and gives what was done in the end. */
async function applied(...steps: readonly PlannedAction[]): Promise<readonly string[]> {
  const clock = virtualClock();
  const done: string[] = [];
  const { apply } = actionsOn({
    design,
    clock,
    proxies: [slowProxy('connect-up.one', done, clock)],
  });
  await Promise.all([...steps.map(apply), clock.pass(100)]);
  return done;
}

/** Time passes when the test says so; a transcoder reports what comes through meanwhile. */
function playedOver(proxyOf: (name: string) => StartedProxy) {
  const clock = virtualClock();
  const stats: StatsRecord[] = [];
  const records: Unstamped[] = [];
  const state = { passes: () => true };
  const report = async () => {
    for (let value = 0; ;) {
      await clock.sleep(250);
      if (state.passes()) value += 1000;
      const counters = [{ name: 'bytesIn' as const, value }];
      stats.push({ type: 'stats', stage: 'transcoder.one', atMs: clock.epochMs(), counters });
    }
  };
  void report();
  const emit = (record: Unstamped) => void records.push(record);
  const actions = actionsOn({ design, clock, stats, emit, proxies: [proxyOf('connect-up.one')] });
  return { actions, state, pass: clock.passUntil, records };
}

interface Step {
  readonly atMs: number;
  readonly does: PlannedAction['does'];
  readonly of: string;
}

/** Plays steps on one flow and answers what was said of each, in their order. */
async function played(steps: readonly Step[], fails: { readonly removing?: string } = {}) {
  const toxics = new Set<string>();
  const world = playedOver((name) => quickProxy(name, toxics, fails.removing));
  world.state.passes = () => toxics.size === 0;
  const proofs: Promise<void>[] = [];
  for (const { atMs, does, of } of steps) {
    await world.pass(atMs);
    const step = { ...action(does, `${of}:${does}`), of };
    await world.actions.apply(step);
    proofs.push(world.actions.prove(step));
  }
  await world.pass((steps.at(-1)?.atMs ?? 0) + 20_000);
  await Promise.all(proofs);
  const words = world.records.flatMap((record) => (record.type === 'proof' ? [record] : []));
  const logs = world.records.flatMap((record) => (record.type === 'log' ? [record.text] : []));
  const word = (id: string) => words.find((proof) => proof.action === id);
  return { said: steps.map(({ of, does }) => word(`${of}:${does}`)), logs, toxics };
}

function quickProxy(name: string, toxics: Set<string>, failing: string | undefined): StartedProxy {
  return idleProxy(name, {
    addToxic: async (toxic) => void toxics.add(toxic.name),
    removeToxic: async (toxic) => {
      if (failing !== undefined && toxic.startsWith(failing)) throw new Error('it hangs');
      if (!toxics.delete(toxic)) throw new Error('toxic not found');
    },
    recreate: async () => toxics.clear(),
  });
}

const at = (atMs: number, does: Step['does'], of: string): Step => ({ atMs, does, of });

describe('two cuts of one flow at the same time', () => {
  it('are proven one after the other where they overlap', async () => {
    const { said } = await played([
      at(3000, 'inject', 'a'),
      at(10_000, 'inject', 'b'),
      at(20_000, 'heal', 'a'),
      at(30_000, 'heal', 'b'),
    ]);
    expect(said.map((proof) => proof?.proven)).toEqual([true, true, true, true]);
    expect(said[1]?.observed).toMatch(/stood still .*, once a had ended$/);
    expect(said[2]?.observed).toMatch(/grew again .*, once b had ended$/);
    expect(said[3]?.observed).not.toContain('once');
  });

  it('are masked where one lies within the other, and its heal is proven with that of the other', async () => {
    const { said } = await played([
      at(3000, 'inject', 'a'),
      at(10_000, 'inject', 'b'),
      at(20_000, 'heal', 'b'),
      at(30_000, 'heal', 'a'),
    ]);
    expect(said.map((proof) => proof?.proven)).toEqual([true, false, true, true]);
    expect(said[1]).toMatchObject({ maskedBy: ['a'], observed: 'masked by a' });
    expect(said[2]?.observed).toMatch(/, once a had ended$/);
  });

  it('are unproven where the second does nothing once the first is over', async () => {
    const toxics = new Set<string>();
    const world = playedOver((name) => quickProxy(name, toxics, undefined));
    world.state.passes = () => ![...toxics].some((toxic) => toxic.startsWith('a-'));
    const step = (does: Step['does'], of: string) => ({ ...action(does, `${of}:${does}`), of });
    const proofs: Promise<void>[] = [];
    const plan = [
      [3000, step('inject', 'a')],
      [5000, step('inject', 'b')],
      [9000, step('heal', 'a')],
    ] as const;
    for (const [atMs, next] of plan) {
      await world.pass(atMs);
      await world.actions.apply(next);
      if (next.of === 'b') proofs.push(world.actions.prove(next));
    }
    await world.pass(40_000);
    await Promise.all(proofs);
    const words = world.records.filter(({ type }) => type === 'proof');
    expect(words).toEqual([expect.objectContaining({ action: 'b:inject', proven: false })]);
    expect(words[0]).not.toHaveProperty('maskedBy');
  });
});

describe('a flow whose proxy had to be made anew', () => {
  it('gets back what is still to be in force, and the record says so', async () => {
    const { said, logs, toxics } = await played(
      [
        ...[at(3000, 'inject', 'a'), at(10_000, 'inject', 'b')],
        ...[at(20_000, 'heal', 'a'), at(30_000, 'heal', 'b')],
      ],
      { removing: 'a' },
    );
    expect([...toxics]).toEqual([]);
    expect(logs).toEqual([
      'connect-up.one: removing a failed, its proxy was created anew and b put on it again',
    ]);
    expect(said[1]).toMatchObject({ proven: true });
    expect(said[1]?.observed).toMatch(/, once a had ended$/);
  });
});

describe('actions on links', () => {
  it('heal what is still being injected when it is done, not before', async () => {
    const done = await applied(action('inject'), action('heal'));
    expect(done).toEqual(['add cut-upstream', 'remove cut-upstream']);
  });

  it('go on after one that failed', async () => {
    const done = await applied(action('heal'), action('inject', 'cut#2:inject'));
    expect(done).toEqual(['recreate', 'add cut-2-upstream']);
  });
});
