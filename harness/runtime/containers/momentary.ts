// A container of a moment: one command of one of our images, without rights, and what it said. It
// carries the labels of the run like every other, in case we die in that moment.

import { textOfLog, type EngineApi } from './engine.ts';
import type { RunNetwork } from './runNetwork.ts';

export interface Momentary {
  readonly network: Pick<RunNetwork, 'engine' | 'labels'>;
  readonly image: string;
  /** The name for its labels. */
  readonly instance: string;
  readonly command: readonly [program: string, ...rest: string[]];
  readonly user?: string;
  /** The part of the host that it gets; nothing when absent, not even a network. */
  readonly host?: HostConfig;
}

type HostConfig = NonNullable<Parameters<EngineApi['createContainer']>[0]['HostConfig']>;

export interface MomentaryEnd {
  readonly code: number;
  readonly said: string;
}

/** Not bounded by itself: the caller knows how long a moment is. */
export async function runForAMoment(momentary: Momentary): Promise<MomentaryEnd> {
  const { network, image, instance, command, user, host } = momentary;
  const [program, ...rest] = command;
  const container = await network.engine.api.createContainer({
    Image: image,
    Labels: { ...network.labels(instance) },
    Entrypoint: [program],
    Cmd: rest,
    ...(user === undefined ? {} : { User: user }),
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      ...host,
    },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    return {
      code: StatusCode,
      said: textOfLog(await container.logs({ stdout: true, stderr: true })),
    };
  } finally {
    await container.remove({ force: true });
  }
}
