// A Slurm of its own on this machine: one controller and two nodes, as Debian's packages bring them,
// with a munge of its own. Needs root; what is not installed is installed first.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const PACKAGES = ['slurmctld', 'slurmd', 'slurm-client', 'munge'];
const MINUTE_MS = 60_000;
/** Slurm knows machines by the first part of their names. */
const HOST = hostname().split('.')[0]!;

/** Undefined where Slurm can be run. */
export const cannotRunSlurm: string | undefined =
  process.getuid?.() !== 0
    ? 'only root can start nodes'
    : ['/usr/sbin/slurmctld', '/usr/bin/apt-get'].some((file) => existsSync(file))
      ? undefined
      : 'Slurm is not installed';

export interface TestSlurm extends AsyncDisposable {
  /** For those who call `sbatch` and the others. */
  readonly env: Readonly<Record<string, string>>;
  readonly call: (program: string, ...args: string[]) => Promise<string>;
}

async function install(): Promise<void> {
  if (existsSync('/usr/sbin/slurmctld') && existsSync('/usr/sbin/munged')) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => execa('apt-get', args, { env, timeout: 3 * MINUTE_MS });
  await apt('update', '-qq');
  await apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES);
}

/** Both nodes are idle; end it in the end. */
export async function startSlurm(): Promise<TestSlurm> {
  await install();
  const dir = await mkdtemp(join(tmpdir(), 'ecran-noir-slurm-'));
  for (const name of ['state', 'n1', 'n2']) await mkdir(join(dir, name));
  const conf = join(dir, 'slurm.conf');
  await writeFile(conf, configuration(dir, await freePorts(3)));
  const key = join(dir, 'munge.key');
  await writeFile(key, 'k'.repeat(128), { mode: 0o600 });
  const env = { SLURM_CONF: conf };
  const munge = ['pid', 'log', 'seed', 'socket'].map((name) => `--${name}-file=${dir}/m.${name}`);
  const programs = [
    start('/usr/sbin/munged', [
      ...['--foreground', '--force', `--key-file=${key}`],
      ...munge.map((word) => word.replace('--socket-file', '--socket')),
    ]),
    start('/usr/sbin/slurmctld', ['-D', '-f', conf]),
    ...['n1', 'n2'].map((node) => start('/usr/sbin/slurmd', ['-D', '-f', conf, '-N', node])),
  ];
  const call = async (program: string, ...args: string[]) =>
    (await execa(program, args, { env, timeout: MINUTE_MS, reject: false })).stdout;
  const isIdle = async () => (await call('sinfo', '-h', '-o', '%t %D')) === 'idle 2';
  const waitIdle = async (forMs: number) => {
    const until = Date.now() + forMs;
    while (Date.now() < until) if (await isIdle()) return true;
    return false;
  };
  const end = async () => {
    // A task that was just cancelled tells the controller of its end again and again.
    await waitIdle(MINUTE_MS / 2);
    await Promise.all(programs.toReversed().map(stop));
    await rm(dir, { recursive: true, force: true });
  };
  if (!(await waitIdle(MINUTE_MS))) {
    const said = await call('sinfo');
    await end();
    throw new Error(`Slurm did not come up: ${said}`);
  }
  return { env, call, [Symbol.asyncDispose]: end };
}

const start = (program: string, args: readonly string[]): ChildProcess =>
  spawn(program, args, { stdio: 'ignore' });

const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((each) => new Promise((done) => each.once('listening', done))));
  const ports = servers.map((each) => (each.address() as AddressInfo).port);
  await Promise.all(servers.map((each) => new Promise((done) => each.close(done))));
  return ports;
}

const configuration = (dir: string, [controller, ...nodes]: readonly number[]) => `
ClusterName=test
SlurmctldHost=${HOST}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=${dir}/m.socket
CredType=cred/munge
SlurmUser=root
SlurmctldPort=${controller}
SlurmctldPidFile=${dir}/controller.pid
SlurmdPidFile=${dir}/%n.pid
SlurmdSpoolDir=${dir}/%n
StateSaveLocation=${dir}/state
SlurmctldLogFile=${dir}/controller.log
SlurmdLogFile=${dir}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
${nodes.map((port, at) => `NodeName=n${at + 1} NodeHostname=${HOST} NodeAddr=127.0.0.1 Port=${port} CPUs=1 RealMemory=64000 State=UNKNOWN`).join('\n')}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
