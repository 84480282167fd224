import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../harness/kernel/clock.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import type { HistoryRecord, Unstamped } from '../../../harness/model/history.ts';
import type { Plan } from '../../../harness/model/plan.ts';
import type { Scenario } from '../../../harness/model/scenario.ts';
import { describeViewers } from '../../../harness/scenario/audience.ts';
import type { Recorder } from '../../../harness/run/recorder.ts';
import type { Guardrails, RunRequest } from '../../../harness/run/request.ts';
import { run } from '../../../harness/run/runner.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { plan as planOf } from '../../../harness/scenario/plan.ts';
import { fakeWorld, type FakeWorld } from '../../support/fakeWorld.ts';

const FILE = 'scenarios/incidents/orange-2025-09-12.yaml';

/** The night of 12 September in a fifth of a second, with a witness that waits no longer than that. */
async function shortPlan(): Promise<Plan> {
  const read = await loadScenario(FILE);
  const upload = { timeoutMs: 10, retries: 0, retryDelayMs: 0, maxAgeMs: 1000 };
  const scenario: Scenario = {
    ...read,
    design: {
      ...read.design,
      media: { ...read.design.media, segmentMs: 20 },
      stages: read.design.stages.map((stage) =>
        stage.role === 'transcoder' ? { ...stage, upload } : stage,
      ),
    },
    windows: read.windows.map((window) => ({
      ...window,
      work: { ...window.work, fault: { ...window.work.fault, links: ['connect-down'] } },
    })),
    steady: { holdMs: 30, withinMs: 2_000 },
    recover: { withinMs: 500 },
    viewers: { ...read.viewers, count: 2 },
  };
  return planOf(scenario, { compress: 12_000, seed: 1 });
}

function memoryRecorder(clock: Clock): Recorder & { readonly records: HistoryRecord[] } {
  const startedAt = clock.epochMs();
  const listeners: ((record: HistoryRecord) => void)[] = [];
  const records: HistoryRecord[] = [];
  return {
    records,
    emit: (unstamped: Unstamped) => {
      const record = { atMs: clock.epochMs() - startedAt, ...unstamped } as HistoryRecord;
      if (record.type === 'frames')
        Object.assign(record, {
          frames: record.frames.map(([at, ...rest]) => [at - startedAt, ...rest]),
        });
      records.push(record);
      for (const listener of listeners) listener(record);
    },
    subscribe: (listener) => listeners.push(listener),
    close: () => {},
  };
}

interface Rehearsed {
  readonly world: FakeWorld;
  readonly records: readonly HistoryRecord[];
  readonly end: Awaited<ReturnType<typeof run>>;
}

interface Play {
  readonly fails?: { readonly on?: string };
  /** Called when the phase begins. */
  readonly on?: {
    readonly phase: string;
    readonly then: (world: FakeWorld, user: AbortController) => void;
  };
  readonly blind?: boolean;
  readonly guardrails?: Guardrails;
  readonly audience?: Plan['audience'];
}

async function rehearse({
  fails,
  on,
  blind = false,
  guardrails,
  audience,
}: Play = {}): Promise<Rehearsed> {
  const plan = { ...(await shortPlan()), ...(audience && { audience }) };
  const clock = virtualClock(Date.UTC(2025, 8, 12, 18));
  const recorder = memoryRecorder(clock);
  const world = fakeWorld(recorder.emit, clock, fails);
  world.blind = blind;
  const user = new AbortController();
  recorder.subscribe((record) => {
    if (on && record.type === 'phase' && record.phase === on.phase) on.then(world, user);
  });
  const request: RunRequest = {
    plan,
    viewers: describeViewers(plan.scenario),
    world,
    recorder,
    startedAtEpochMs: clock.epochMs(),
    saveScreenshot: async (moment) => `${moment}.png`,
    signal: user.signal,
    stop: new AbortController(),
    ...(guardrails && { guardrails }),
  };
  const end = await clock.passDuring(run(request));
  return { world, records: recorder.records, end };
}

const phases = (records: readonly HistoryRecord[]) =>
  records.flatMap((record) => (record.type === 'phase' ? [record.phase] : []));

/** Everything that was started is stopped or disposed of, and the last thing healed is everything. */
function expectClean({ world }: Rehearsed): void {
  const started = world.done
    .filter((what) => what.startsWith('start '))
    .map((what) => what.slice(6));
  for (const instance of started) expect(world.done).toContain(`stop ${instance}`);
  for (const what of ['runtime', 'links', 'browser'])
    expect(world.done).toContain(`dispose ${what}`);
  const healed = world.done.indexOf('reset links');
  expect(healed).toBeGreaterThan(world.done.findLastIndex((what) => what.startsWith('cut ')));
  expect(healed).toBeLessThan(world.done.indexOf('viewers leave'));
}

describe('run', () => {
  it('goes through its phases and undoes everything in the end', async () => {
    const rehearsed = await rehearse();
    expect(rehearsed.end).toMatchObject({ reason: 'complete', error: undefined, leftovers: [] });
    expect(phases(rehearsed.records)).toEqual([
      'provision',
      'steady',
      'disrupt',
      'recover',
      'teardown',
    ]);
    expect(rehearsed.records.at(-1)).toMatchObject({ type: 'end', reason: 'complete' });
    expectClean(rehearsed);
  });

  it('lets viewers come and go at their times, and waits only for those who are there', async () => {
    const step = (viewer: string, does: 'join' | 'leave', atMs: number) => ({
      viewer,
      does,
      atMs,
      scenarioAtMs: atMs,
    });
    const audience = [step('v1', 'leave', 20), step('v2', 'join', 40), step('v1', 'join', 60)];
    const { records, end, world } = await rehearse({ audience });
    expect(end.reason).toBe('complete');
    const disrupt = records.findIndex((r) => r.type === 'phase' && r.phase === 'disrupt');
    const of = (viewer: string) =>
      records.flatMap((record, i) =>
        record.type === 'viewer' && record.viewer === viewer
          ? [[record.event, i > disrupt] as const]
          : [],
      );
    expect(of('control')).toEqual([['join', false]]);
    expect(of('v2')).toEqual([['join', true]]);
    expect(of('v1')).toEqual([
      ['join', false],
      ['leave', true],
      ['join', true],
    ]);
    expect(world.done.filter((what) => what.startsWith('leave '))).toEqual(['leave v1']);
  });

  it('starts each stage after what it sends to, the control without a proxy', async () => {
    const { world } = await rehearse();
    const order = ['start origin', 'proxy connect-down.one', 'start transcoder.one'];
    const at = [...order, 'proxy connect-up.one', 'start playout.one'].map((what) =>
      world.done.indexOf(what),
    );
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at).not.toContain(-1);
    expect(
      world.done.filter((what) => what.startsWith('proxy ') && what.includes('control')),
    ).toEqual([]);
    expect(world.done).toContain('start control-playout');
  });

  it('makes no picture before the browser is there, and waits with nothing else', async () => {
    const { done } = (await rehearse()).world;
    const opened = done.indexOf('open browser');
    for (const what of ['transcoder.one', 'transcoder.two', 'control-transcoder', 'edge'])
      expect(done.slice(0, opened)).toContain(`start ${what}`);
    for (const what of ['playout.one', 'playout.two', 'control-playout'])
      expect(done.slice(opened)).toContain(`start ${what}`);
  });

  it('plays every action once, in order, and gives channels back one after another', async () => {
    const { world, records } = await rehearse();
    const actions = records.flatMap((record) => (record.type === 'action' ? [record.action] : []));
    expect(actions).toEqual([
      'connect-maintenance:inject',
      'connect-maintenance:heal:one',
      'connect-maintenance:heal:two',
    ]);
    expect(world.done.filter((what) => what.startsWith('cut '))).toHaveLength(2);
    expect(world.done.indexOf('heal connect-down.one')).toBeLessThan(
      world.done.indexOf('heal connect-down.two'),
    );
  });

  it('records what the witness of each flow saw', async () => {
    const { records } = await rehearse();
    const proofs = records.filter((record) => record.type === 'proof');
    expect(proofs).toHaveLength(4);
    expect(proofs.every(({ proven, witness }) => proven && witness === 'answers of origin')).toBe(
      true,
    );
  });

  it.each(['provision', 'steady', 'disrupt', 'recover'])(
    'heals and cleans up when interrupted in the %s phase',
    async (phase) => {
      const rehearsed = await rehearse({ on: { phase, then: (_, user) => user.abort() } });
      expect(rehearsed.end.reason).toBe('interrupted');
      expect(rehearsed.end.error?.exitCode).toBe(130);
      expect(rehearsed.records.at(-1)).toMatchObject({ type: 'end', reason: 'interrupted' });
      expectClean(rehearsed);
    },
  );

  it('ends with the last words of a stage that died without a fault', async () => {
    const rehearsed = await rehearse({
      on: { phase: 'disrupt', then: (world) => world.crash('transcoder.two') },
    });
    expect(rehearsed.end.error).toMatchObject({ code: 'STAGE_FAILED', target: 'transcoder.two' });
    expect(rehearsed.end.error?.message).toContain('last words');
    expectClean(rehearsed);
  });

  it.each([
    ['browser', 'BROWSER_FAILED'],
    ['links', 'LINK_CONTROL_FAILED'],
  ] as const)('ends at once when the %s ended by itself', async (what, code) => {
    const rehearsed = await rehearse({
      on: { phase: 'disrupt', then: (world) => world.lose(what) },
    });
    expect(rehearsed.end).toMatchObject({ reason: 'error', error: { code } });
    expect(phases(rehearsed.records)).not.toContain('recover');
    expectClean(rehearsed);
  });

  it('does not begin to disrupt what is not steady', async () => {
    const rehearsed = await rehearse({ blind: true });
    expect(rehearsed.end.error).toMatchObject({ code: 'STEADY_STATE_NOT_REACHED', exitCode: 2 });
    expect(rehearsed.end.error?.message).toContain('v1, v2, control');
    expect(phases(rehearsed.records)).not.toContain('disrupt');
  });

  it('stops what had started when a stage does not start', async () => {
    const rehearsed = await rehearse({ fails: { on: 'start playout.two' } });
    expect(rehearsed.end.error?.message).toContain('start playout.two failed');
    const { done } = rehearsed.world;
    expect(done).toContain('stop transcoder.two');
    expect(done).toContain('dispose runtime');
  });

  it('makes a proxy anew when its toxic does not come off', async () => {
    const { world, end } = await rehearse({ fails: { on: 'heal connect-down.one' } });
    expect(end.reason).toBe('complete');
    expect(world.done).toContain('recreate connect-down.one');
  });

  it('names what could not be undone', async () => {
    const { end } = await rehearse({ fails: { on: 'dispose runtime' } });
    expect(end.leftovers.join()).toContain('runtime');
  });
});

describe('a guardrail', () => {
  it('heals and ends the run early, neither as a success nor as an error of the harness', async () => {
    const broken = {
      record: () => undefined,
      breach: () => ({ text: 'p50(blackScreen) > 1s: 2s' }),
    };
    const rehearsed = await rehearse({ guardrails: broken });
    expect(rehearsed.end).toMatchObject({ reason: 'guardrail', error: undefined });
    expect(rehearsed.records.at(-1)).toMatchObject({
      type: 'end',
      reason: 'guardrail',
      detail: 'p50(blackScreen) > 1s: 2s',
    });
    expectClean(rehearsed);
  });
});
