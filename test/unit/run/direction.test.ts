// Tests the meaning of forward to a proxy: away from who connects, against the picture at an edge.

import type { LatencyFault } from '../../../harness/faults/latency.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { virtualClock } from '../../../harness/kernel/virtualClock.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { StartedProxy } from '../../../harness/model/world.ts';
import { createActions } from '../../../harness/run/carryOut.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { plannedAction } from '../../support/plannedAction.ts';

const file = 'scenarios/designs/dual-origin.yaml';
const design = parseDesign(readFileSync(file, 'utf8'), file);

function proxyNamed(name: string, streams: string[]): StartedProxy {
  const address = { host: 'proxy', port: 1 };
  return {
    name,
    address,
    hostAddress: address,
    addToxic: async ({ stream }) => void streams.push(stream),
    removeToxic: async (toxic) => void streams.push(`removed ${toxic}`),
    recreate: async () => undefined,
    setEnabled: async () => undefined,
    remove: async () => undefined,
  };
}

async function streamsOf(link: string, proxyName: string, direction: 'forward' | 'backward') {
  const streams: string[] = [];
  const proxy = proxyNamed(proxyName, streams);
  const fault: LatencyFault = {
    kind: 'latency',
    delayMs: 100,
    jitterMs: 0,
    direction,
    links: [link],
    channels: [design.channels[0] ?? ''],
  };
  const { apply } = createActions({
    design,
    seed: 1,
    stats: [],
    clock: virtualClock(),
    runStartedAtEpochMs: 0,
    pipeline: {
      stages: new Map(),
      proxies: new Map([[proxy.name, proxy]]),
      playlistOf: () => '',
      mediaFrom: [],
    },
    recorder: { emit: () => undefined, subscribe: () => undefined, close: () => undefined },
    probe: { ask: async () => ({ ms: 1 }), segmentsAt: async () => 3 },
    signal: new AbortController().signal,
  });
  const step = (does: PlannedAction['does']) => apply(plannedAction(fault, does, 'late'));
  await step('inject');
  await step('heal');
  return streams;
}

test('a sender connects along the way of the picture', async () => {
  const [channel] = design.channels;
  expect(await streamsOf('connect-down-a', `connect-down-a.${channel}`, 'forward')).toEqual([
    'upstream',
    'removed late-upstream',
  ]);
});

test('an edge connects against it: what comes forward to it is an answer', async () => {
  expect(await streamsOf('fetch-a', 'fetch-a', 'forward')).toEqual([
    'downstream',
    'removed late-downstream',
  ]);
  expect(await streamsOf('fetch-a', 'fetch-a', 'backward')).toEqual([
    'upstream',
    'removed late-upstream',
  ]);
});
