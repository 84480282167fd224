import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { CutFault } from '../../../harness/model/scenario.ts';
import type { StartedProxy } from '../../../harness/model/world.ts';
import { createLinkActions } from '../../../harness/run/linkActions.ts';
import { strip } from '../../support/strip.ts';

const { design } = strip('p', 1000).run.plan.scenario;

const FAULT: CutFault = {
  kind: 'cut',
  effect: 'drop',
  links: ['connect-up'],
  channels: ['one'],
  direction: 'forward',
};

const action = (does: PlannedAction['does'], id = `cut:${does}`): PlannedAction => ({
  ...{ id, does, of: 'cut', window: undefined, fault: FAULT },
  ...{ atMs: 0, scenarioAtMs: 0, expect: '' },
});

/** A proxy that takes its time for every call but the ones that take something away. */
function slowProxy(name: string, done: string[]): StartedProxy {
  const toxics = new Set<string>();
  const address = { host: 'proxy', port: 1 };
  return {
    ...{ name, address, hostAddress: address },
    addToxic: async (toxic) => {
      await delay(10);
      toxics.add(toxic.name);
      done.push(`add ${toxic.name}`);
    },
    removeToxic: async (toxic) => {
      if (!toxics.delete(toxic)) throw new Error('toxic not found');
      done.push(`remove ${toxic}`);
    },
    recreate: async () => void done.push('recreate'),
    setEnabled: async () => undefined,
    remove: async () => undefined,
  };
}

function linkActions(done: string[]) {
  const proxy = slowProxy('connect-up.one', done);
  return createLinkActions({
    design,
    stats: [],
    pipeline: {
      stages: new Map(),
      proxies: new Map([[proxy.name, proxy]]),
      playlistOf: () => '',
      mediaFrom: [],
    },
    recorder: { emit: () => undefined, subscribe: () => undefined, close: () => undefined },
    clock: systemClock,
    runStartedAtEpochMs: systemClock.epochMs(),
    answerMs: async () => 1,
    signal: new AbortController().signal,
  });
}

describe('actions on links', () => {
  it('heal what is still being injected when it is done, not before', async () => {
    const done: string[] = [];
    const { apply } = linkActions(done);
    await Promise.all([apply(action('inject')), apply(action('heal'))]);
    expect(done).toEqual(['add cut-upstream', 'remove cut-upstream']);
  });

  it('go on after one that failed', async () => {
    const done: string[] = [];
    const { apply } = linkActions(done);
    const healed = apply(action('heal'));
    const again = apply(action('inject', 'cut#2:inject'));
    await Promise.all([healed, again]);
    expect(done).toEqual(['recreate', 'add cut-2-upstream']);
  });
});
