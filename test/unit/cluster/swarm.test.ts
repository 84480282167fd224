// States of shards as `docker service ps` tells them.

import { expect, it } from 'vitest';
import { readTasks } from '../../../harness/cluster/swarm.ts';

const lines = (...objects: readonly object[]) => objects.map((it) => JSON.stringify(it)).join('\n');
const NODES = lines({ Hostname: 'a', Status: 'Ready' }, { Hostname: 'b', Status: 'Down' });
const task = (Name: string, CurrentState: string, Node = 'a', Error = '') => ({
  Name,
  Node,
  CurrentState,
  Error,
});

it.each([
  ['Running 3 seconds ago', 'a', '', { phase: 'running', node: 'a' }],
  ['Preparing 3 seconds ago', 'a', '', { phase: 'running', node: 'a' }],
  ['Complete 1 second ago', 'a', '', { phase: 'ended', node: 'a' }],
  ['Complete 1 second ago', 'b', '', { phase: 'ended', node: 'b' }],
  [
    'Failed 1 second ago',
    'a',
    '"task: non-zero exit (137)"',
    { phase: 'ended', node: 'a', reason: 'task: non-zero exit (137)' },
  ],
  ['Shutdown 1 second ago', 'a', '', { phase: 'ended', node: 'a', reason: 'its task is shutdown' }],
  ['Running 9 minutes ago', 'b', '', { phase: 'ended', node: 'b', reason: 'its node is down' }],
  [
    'Pending 2 seconds ago',
    '',
    '"no suitable node (insufficient resources on 1 node)"',
    { phase: 'waiting', reason: 'no suitable node (insufficient resources on 1 node)' },
  ],
])('%s on %s %s', (state, node, error, expected) => {
  const tasks = lines(task('x-1.nodeid', state, node, error));
  expect(readTasks(['x-1'], tasks, NODES)).toEqual([{ index: 1, ...expected }]);
});

it('keeps a shard lost when Swarm makes another task for it, and knows 1 from 10', () => {
  const tasks = lines(
    task('x-1.n', 'Pending 1 second ago', ''),
    task('x-1.n', 'Running 9 seconds ago', 'b'),
    task('x-10.n', 'Running 2 seconds ago'),
  );
  expect(readTasks(['x-1', 'x-10', 'x-2'], tasks, NODES)).toEqual([
    { index: 1, phase: 'ended', node: 'b', reason: 'its node is down' },
    { index: 2, phase: 'running', node: 'a' },
    { index: 3, phase: 'waiting' },
  ]);
});
