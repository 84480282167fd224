// The manifest, by the schema that Kubernetes publishes, and the states of pods.

import { Job } from 'kubernetes-models/batch/v1/Job';
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { kubernetes, readPods } from '../../../harness/cluster/kubernetes.ts';

const text = kubernetes.describe({
  name: 'ecran-noir-x',
  shards: 3,
  words: ['test', 'scenarios', '--grep', `it's "odd": $HOME`],
  cpus: 2,
  memoryMb: 4096,
  dir: '/nowhere',
  image: 'registry.test/suite:7',
  collector: { url: 'http://10.0.0.5:8900', token: 'secret' },
});

describe('the manifest', () => {
  const manifest = parse(text) as { spec: { template: { spec: Record<string, unknown> } } };
  const changed = (spec: object) => ({ ...manifest, spec: { ...manifest.spec, ...spec } });

  it('is what the published schema takes', () => {
    expect(() => new Job(manifest as never).validate()).not.toThrow();
    expect(() => new Job(changed({ completions: 'three' }) as never).validate()).toThrow();
  });

  it('asks for nothing that a restricted namespace refuses', () => {
    expect(manifest.spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          resources: { requests: { cpu: '2', memory: '4096Mi' }, limits: { memory: '4096Mi' } },
          volumeMounts: expect.arrayContaining([{ name: 'shm', mountPath: '/dev/shm' }]),
        },
      ],
    });
  });
});

describe('pods', () => {
  const pod = (index: number, status: object, metadata: object = {}): V1Pod => ({
    metadata: {
      annotations: { 'batch.kubernetes.io/job-completion-index': String(index - 1) },
      ...metadata,
    },
    spec: { nodeName: 'a', containers: [] },
    status: status,
  });
  /** Beside a container that the cluster has put there. */
  const container = (state: object) => ({
    containerStatuses: [
      { name: 'proxy', state: { running: {} } },
      { name: 'shard', state },
    ],
  });
  const unpulled = container({ waiting: { reason: 'ErrImagePull' } });
  const stuck = container({ waiting: { reason: 'ImagePullBackOff', message: 'not found' } });
  const failed = container({ terminated: { exitCode: 69, reason: 'Error' } });
  const evicted = { reason: 'Evicted', message: 'The node was low on memory.' };
  const full = { conditions: [{ type: 'PodScheduled', message: '0/2 nodes are available' }] };

  it.each([
    [{ phase: 'Running' }, { phase: 'running' }],
    [{ phase: 'Succeeded' }, { phase: 'ended' }],
    [
      { phase: 'Failed', ...failed },
      { phase: 'ended', reason: 'Error: exit code 69' },
    ],
    [
      { phase: 'Failed', ...evicted },
      { phase: 'ended', reason: 'Evicted: The node was low on memory.' },
    ],
    [
      { phase: 'Pending', ...unpulled },
      { phase: 'waiting', reason: 'ErrImagePull' },
    ],
    [
      { phase: 'Pending', ...stuck },
      { phase: 'ended', reason: 'ImagePullBackOff: not found' },
    ],
    [
      { phase: 'Pending', ...full },
      { phase: 'waiting', reason: '0/2 nodes are available' },
    ],
  ])('%j', (status, expected) => {
    expect(readPods(1, {}, [pod(1, status)])).toEqual([{ index: 1, node: 'a', ...expected }]);
  });

  it('are lost with their node, and stay known when they are gone', () => {
    const gone = pod(3, { phase: 'Running' }, { deletionTimestamp: new Date(0) });
    const status = { completedIndexes: '0', failedIndexes: '1' };
    expect(readPods(4, status, [gone], 'quota')).toEqual([
      { index: 1, phase: 'ended' },
      { index: 2, phase: 'ended', reason: 'its pod failed' },
      expect.objectContaining({ index: 3, phase: 'ended', reason: 'its pod is taken away' }),
      { index: 4, phase: 'waiting', reason: 'quota' },
    ]);
  });

  it('are waited for where there is none yet', () => {
    expect(readPods(1, {}, [])).toEqual([{ index: 1, phase: 'waiting' }]);
  });

  it('that a queue holds back wait, with its words', () => {
    const held = { type: 'Suspended', status: 'True', message: 'waits for quota in queue tv' };
    expect(readPods(1, { conditions: [held] }, [])).toEqual([
      { index: 1, phase: 'waiting', reason: 'the job is held: waits for quota in queue tv' },
    ]);
  });
});
