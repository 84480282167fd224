// Tests the meaning of forward to a proxy: away from who connects, against the picture at an edge.

import type { LatencyFault } from '../../../harness/faults/latency.ts';
import { expect, test } from 'vitest';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import { plannedAction } from '../../support/plannedAction.ts';
import { actionsOn, idleProxy } from '../../support/actionsWorld.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('dual-origin');

async function streamsOf(link: string, proxyName: string, direction: 'forward' | 'backward') {
  const streams: string[] = [];
  const proxy = idleProxy(proxyName, {
    addToxic: async ({ stream }) => void streams.push(stream),
    removeToxic: async (toxic) => void streams.push(`removed ${toxic}`),
  });
  const fault: LatencyFault = {
    kind: 'latency',
    delayMs: 100,
    jitterMs: 0,
    direction,
    links: [link],
    channels: [design.channels[0] ?? ''],
  };
  const { apply } = actionsOn({ design, proxies: [proxy] });
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
