// A Docker Swarm of this machine's engine, on loopback alone.

import { execa } from 'execa';

/** The standard output of `docker`. */
export const docker = async (...args: string[]): Promise<string> =>
  (await execa('docker', args, { timeout: 60_000 })).stdout;

const info = await execa('docker', ['info', '--format', '{{.Swarm.LocalNodeState}}'], {
  reject: false,
});

/** Undefined where a swarm can be started. */
export const cannotRunSwarm: string | undefined =
  info.failed || info.stdout === ''
    ? 'no container engine answers'
    : info.stdout === 'inactive'
      ? undefined
      : 'this engine is in a swarm already';

/** Leaves nothing behind in the end: neither the swarm nor the bridge that the engine made for it. */
export async function startSwarm(at = '127.0.0.1:0'): Promise<AsyncDisposable> {
  const networks = await docker('network', 'ls', '--format', '{{.Name}}');
  const own = ['--advertise-addr', at.split(':')[0]!, '--listen-addr', at];
  await docker('swarm', 'init', ...own);
  return {
    [Symbol.asyncDispose]: async () => {
      await docker('swarm', 'leave', '--force');
      if (!/^docker_gwbridge$/m.test(networks))
        await execa('docker', ['network', 'rm', 'docker_gwbridge'], { reject: false });
    },
  };
}
