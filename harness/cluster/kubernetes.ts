// Kubernetes: one Indexed Job, a pod a shard, in the cluster and namespace and with the rights that
// kubectl would have.

import type { ApiException, V1Container, V1Job, V1JobStatus, V1Pod } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { withDeadline } from '../kernel/deadline.ts';
import { HarnessError, errorMessage } from '../model/errors.ts';
import {
  COLLECTOR_TOKEN,
  refused,
  wordsInImage,
  type Cluster,
  type ShardJob,
  type ShardState,
} from './cluster.ts';
import { readIndexes } from './readIndexes.ts';

export const kubernetes: Cluster = {
  playsInImage: true,
  describe: (job) => stringify(writeManifest(job)),
  submit: async (job) => {
    const { batch, core, namespace } = await connect();
    const own = { name: job.name, namespace };
    const listPods = async () =>
      (await core.listNamespacedPod({ namespace, labelSelector: `job-name=${job.name}` })).items;
    /** A quota that is used up refuses pods, and nothing but an event says so. */
    const findRefusal = async () => {
      const fieldSelector = `involvedObject.name=${job.name}`;
      const { items } = await core.listNamespacedEvent({ namespace, fieldSelector });
      return items.findLast(({ reason }) => reason === 'FailedCreate')?.message;
    };
    await ask(() => batch.createNamespacedJob({ namespace, body: writeManifest(job) }));
    return {
      name: `job ${job.name} in namespace ${namespace}`,
      look: () =>
        ask(async () => {
          const [{ status = {} }, pods] = await Promise.all([
            batch.readNamespacedJob(own),
            listPods(),
          ]);
          const why = pods.length < job.shards ? findRefusal() : undefined;
          return readPods(job.shards, status, pods, await why?.catch(() => undefined));
        }).catch(takeGone([])),
      lastWords: async (index) => {
        const pod = (await listPods()).find((one) => readIndex(one) === index);
        const name = pod?.metadata?.name ?? '';
        return await core.readNamespacedPodLog({ namespace, name, container: SHARD, tailLines: 5 });
      },
      remove: () =>
        ask(() => batch.deleteNamespacedJob({ ...own, propagationPolicy: 'Background' })).catch(
          takeGone(undefined),
        ),
    };
  },
};

/** The container that plays: a cluster may put others beside it. */
const SHARD = 'shard';
/** Belongs to nobody in an image. */
const USER = 10_001;
/** The job of a call that was killed goes by itself. */
const KEPT_SECONDS = 3_600;

export const writeManifest = (job: ShardJob): V1Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: job.name, labels: { 'app.kubernetes.io/name': 'ecran-noir' } },
  spec: {
    completionMode: 'Indexed',
    completions: job.shards,
    parallelism: job.shards,
    // A shard that is lost ends no other, and is not played again.
    backoffLimitPerIndex: 0,
    maxFailedIndexes: job.shards,
    podReplacementPolicy: 'Failed',
    ttlSecondsAfterFinished: KEPT_SECONDS,
    template: {
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: USER,
          runAsGroup: USER,
          fsGroup: USER,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [writeContainer(job)],
        volumes: [
          { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
          { name: 'tmp', emptyDir: {} },
        ],
      },
    },
  },
});

/** The index of a pod begins at 0, that of a shard at 1. */
function writeContainer(job: ShardJob): V1Container {
  const call = `exec ecran-noir "$@" --shard "$((JOB_COMPLETION_INDEX + 1))/${job.shards}"`;
  const memory = `${job.memoryMb}Mi`;
  return {
    name: SHARD,
    image: job.image,
    command: ['sh', '-c', call, 'ecran-noir', ...wordsInImage(job)],
    env: [
      { name: COLLECTOR_TOKEN, value: job.collector.token },
      { name: 'HOME', value: '/tmp' },
    ],
    resources: { requests: { cpu: String(job.cpus), memory }, limits: { memory } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'shm', mountPath: '/dev/shm' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

async function connect() {
  const client = await import('@kubernetes/client-node').catch((error: unknown) => {
    throw new HarnessError('TOOL_MISSING', '@kubernetes/client-node is not installed', {
      target: '@kubernetes/client-node',
      hint: 'npm install @kubernetes/client-node',
      cause: error,
    });
  });
  const config = new client.KubeConfig();
  try {
    config.loadFromDefault();
    const { namespace = 'default' } = config.getContextObject(config.currentContext) ?? {};
    const batch = config.makeApiClient(client.BatchV1Api);
    return { batch, core: config.makeApiClient(client.CoreV1Api), namespace };
  } catch (error) {
    throw refused(`no Kubernetes: ${errorMessage(error)}`, 'look at the file in KUBECONFIG', error);
  }
}

const ASK_MS = 30_000;

/** Throws CLUSTER_UNAVAILABLE with the words of the API. */
const ask = <T>(call: () => Promise<T>): Promise<T> =>
  withDeadline({ ms: ASK_MS, what: 'the answer of the Kubernetes API' }, call).catch(
    (error: unknown) => {
      const { code, body } = error as Partial<ApiException<unknown>>;
      if (typeof code !== 'number')
        throw refused(`Kubernetes does not answer: ${errorMessage(error)}`, HINT, error);
      throw refused(`Kubernetes refuses (${code}): ${readMessage(body)}`, HINT, error);
    },
  );

const HINT = 'see which cluster and rights kubectl has: `kubectl auth can-i create jobs`';

/** The message of a `Status`, which comes as text or read already. */
function readMessage(body: unknown): string {
  try {
    const { message } = (typeof body === 'string' ? JSON.parse(body) : body) as { message: string };
    return message;
  } catch {
    return String(body);
  }
}

/** Answers something else where the job is not there any more. */
const takeGone =
  <T>(instead: T) =>
  (error: Error): T => {
    const { code } = (error.cause ?? {}) as Partial<ApiException<unknown>>;
    if (code === 404) return instead;
    throw error;
  };

const INDEX = 'batch.kubernetes.io/job-completion-index';

const readIndex = ({ metadata }: V1Pod): number => Number(metadata?.annotations?.[INDEX]) + 1;

/** `refusal` is the reason why no pod can be made. */
export function readPods(
  shards: number,
  { completedIndexes, failedIndexes, conditions = [] }: V1JobStatus,
  pods: readonly V1Pod[],
  refusal?: string,
): readonly ShardState[] {
  const held = conditions.find(({ type, status }) => type === 'Suspended' && status === 'True');
  const why = refusal ?? (held && `the job is held: ${held.message ?? 'suspended'}`);
  const [done, failed] = [completedIndexes, failedIndexes].map((list) => readIndexes(list));
  return Array.from({ length: shards }, (_, at): ShardState => {
    const index = at + 1;
    const pod = pods.find((one) => readIndex(one) === index);
    if (pod) return readPod(index, pod);
    if (failed?.includes(at)) return { index, phase: 'ended', reason: 'its pod failed' };
    if (done?.includes(at)) return { index, phase: 'ended' };
    return { index, phase: 'waiting', ...(why !== undefined && { reason: why }) };
  });
}

/** A container leaves these by nobody's doing but somebody's. */
const STUCK = new Set([
  ...['ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName'],
  ...['CreateContainerConfigError', 'CreateContainerError'],
]);

function readPod(index: number, { metadata, spec, status = {} }: V1Pod): ShardState {
  const place = { index, ...(spec?.nodeName !== undefined && { node: spec.nodeName }) };
  const own = status.containerStatuses?.find(({ name }) => name === SHARD);
  const { waiting, terminated } = own?.state ?? {};
  const told = (type: string) => status.conditions?.find((one) => one.type === type)?.message;
  const end = (...words: (string | undefined)[]): ShardState => ({
    ...place,
    phase: 'ended',
    reason: words.filter((word) => word !== undefined).join(': '),
  });
  if (status.phase === 'Succeeded') return { ...place, phase: 'ended' };
  if (status.phase === 'Failed')
    return end(
      status.reason ?? terminated?.reason ?? 'its pod failed',
      status.message ?? (terminated && `exit code ${terminated.exitCode}`),
    );
  if (metadata?.deletionTimestamp) return end('its pod is taken away', told('DisruptionTarget'));
  if (STUCK.has(waiting?.reason ?? '')) return end(waiting?.reason, waiting?.message);
  if (status.phase === 'Running') return { ...place, phase: 'running' };
  const reason = waiting?.reason ?? told('PodScheduled');
  return { ...place, phase: 'waiting', ...(reason !== undefined && { reason }) };
}
