// A second node of a Docker Swarm on this machine: an engine in network, process and host-name
// namespaces of its own, on a cable to this one. It vanishes as a machine does that loses its power.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { docker } from './swarm.ts';

export const NODE_NAME = 'ecran-noir-n2';
/** Addresses of the two. */
export const MANAGER = '198.18.200.1';
export const MANAGER_PORT = `${MANAGER}:2377`;
const WORKER = '198.18.200.2';
const CABLE = ['ecran-noir-c1', 'ecran-noir-c2'] as const;
const CGROUP = 'ecran-noir-n2';

export interface SwarmNode extends AsyncDisposable {
  /** Brings an image of this machine to the node. */
  readonly load: (image: string) => Promise<unknown>;
  /** Ends the engine and all its containers at once. */
  readonly vanish: () => Promise<unknown>;
}

/** Gives this machine the address that a swarm begins at; it stays when the node and its cable go. */
export async function openManagerAddress(): Promise<AsyncDisposable> {
  const address = (verb: string) => execa('ip', ['addr', verb, `${MANAGER}/32`, 'dev', 'lo']);
  await address('add');
  return { [Symbol.asyncDispose]: () => address('del').then(() => undefined) };
}

async function layCable(): Promise<void> {
  const [here, there] = CABLE;
  await execa('ip', ['link', 'add', here, 'type', 'veth', 'peer', 'name', there]);
  await execa('ip', ['link', 'set', here, 'up']);
  await execa('ip', ['route', 'add', `${WORKER}/32`, 'dev', here, 'src', MANAGER]);
}

/** Starts an engine at the other end of a cable and lets it join the swarm of this one. */
export async function startSwarmNode(): Promise<SwarmNode> {
  const dir = mkdtempSync(join(tmpdir(), 'ecran-noir-node-'));
  const socket = `unix://${dir}/docker.sock`;
  const engine = [
    ...['dockerd', '-H', socket, '--data-root', `${dir}/data`, '--exec-root', `${dir}/run`],
    ...['--pidfile', `${dir}/pid`, '--bip', '198.18.201.1/24', '--cgroup-parent', `/${CGROUP}`],
  ];
  const script = `
hostname ${NODE_NAME}
ip link set lo up
until ip link set ${CABLE[1]} up 2>/dev/null; do sleep 0.1; done
ip addr add ${WORKER}/32 dev ${CABLE[1]}
ip route add ${MANAGER}/32 dev ${CABLE[1]}
exec ${engine.join(' ')}
`;
  const namespaces = ['--net', '--pid', '--uts', '--mount', '--fork', '--kill-child'];
  const unshare = spawn('unshare', [...namespaces, '--mount-proc', 'sh', '-c', script], {
    stdio: 'ignore',
  });
  const vanish = async () => {
    if (unshare.exitCode !== null || unshare.signalCode !== null) return;
    const gone = once(unshare, 'exit');
    unshare.kill('SIGKILL');
    await gone;
  };
  const call = (...args: string[]) => execa('docker', ['-H', socket, ...args], { timeout: 60_000 });
  const end = async () => {
    await vanish();
    const left = ['/sys/fs/cgroup', '-depth', '-path', `*/${CGROUP}*`, '-type', 'd', '-delete'];
    await execa('find', left, { reject: false });
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  const joinSwarm = async () => {
    await layCable();
    const init = await until(async () =>
      readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8').trim(),
    );
    await execa('ip', ['link', 'set', CABLE[1], 'netns', init]);
    await until(async () => (await call('version', '--format', '{{.Server.Version}}')).stdout);
    const token = await docker('swarm', 'join-token', '--quiet', 'worker');
    await call('swarm', 'join', '--token', token, MANAGER_PORT);
  };
  await joinSwarm().catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return {
    load: (image) =>
      execa('docker', ['save', image], { buffer: false }).pipe('docker', ['-H', socket, 'load']),
    vanish,
    [Symbol.asyncDispose]: end,
  };
}

/** Asks until there is an answer, for half a minute. */
async function until(ask: () => Promise<string>): Promise<string> {
  const endMs = Date.now() + 30_000;
  for (;;) {
    const answer = await ask().catch(() => '');
    if (answer !== '') return answer;
    if (Date.now() > endMs) throw new Error('the second engine did not come up');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
