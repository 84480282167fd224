// A stand-in for the API server and the nodes of a Kubernetes, as far as jobs need them. It refuses
// manifests that the published schema refuses, and plays pods as processes of this machine.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { V1Job, V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { Job } from 'kubernetes-models/batch/v1/Job';

/** The things that happen to a pod instead of being played. */
export interface Fate {
  readonly status: V1PodStatus;
  readonly deletionTimestamp?: Date;
}

export interface TestKubernetes extends AsyncDisposable {
  /** For those who call it. */
  readonly env: Readonly<Record<string, string>>;
  /** By the index of a pod; `none` is a pod that a quota refuses. */
  readonly fates: Map<number, Fate | 'none'>;
  /** Is called before the first pod is played. */
  onPlay?: () => void;
  /** The refusal of a new job. */
  refusal?: { readonly code: number; readonly message: string };
  readonly calls: string[];
  readonly listJobs: () => readonly string[];
}

/** A controller makes the pods of a job after it was asked how they are for the first time. */
const PODS_COME_MS = 1_500;
const TOKEN = 'secret-of-a-user';
const NAMESPACE = 'tv';

interface Played {
  readonly job: V1Job;
  readonly pods: Map<number, { child?: ChildProcess; said: string; status: V1PodStatus }>;
}

/** `dir` takes its kubeconfig, the folders of its pods, and holds the program `ecran-noir`. */
export async function startKubernetes(dir: string): Promise<TestKubernetes> {
  const jobs = new Map<string, Played>();
  const server = createServer((request, response) => {
    void answer(request).then(([code, body]) => {
      const isText = typeof body === 'string';
      response.writeHead(code, { 'content-type': isText ? 'text/plain' : 'application/json' });
      response.end(isText ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: TestKubernetes = {
    env: { KUBECONFIG: writeConfig(dir, (server.address() as AddressInfo).port) },
    fates: new Map(),
    calls: [],
    listJobs: () => [...jobs.keys()],
    [Symbol.asyncDispose]: async () => {
      for (const name of jobs.keys()) remove(name);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage): Promise<readonly [number, unknown]> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://api');
    api.calls.push(`${request.method} ${pathname}`);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refuse(401, 'Unauthorized');
    const [, kind = '', name = '', part] =
      /^\/(?:api|apis\/batch)\/v1\/namespaces\/tv\/(\w+)(?:\/([^/]+)(?:\/(\w+))?)?$/.exec(
        pathname,
      ) ?? [];
    if (request.method === 'POST' && kind === 'jobs') return create(await text(request));
    if (request.method === 'DELETE' && kind === 'jobs')
      return remove(name) ? [200, { kind: 'Status', status: 'Success' }] : refuse(404, 'not found');
    if (kind === 'jobs') {
      const job = jobs.get(name)?.job;
      return job ? [200, job] : refuse(404, `jobs.batch "${name}" not found`);
    }
    const of = /=(.+)$/.exec(
      searchParams.get(kind === 'pods' ? 'labelSelector' : 'fieldSelector') ?? '',
    );
    if (kind === 'pods' && part === 'log') return [200, findPod(name)?.said ?? ''];
    if (kind === 'pods') return [200, { kind: 'PodList', items: listPods(of?.[1] ?? '') }];
    const message = 'pods "x" is forbidden: exceeded quota: compute';
    return [200, { kind: 'EventList', items: [{ reason: 'FailedCreate', message }] }];
  }

  function create(body: string): readonly [number, unknown] {
    if (api.refusal) return refuse(api.refusal.code, api.refusal.message);
    const job = JSON.parse(body) as V1Job;
    try {
      new Job(job as never).validate();
    } catch (error) {
      return refuse(422, String(error));
    }
    const played: Played = { job, pods: new Map() };
    jobs.set(job.metadata!.name!, played);
    setTimeout(() => playAll(played), PODS_COME_MS);
    return [201, job];
  }

  function playAll(played: Played): void {
    const { metadata, spec } = played.job;
    if (!jobs.has(metadata!.name!)) return;
    api.onPlay?.();
    for (let index = 0; index < spec!.completions!; index++)
      if (api.fates.get(index) !== 'none') play(played, index);
  }

  function play({ job, pods }: Played, index: number): void {
    const fate = api.fates.get(index) as Fate | undefined;
    const pod = { status: fate?.status ?? { phase: 'Running' }, said: 'last words\n' };
    pods.set(index, pod);
    if (fate) return;
    const { command, env } = job.spec!.template.spec!.containers[0]!;
    const tmp = join(dir, `${job.metadata!.name}-${index}`);
    mkdirSync(tmp);
    const [program, ...words] = command!.map((word) => word.replace(/^\/tmp\b/, tmp));
    const child = spawn(program!, words, {
      cwd: dir,
      env: {
        ...Object.fromEntries(env!.map(({ name, value }) => [name, value])),
        PATH: [dir, process.env['PATH']].join(delimiter),
        JOB_COMPLETION_INDEX: String(index),
      },
    });
    Object.assign(pod, { child });
    for (const out of [child.stdout, child.stderr])
      out.on('data', (said) => void (pod.said += String(said)));
    child.once('exit', (code) => {
      const terminated = { exitCode: code ?? 137, reason: code === 0 ? 'Completed' : 'Error' };
      const phase = code === 0 ? 'Succeeded' : 'Failed';
      const container = { name: 'shard', state: { terminated } };
      pod.status = { phase, containerStatuses: [container as never] };
    });
  }

  const listPods = (name: string): V1Pod[] =>
    [...(jobs.get(name)?.pods ?? [])].map(([index, { status }]) => ({
      metadata: {
        name: `${name}-${index}-abcde`,
        annotations: { 'batch.kubernetes.io/job-completion-index': String(index) },
        ...pickDeletion(api.fates.get(index)),
      },
      spec: { nodeName: `node-${index + 1}`, containers: [] },
      status,
    }));

  const findPod = (name: string) => {
    const [, job = '', index] = /^(.*)-(\d+)-abcde$/.exec(name) ?? [];
    return jobs.get(job)?.pods.get(Number(index));
  };

  function remove(name: string): boolean {
    for (const { child } of jobs.get(name)?.pods.values() ?? []) child?.kill('SIGTERM');
    return jobs.delete(name);
  }
  return api;
}

const pickDeletion = (fate: Fate | 'none' | undefined) =>
  typeof fate === 'object' && fate.deletionTimestamp
    ? { deletionTimestamp: fate.deletionTimestamp }
    : {};

const refuse = (code: number, message: string): readonly [number, unknown] => [
  code,
  { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message },
];

function writeConfig(dir: string, port: number): string {
  const file = join(dir, 'kubeconfig');
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'me', user: { token: TOKEN } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'me', namespace: NAMESPACE } }],
    'current-context': 'test',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
